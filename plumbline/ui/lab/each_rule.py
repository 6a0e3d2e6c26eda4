"""What each rule of the draft does alone: the draft without it, old figure -> new figure; rules without an effect are folded."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.definition import Definition
from plumbline.replay.kernel import NEVER
from plumbline.simulation.rules import Effect, Effects, Handed, each_rule, moved
from plumbline.simulation.run import Settings
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, leads_table, text
from plumbline.ui.lab import can_tell, desk
from plumbline.ui.lab.can_tell import EVERYTHING, CanTell
from plumbline.ui.lab.rule_form import PARTS, rule_words

_SHOWN = 200
_ROOM = 27  # characters of a rule that fit on one line of the table
_WIDTHS = {"Without": 182, "Handed over": 95, "Accepted": 172, "SQLs a month": 98, "Opportunities a month": 98, "Won deals a month": 98}


def show(draft: Definition, settings: Settings) -> None:
    """The table of the rules that do something, the leads behind the one that is picked, then the rules that do nothing."""
    period, can = Settings(settings.since, settings.until), can_tell.of_history()
    found = _each_rule(data.content(), repr(draft), draft, period)
    doing = sorted((one for one in found.rules if one.changes), key=lambda one: -(one.joins + one.leaves))
    idle = [one for one in found.rules if not one.changes]
    text.chart_title(
        title(len(found.rules), len(idle)),
        f"The draft without one rule at a time; with all of them {figures(found.draft, can)}. In brackets 95 % intervals.",
    )
    if doing:
        rows = table(draft, found, doing, can)
        is_long = rows["Without"].str.len_chars().max() > _ROOM
        picked = st.dataframe(
            rows,
            hide_index=True,
            width="stretch",
            height="content" if len(doing) < (8 if is_long else 12) else 460,
            row_height=66 if is_long else None,
            column_config={name: st.column_config.Column(width=width) for name, width in _WIDTHS.items()},
            on_select="rerun",
            selection_mode="single-row",
            alt="The draft without each of its rules",
            key=f"lab.each.{desk.version()}",
        ).selection.rows
        text.note("Pick a rule to see the leads that it moves.")
        if picked and picked[0] < len(doing):
            _leads(draft, doing[picked[0]], period)
    if idle:
        with st.expander("Rules that change nothing"):
            rows = [{"Part": PARTS[one.part], "Rule": rule_words(getattr(draft, one.part)[one.place])} for one in idle]
            st.dataframe(pl.DataFrame(rows), hide_index=True, width="stretch", key="lab.each.idle", alt="Rules that change nothing in this period")


def _leads(draft: Definition, effect: Effect, period: Settings) -> None:
    found = moved(draft, effect.part, effect.place, desk.stage(), period)
    told = f"without {rule_words(getattr(draft, effect.part)[effect.place])}: {wording.count(effect.joins)} new, {wording.count(effect.leaves)} gone"
    text.subheading([text.Bold(wording.plural(len(found.leads), "lead")), f" · {told}"])

    def rows(most: int | None) -> pl.DataFrame:
        numbers = desk.stage().facts.events.lead_no[found.leads[:most]]
        order = pl.DataFrame({"lead_no": numbers, "draft_at": _when(found.draft_at[:most]), "other_at": _when(found.other_at[:most])})
        return order.join(data.screen("leads_by_number", lead_nos=numbers.tolist()), on="lead_no", how="left", maintain_order="left").drop("lead_no")

    if len(found.leads) > _SHOWN:
        text.note(f"The latest {_SHOWN} are shown; the download holds all.")
    leads_table.table(rows(_SHOWN), "lab.each.leads", lambda: rows(None))


def _when(micros: np.ndarray) -> pl.Series:
    return pl.Series(micros).set(pl.Series(micros == NEVER), None).cast(pl.Datetime("us"))


@st.cache_resource(max_entries=20, show_spinner=False)
def _each_rule(snapshot: str, told: str, _draft: Definition, settings: Settings) -> Effects:
    return each_rule(_draft, desk.stage(), settings)


def title(rules: int, idle: int) -> str:
    """'3 of 18 rules change nothing'."""
    if rules == 1:
        return "The one rule changes nothing" if idle else "The one rule decides who is handed over"
    if not idle:
        return "Every rule changes who is handed over"
    if idle == rules:
        return "No rule changes anything alone"
    return f"{wording.count(idle)} of {wording.count(rules)} rules {'changes' if idle == 1 else 'change'} nothing"


def figures(found: Handed, can: CanTell = EVERYTHING) -> str:
    """'795 leads, 47 % of 757 accepted, 31.3 SQLs a month'."""
    accepted = f"{wording.share_of(found.accepted, found.judged)} accepted" if found.judged else "none old enough to judge"
    said = [wording.plural(found.leads, "lead"), *([accepted] if can.acceptance else [])]
    return ", ".join([*said, *([f"{wording.decimal(found.sqls_per_month)} {can.sqls} a month"] if can.times and can.sqls else [])])


def table(draft: Definition, found: Effects, listed: list[Effect], can: CanTell = EVERYTHING) -> pl.DataFrame:
    """One row a rule: old -> new, old alone where both read alike; in brackets the 95 % interval of the new."""
    rows = [
        {
            "Without": rule_words(getattr(draft, one.part)[one.place]),
            "Handed over": arrow(wording.count(found.draft.leads), wording.count(one.after.leads)),
            **({"Accepted": arrow(_share(found.draft), _share(one.after)) + _interval(one.after)} if can.acceptance else {}),
            **({f"{wording.words(can.sqls)} a month": _a_month(found.draft, one.after)} if can.times and can.sqls else {}),
        }
        for one in listed
    ]
    return pl.DataFrame(rows)


def _a_month(before: Handed, after: Handed) -> str:
    return arrow(wording.decimal(before.sqls_per_month), wording.decimal(after.sqls_per_month))


def arrow(old: str, new: str) -> str:
    """'47 % → 49 %'."""
    return old if old == new else f"{old} → {new}"


def _share(found: Handed) -> str:
    return wording.share(found.acceptance) if found.judged >= MINIMUM_N else wording.TOO_FEW


def _interval(found: Handed) -> str:
    if found.judged < MINIMUM_N or found.interval is None:
        return ""
    low, high = found.interval
    return f" ({wording.share(low).removesuffix(' %')} to {wording.share(high)})"
