"""The minutes of a week as a value: nothing but texts and numbers, so that HTML and PPTX say the same, and so that they can be frozen.

plumbline/reports/of_week.py makes it. `to_json` and `from_json` are each other's inverse.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

FORMAT = 1  # of the frozen value; another one is not read as if it were this


@dataclass(frozen=True)
class Run:
    """A piece of a sentence."""

    text: str
    is_bold: bool = False


@dataclass(frozen=True)
class Point:
    """One week of a trend. label: '9 Nov', its Monday; value: a share, or a number of leads; None: nothing to judge. status: of the row.

    goal: what was promised for the week, as a number.
    """

    label: str
    value: float | None
    status: str
    n: int
    goal: float = 0.0


@dataclass(frozen=True)
class PromiseLine:
    """One promise. actual: '84 %'; counts: '31 of 37'; verdict: in words; quarter: so far, '' where there is none.

    is_share: the values are shares, else numbers of leads. status, n, met: of the week, by which later numbers are compared.
    """

    kind: str
    side: str
    title: str
    target: str
    sentence: str
    actual: str
    counts: str
    verdict: str
    quarter: str
    is_share: bool
    status: str
    n: int
    met: int
    trend: tuple[Point, ...]


@dataclass(frozen=True)
class ChangeLine:
    """One figure. sentence: of words/changes; now, before: as they are read."""

    name: str
    now: str
    before: str
    sentence: str
    is_told: bool


@dataclass(frozen=True)
class LeakLine:
    """One leak. key: as the address of the Leaks screen says it; actions: who took it up."""

    key: str
    named: str
    lost: str
    rates: str
    cause: str
    side: str
    actions: str


@dataclass(frozen=True)
class Count:
    """A number under a name; before: of the weeks before, in words, '' where nothing is compared."""

    name: str
    n: int
    before: str = ""


@dataclass(frozen=True)
class WinLine:
    company: str
    source: str
    rep: str
    amount: str
    day: str


@dataclass(frozen=True)
class ActionLine:
    """group: new, carried, settled. state: 'open', 'overdue', 'done', 'dropped'. helped: a sentence, or why it is not said."""

    group: str
    text: str
    owner: str
    due: str
    about: str
    state: str
    note: str
    helped: str


@dataclass(frozen=True)
class NoteLine:
    step: str
    text: str


@dataclass(frozen=True)
class Section:
    """What a step says first, in one sentence, and quieter sentences under it."""

    headline: tuple[Run, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Minutes:
    """Everything. week: '2026-W46'; days: 'Mon 9 - Sun 15 Nov 2026'. history: content of the history that the numbers are of.

    held: who held the meeting when, or that none was held. behind: lines on what the numbers rest on (agreement, data, snapshot, log).
    """

    week: str
    days: str
    is_sample: bool
    verdict: tuple[Run, ...]
    promises: tuple[PromiseLine, ...]
    of_promises: Section
    changes: tuple[ChangeLine, ...]
    of_changes: Section
    leaks: tuple[LeakLine, ...]
    of_leaks: Section
    calls: tuple[Count, ...]
    of_calls: Section
    rejections: tuple[Count, ...]
    of_rejections: Section
    wins: tuple[WinLine, ...]
    of_wins: Section
    actions: tuple[ActionLine, ...]
    of_actions: Section
    notes: tuple[NoteLine, ...]
    held: tuple[str, ...]
    not_recorded: tuple[str, ...]
    behind: tuple[str, ...]
    history: str

    def of_side(self, side: str) -> tuple[PromiseLine, ...]:
        return tuple(one for one in self.promises if one.side == side)

    def of_group(self, group: str) -> tuple[ActionLine, ...]:
        return tuple(one for one in self.actions if one.group == group)


def words(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def to_json(minutes: Minutes) -> str:
    return json.dumps({"format": FORMAT, **asdict(minutes)}, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Minutes:
    """Raises ValueError for what to_json did not write."""
    told = json.loads(text)
    if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
        raise ValueError("not minutes of this format")
    return _read(Minutes, told)


def _read(kind: Any, told: Any) -> Any:
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        if not isinstance(told, dict) or set(told) != set(hints):
            raise ValueError(f"no {kind.__name__}")
        return kind(**{field.name: _read(hints[field.name], told[field.name]) for field in fields(kind)})
    if get_origin(kind) is tuple:
        if not isinstance(told, list):
            raise ValueError("no list")
        return tuple(_read(get_args(kind)[0], one) for one in told)
    if isinstance(kind, UnionType):
        return None if told is None else _read(next(one for one in get_args(kind) if one is not type(None)), told)
    if kind is float and type(told) is int:
        return float(told)
    if type(told) is not kind:
        raise ValueError(f"{told!r} is no {kind.__name__}")
    return told
