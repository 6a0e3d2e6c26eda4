"""What lies on the desk of the lab: the draft, and the terms on which it is judged. In the session while edited, in the address to be shared."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import streamlit as st

from plumbline.clock import monday
from plumbline.definition import Definition, FieldRule, parse, to_yaml
from plumbline.definition.check import check
from plumbline.definition.presets import USUAL_FIELDS
from plumbline.errors import InputError
from plumbline.history.schema import KNOWN_ATTRIBUTES
from plumbline.simulation.rules import period as period_of
from plumbline.simulation.run import Ground, Settings
from plumbline.simulation.starts import known_beforehand
from plumbline.simulation.starts import starts as offered
from plumbline.ui import data, filter_bar, foretelling

_DRAFT, _TERMS, _VERSION, _TOLD, REFUSAL = "lab.draft", "lab.terms", "lab.version", "lab.told", "lab.refusal"
_MOST_SHARED = 6000  # characters of an address that every browser and proxy takes
_UNFINISHED = "0."  # before the token of a draft that nothing qualifies yet
_MATURE = timedelta(days=14 + 45)
PERIODS = {"26w": "26 weeks", "52w": "52 weeks", "104w": "104 weeks"}
_USUAL = "52w"


@dataclass(frozen=True)
class Terms:
    """`span`: one of PERIODS; `base`: what the draft is held against (None: what happened); `quota` per quarter; `capacity` per rep and week."""

    span: str = _USUAL
    base: Definition | None = None
    quota: float | None = None
    capacity: float | None = None


def stage() -> Ground:
    """The history in memory, ready for replays; shared by all viewers. Raises HistoryError."""
    return data.workspace().stage()


@st.cache_resource(max_entries=4, show_spinner=False)
def _starts(snapshot: str, without: tuple[str, ...]) -> dict[str, Definition]:
    ground_ = stage()
    usual = period(int(_USUAL.removesuffix("w")))
    within = None if usual is None else period_of(ground_, Settings(usual.since, usual.until))
    return offered(ground_.facts, data.field_options(), within)


def starts() -> dict[str, Definition]:
    """Definitions to start from: of what this history holds, and that hand over somebody."""
    return _starts(data.content(), foretelling.key())


def why_no_start() -> str:
    """Why none of the usual definitions is offered, as a sentence without its full stop."""
    known = known_beforehand(stage().facts)
    if not known.activities and not set(known.fields) & USUAL_FIELDS:
        return "it has no act and none of the usual fields"
    return "with the acts and fields it has, none of the usual definitions would hand over a lead"


def arrive() -> None:
    """Once per visit, not at each change: takes up what the address holds, where this session did not write it itself."""
    told = {name: st.query_params.get(name, "") for name in ("draft", "base", "span", "quota", "capacity")}
    if _DRAFT not in st.session_state:
        st.session_state[_DRAFT] = next(iter(starts().values()), Definition())
    elif not told["draft"] or told == st.session_state.get(_TOLD):
        return
    if found := _unpacked(told["draft"]):
        put(found)
    spans = {words: name for name, words in PERIODS.items()}
    st.session_state[_TERMS] = Terms(
        spans.get(told["span"], _USUAL), _unpacked(told["base"]), *(_positive(told[name]) for name in ("quota", "capacity"))
    )


def draft() -> Definition:
    """The draft on the desk."""
    return st.session_state[_DRAFT]


def terms() -> Terms:
    """What it is judged on, and against."""
    return st.session_state.get(_TERMS, Terms())


def put(definition: Definition) -> None:
    """Lays another draft on the desk: the editor forgets what it showed."""
    st.session_state[_DRAFT] = definition
    st.session_state[_VERSION] = version() + 1


def move(definition: Definition) -> None:
    """A dial moved: the draft changes, the widgets stay as they are."""
    st.session_state[_DRAFT] = definition


def agree(terms_: Terms) -> None:
    """Other terms."""
    st.session_state[_TERMS] = terms_


def tell() -> None:
    """Writes the desk into the address: whoever opens it sees the same."""
    now = terms()
    wanted = {
        "draft": packed(draft()),
        "base": packed(now.base) if now.base else "",
        "span": PERIODS[now.span] if now.span != _USUAL else "",
        "quota": f"{now.quota:g}" if now.quota else "",
        "capacity": f"{now.capacity:g}" if now.capacity else "",
    }
    for name, value in wanted.items():
        if st.query_params.get(name, "") != value:
            if value:
                st.query_params[name] = value
            else:
                st.query_params.pop(name, None)
    st.session_state[_TOLD] = wanted


def version() -> int:
    """Grows with every change by more than a dial: keys of widgets that must forget what they showed."""
    return st.session_state.get(_VERSION, 0)


def is_unfinished(definition: Definition) -> bool:
    """Whether nothing qualifies a lead: no rule, or only such that bar one."""
    return not (definition.fit or definition.behaviour or definition.criteria or definition.points)


def packed(definition: Definition) -> str:
    """The definition as a piece of an address; empty where it is too long for one."""
    before, told = "", definition
    if is_unfinished(definition):  # no text says it: a rule is lent to it on the way
        before, told = _UNFINISHED, replace(definition, fit=(FieldRule("lent", "present"),))
    token = before + base64.urlsafe_b64encode(zlib.compress(to_yaml(told).encode(), 9)).decode().rstrip("=")
    return token if len(token) <= _MOST_SHARED else ""


def _unpacked(token: str) -> Definition | None:
    """The definition of a token; None, and a refusal for the screen, where it cannot be read."""
    if not token:
        return None
    is_lent = token.startswith(_UNFINISHED)
    token = token[:_MOST_SHARED].removeprefix(_UNFINISHED)
    try:
        text = zlib.decompressobj().decompress(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), 200_000).decode()
        found = parse(text, "the shared draft")
        return replace(found, fit=()) if is_lent else found
    except (ValueError, zlib.error):
        st.session_state[REFUSAL] = "The address holds no draft that can be read; it was left out."
    except InputError as refusal:
        st.session_state[REFUSAL] = refusal.one_line
    return None


def _positive(told: str) -> float | None:
    try:
        value = float(told)
    except ValueError:
        return None
    return value if 0 < value < 1e9 else None


def notes(definition: Definition, where: str = "the draft") -> list[str]:
    """What this history cannot tell about the definition, each a sentence. Raises InputError for a name that it lacks."""
    return check(definition, stage().facts.known(), KNOWN_ATTRIBUTES, where)


@dataclass(frozen=True)
class Period:
    """[since, until): days of the organisation's zone. `is_young`: no lead of the history is old enough to be judged."""

    since: date
    until: date
    is_young: bool
    is_cut: bool  # fewer weeks than were asked for: the history begins later


def period(weeks: int) -> Period | None:
    """The latest `weeks` whole weeks whose leads are old enough to have become SQL; the whole record where none is. None without a lead."""
    created = stage().facts.events.created
    if not len(created):
        return None
    first = monday(filter_bar.local_day(datetime(1970, 1, 1) + timedelta(microseconds=int(created.min()))))
    last = filter_bar.last_day() + timedelta(days=1)
    until = monday(last - timedelta(days=1) - _MATURE)
    if until <= first:
        return Period(min(first, last - timedelta(days=1)), last, True, False)
    return Period(max(first, until - timedelta(weeks=weeks)), until, False, first > until - timedelta(weeks=weeks))


def settings(found: Period) -> Settings:
    """What a simulation on the desk's terms is asked."""
    now = terms()
    return Settings(found.since, found.until, now.quota, now.capacity)


def at_hand() -> Definition | None:
    """The draft of this visit, for screens outside the lab: the one in the address, else the one on the desk; None where there is neither."""
    return _unpacked(st.query_params.get("draft", "")) or st.session_state.get(_DRAFT)
