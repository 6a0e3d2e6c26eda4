"""What the leads of a leak have in common: the marks they carry, beside those that went on where the two can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.definition import Definition
from plumbline.leaks.caught import Passes, caught
from plumbline.leaks.ranked import STEPS
from plumbline.leaks.ranking import Leak
from plumbline.statistics import MINIMUM_N
from plumbline.statistics.differences import difference, share_of
from plumbline.ui import agreed, data, on_record, text
from plumbline.ui.lab import desk
from plumbline.ui.leaks import lists
from plumbline.ui.leaks.ground import STAGES, Scene
from plumbline.ui.speed import reps

USUAL = {"hand_over_hours": 24, "touch_hours": 24, "stale_days": 14}  # where no version in force promises another
_WIDTHS = (290, 130, 130, 110)  # of the columns, in pixels
STATES = ("status_stale", "over_60_days")  # only leads that are still open can have these: told last, and compared with nobody
OF_TIME = ("late_hand_over", "late_first_touch", "overloaded_rep", *STATES)  # marks that ask when something was
_APART, _ON = "Apart, in points", "Of those that went on"


def named(flag: str, cap: int, limits_: Mapping[str, float] | None = None) -> str:
    """A mark in words, with its limit. limits_: as `limits` gives them; None: the usual ones."""
    asked = USUAL | dict(limits_ or {})
    return {
        "untouched": "nobody tried to reach them until then",
        "late_hand_over": f"handed over later than {_hours(asked['hand_over_hours'])} after the MQL, or never",
        "late_first_touch": f"not tried within {_hours(asked['touch_hours'])} of the hand-over",
        "overloaded_rep": f"given to a rep with more than {wording.count(cap)} open leads",
        "status_stale": f"open, no change of stage for {wording.plural(asked['stale_days'], 'day')}",
        "over_60_days": "open, no touch for over 60 days",
        "missing_required_field": "a field that the definition requires was not known",
        "did_not_meet_definition": "did not meet the definition",
    }[flag]


def _hours(hours: float) -> str:
    return f"{hours:g} h" if hours >= 1 else f"{hours * 60:g} min"


def limits() -> dict[str, float]:
    """The limits of the marks, as the metrics take them: those of the version in force where it promises them by the clock, else the usual ones."""
    now = agreed.now()
    told = {"hand_over_hours": now.hours("hand_over"), "touch_hours": now.hours("first_touch")} if now else {}
    days = now.hours("status") if now else None
    told["stale_days"] = days / 24 if days else None
    return USUAL | {name: value for name, value in told.items() if value} | {"cap": reps.cap_now()}


def promised() -> str:
    """'The limits of Q1 2027: handed over within 4 h.'; '' where no version in force sets one."""
    now, asked = agreed.now(), limits()
    kinds = (("hand_over", f"handed over within {_hours(asked['hand_over_hours'])}"), ("first_touch", f"tried within {_hours(asked['touch_hours'])}"),
             ("status", f"no stage older than {wording.plural(asked['stale_days'], 'day')}"))  # fmt: skip
    told = [words for kind, words in kinds if now and now.hours(kind)]
    if now and now.open_leads:
        told.append(f"{wording.count(now.open_leads)} open leads a rep")
    return f" Limits as promised in {now.name}: {wording.listing(told)}." if told else ""


def flags_known(flags: pl.Expr) -> pl.Expr:
    """The marks of a lead (names, ', ' between) without those that ask when something was, where all stands at one instant."""
    if not on_record.is_one_instant():
        return flags
    return flags.str.split(", ").list.eval(pl.element().filter(~pl.element().is_in(OF_TIME))).list.join(", ")


def show(scene: Scene, leak: Leak, definition: Definition | None) -> int:
    """A table of marks, the most frequent first, those of leads that are still open last. Returns how many leads old enough leaked."""
    asked = {**scene.parameters, **limits(), "step": STAGES[STEPS[leak.step - 1]]}
    rows = data.metric("leaks/marked", scene.of(leak), **asked)
    if on_record.is_one_instant():
        rows = rows.drop(*OF_TIME)
    if definition is not None:
        rows = rows.with_columns(**_by_definition(definition, rows))
    told = table(rows, reps.cap_now(), limits())
    leaked, on = int((~rows["went_on"]).sum()), int(rows["went_on"].sum())
    if told.is_empty():
        return leaked
    text.chart_title(
        title(told, leaked),
        f"Of {wording.plural(leaked, 'lead')} old enough that leaked here, beside {wording.count(on)} of the same segment that "
        f"{scene.steps.who(leak.step)[3]} in time. A lead may carry several marks. What only open leads can have is not compared. "
        f"Associations, not causes.{promised()}",
    )
    st.dataframe(
        lists.greyed(told.drop("is_thin", "is_apart"), told["is_thin"]),
        hide_index=True,
        width="stretch",
        key="leak.marks",
        alt=title(told, leaked),
        placeholder="",
        column_config={name: st.column_config.TextColumn(width=width) for name, width in zip(told.columns, _WIDTHS, strict=False)},
    )
    return leaked


def table(rows: pl.DataFrame, cap: int, limits_: Mapping[str, float] | None = None) -> pl.DataFrame:
    """Mark, its share among those that leaked and those that went on, how far they are apart, is_thin, is_apart (more of those that leaked, beyond
    chance); marks that no lead carries are left out. rows: went_on and a boolean column for each mark, null where nobody can know."""
    flags: Sequence[str] = [name for name in rows.columns if name not in ("episode_no", "lead_no", "pass_no", "opened_us", "went_on")]
    leaked, on = rows.filter(~pl.col("went_on")), rows.filter(pl.col("went_on"))
    told = []
    for flag in flags:
        (k, n), (k_on, n_on) = _counted(leaked[flag]), _counted(on[flag])
        if not k:
            continue
        apart = difference(share_of(k, n), share_of(k_on, n_on)) if flag not in STATES and n_on else None
        told.append(
            {
                "Mark": named(flag, cap, limits_),
                "Of those that leaked": wording.share_of(k, n),
                _ON: wording.share_of(k_on, n_on) if apart else "not compared",
                _APART: f"{_signed(apart.value)} ({_signed(apart.low)} to {_signed(apart.high)})" if apart else "",
                "is_thin": min(n, n_on if apart else n) < MINIMUM_N,
                "is_apart": apart is not None and apart.low > 0,
                "k": k,
                "is_state": flag in STATES,
            }
        )
    texts = ("Mark", "Of those that leaked", _ON, _APART)
    kinds = dict.fromkeys(texts, pl.String) | {"is_thin": pl.Boolean, "is_apart": pl.Boolean, "k": pl.Int64, "is_state": pl.Boolean}
    return pl.DataFrame(told, schema=kinds, orient="row").sort("is_state", "k", descending=[False, True], maintain_order=True).drop("k", "is_state")


def title(told: pl.DataFrame, leaked: int) -> str:
    """'What they have in common most: nobody tried to reach them until then (62 % of 210, 50 points more than of those that went on)'; a mark is
    named only where more of those that leaked carry it than of those that went on, beyond chance."""
    few = f" · too few leads ({wording.count(leaked)}) to read much into it" if leaked < MINIMUM_N else ""
    apart = told.filter("is_apart")
    if apart.is_empty() and (told[_ON] == "not compared").all():
        return f"Marks of the leads that leaked: nobody who went on can be compared with them{few}"
    if apart.is_empty():
        return f"No mark is more common among the leads that leaked than among those that went on, beyond chance{few}"
    first = apart.row(0, named=True)
    more = f"{first[_APART].split()[0][1:]} points more than of those that went on"
    return f"What they have in common most: {first['Mark']} ({first['Of those that leaked']}, {more}){few}"


def _counted(marks: pl.Series) -> tuple[int, int]:
    """(how many carry the mark, of how many of whom it is known)."""
    return int(marks.sum() or 0), marks.len() - marks.null_count()


def _signed(value: float) -> str:
    return f"{100 * value:+.0f}".replace("-", "−")


def _by_definition(definition: Definition, rows: pl.DataFrame) -> dict[str, np.ndarray]:
    """Whether each lead failed the definition as it opened, and whether a required field was missing then."""
    facts = desk.stage().facts
    lead = np.searchsorted(facts.events.lead_no, rows["lead_no"].to_numpy())
    on = rows["went_on"].to_numpy()
    found = caught(definition, facts, Passes(lead, rows["pass_no"].to_numpy(), rows["opened_us"].to_numpy(), ~on, on))
    if not found:
        return {}
    missing = [one.mask for one in found if one.part == "required_fields"]
    told = {"did_not_meet_definition": found[0].mask}
    return told | ({"missing_required_field": np.logical_or.reduce(missing)} if missing else {})
