"""Looks at the threshold of a draft: how acceptance moves with it, and which others are worth a look."""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.definition import Definition
from plumbline.simulation.run import Simulation
from plumbline.simulation.thresholds import Heights
from plumbline.statistics import MINIMUM_N
from plumbline.ui import funnel_words, panels, text, theme
from plumbline.ui.lab import can_tell
from plumbline.ui.lab.can_tell import EVERYTHING, CanTell

_DRAWN = 80


def show(draft: Definition, found: Simulation, seen: Heights, was: str) -> None:
    rows, summary = found.swept.rows, found.summary
    own = float(draft.threshold or 0)
    panels.chart(
        charts.threshold_acceptance(
            _thinned(rows, own), own, summary["acceptance"]["baseline"]["rate"], summary["acceptance"]["promised"], mode=theme.mode(), was=was
        ),
        "lab.acceptance",
        _told(rows, can_tell.of_history()),
        charts.threshold_acceptance_alt(rows, own),
        title=_acceptance_title(rows, summary["acceptance"]["promised"]),
        subtitle="Share accepted within 14 days, of the leads that each threshold hands over and whose outcome is known, and came later.",
        is_clickable=False,
        is_lazy=True,
    )


def _thinned(rows: pl.DataFrame, own: float) -> pl.DataFrame:
    """Enough of a sweep to draw it: no more points than a curve can show, the draft's own among them."""
    step = -(-rows.height // _DRAWN)
    return rows.filter((pl.int_range(pl.len()) % step == 0) | (pl.col("threshold") == own))


def _told(rows: pl.DataFrame, can: CanTell = EVERYTHING) -> pl.DataFrame:
    """The sweep as people read it."""
    return rows.select(
        pl.col("threshold").alias("Threshold"),
        pl.col("qualified").alias("Handed over"),
        pl.col("no_outcome").alias("Never offered"),
        pl.col("decided_before").alias("Decided before"),
        pl.col("judged").alias("Outcome known"),
        pl.col("is_accepted").alias("Accepted in time"),
        pl.Series("Share accepted", [wording.share(one) for one in rows["acceptance"]], pl.String),
        pl.Series("95 % interval", [_interval(*one) for one in rows.select("judged", "acceptance_low", "acceptance_high").iter_rows()], pl.String),
        *([pl.col("is_sql").alias(wording.words(can.became))] if can.sqls else []),
    )


def _interval(n: int, low: float, high: float) -> str:
    return f"{wording.share(low)} to {wording.share(high)}" if n else ""


def _acceptance_title(rows: pl.DataFrame, promised: float) -> str:
    told = rows.filter(pl.col("judged") >= MINIMUM_N)
    if told.is_empty():
        return "How does acceptance move with the threshold?"
    fails = told.filter(pl.col("acceptance_low") < promised)["threshold"].max()
    keeps = told if fails is None else told.filter(pl.col("threshold") > fails)
    if keeps.height:
        return f"From {wording.decimal(keeps['threshold'].min())} points on, those known keep the promised acceptance"
    if told["acceptance_high"].max() < promised:
        return f"No threshold here reaches the promised {wording.share(promised)}"
    return "How does acceptance move with the threshold?"


def others(draft: Definition, found: Simulation, seen: Heights, was: str) -> None:
    told = found.summary["frontier"]
    if not told:
        text.empty_state("No threshold can be compared", "Too few leads with a known outcome.")
        return
    tried = found.summary["validation"]
    weeks, own = max(1, found.summary["period"]["weeks"]), float(draft.threshold or 0)
    before, rows = found.summary["qualified"]["baseline"] / weeks, _thinned(found.swept.rows, own)
    panels.chart(
        charts.threshold_volume(rows, own, before, weeks, mode=theme.mode(), was=was),
        "lab.volume",
        None,
        charts.threshold_volume_alt(rows, own, weeks),
        title="How many each threshold hands over",
        subtitle=f"Leads a week, over {wording.plural(weeks, 'week')}.",
        is_clickable=False,
    )
    can = can_tell.of_history()
    if can.sqls:
        _heights(seen, own, can)
    text.chart_title(
        "Thresholds that no other beats",
        f"{tried['candidates_tried']} tried; on {wording.listing(_weighed(can))} at once, by leads whose outcome is known. "
        "Overlapping intervals are a tie.",
    )
    a_month = f"{wording.words(can.sqls)} a month"
    has_ties = any(row["is_tie_with_best"] for row in told)
    rows = pl.DataFrame(
        [
            {
                "Threshold": row["threshold"],
                "Handed over": row["load"],
                **({a_month: row["sqls_per_month"]} if can.sqls else {}),
                **({"Accepted": _accepted(row)} if can.acceptance else {}),
                "Verdict": verdict(row, has_ties, can),
            }
            for row in told
        ]
    )
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        height=330,
        column_config={
            "Threshold": st.column_config.NumberColumn(format="%g", width=76),
            "Handed over": st.column_config.NumberColumn(format="localized", width=90),
            a_month: st.column_config.NumberColumn(format="%.1f", width=98),
            "Accepted": st.column_config.Column("Accepted (95 % interval)", width=160),
        },
        key="lab.frontier",
    )
    text.subheading("Would a choice have held?")
    text.paragraph(_held(tried))


def _heights(seen: Heights, own: float, can: CanTell) -> None:
    counts = (seen.edges.tolist(), seen.sql.tolist(), seen.others.tolist())
    panels.chart(
        charts.score_heights(*counts, own, mode=theme.mode(), became=can.became_many),
        "lab.heights",
        None,
        charts.score_heights_alt(*counts, became=can.became_many),
        title=_heights_title(seen, can),
        subtitle="Highest score of each lead up to its hand-over, while it met the rest of the draft; each curve adds up to 100 %. "
        "Only leads that were offered to sales.",
        is_clickable=False,
    )


def _accepted(row: dict) -> str:
    return f"{wording.share(row['acceptance'])} ({_interval(1, row['acceptance_low'], row['acceptance_high'])})".replace(" % to", " to")


def _weighed(can: CanTell) -> list[str]:
    return [*([can.sqls] if can.sqls else []), "load", *(["acceptance"] if can.acceptance else [])]


def verdict(row: dict, has_ties: bool, can: CanTell = EVERYTHING) -> str:
    """What is said of a threshold of the frontier; where others cannot be told apart from the best, none is called so."""
    if row["missed"]:
        return "misses " + " and ".join(row["missed"])
    if row["is_best"]:
        return f"keeps all promises, most {can.sqls or 'leads'}; others tie" if has_ties else "best that keeps all promises"
    return f"tie with the one of most {can.sqls or 'leads'}" if row["is_tie_with_best"] else "keeps all promises"


def _held(tried: dict) -> str:
    if tried["chosen_threshold"] is None:
        return "The older half of the period has too few leads with a known outcome to choose by."
    older, later = tried["older"], tried["later"]
    told = (
        f"Chosen on the older {wording.plural(tried['weeks_older'], 'week')}: a threshold of {wording.decimal(tried['chosen_threshold'])}, "
        f"the best of {tried['candidates_tried']}, with {wording.share_of(older['k'], older['n'])} accepted. "
    )
    if later["n"] < MINIMUM_N:
        return told + "The later weeks have too few leads to judge it by."
    gap = tried["optimism"]
    if gap <= 0.02:
        verdict = "It held."
    elif funnel_words.difference_interval(older["k"], older["n"], later["k"], later["n"])[0] <= 0:
        verdict = f"The {round(100 * gap)} points between them could be chance."
    else:
        verdict = f"The past flattered it by {round(100 * gap)} points: expect the later figure."
    drift = tried["drift"]
    if drift is not None and abs(drift) >= 0.02:
        way = "fell" if drift > 0 else "rose"
        verdict += f" At the lowest threshold it {way} by {round(100 * abs(drift))} points in the same weeks: that part is not the choice's."
    return told + f"In the {wording.plural(tried['weeks_later'], 'week')} after, {wording.share_of(later['k'], later['n'])} accepted. {verdict}"


def _heights_title(seen: Heights, can: CanTell = EVERYTHING) -> str:
    became = can.became_many
    if seen.area is None:
        return f"Do leads that {can.become_many} score higher?"
    if seen.is_unclear:
        return f"Too few outcomes to say whether leads that {can.become_many} score higher"
    if seen.is_reversed:
        return f"Leads that {became} scored lower than the others"
    if seen.tells_nothing:
        return f"Leads that {became} scored no higher than the others"
    chance = round(seen.area[0] * 10)
    return f"In about {chance} of 10 pairs, the lead that {can.became} scored higher than the one that did not"
