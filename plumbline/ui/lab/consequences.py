"""What the draft would have done, one closer look at a time: who moves, the threshold, weeks and load, what cannot be known."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.definition import Definition
from plumbline.simulation.run import Settings, Simulation
from plumbline.simulation.thresholds import Heights
from plumbline.statistics import MINIMUM_N
from plumbline.ui import funnel_words, on_record, panels, text, theme
from plumbline.ui.lab import can_tell, each_rule, past_wins, suggestions, swap, words

_DRAWN = 80
LOOKS = {
    "threshold": "Threshold",
    "weeks": "Weeks and load",
    "choices": "Other thresholds",
    "rules": "Each rule",
    "suggestions": "Suggestions",
    "wins": "Past wins",
    "unknown": "What nobody knows",
}


def show(draft: Definition, settings: Settings, found: Simulation, seen: Heights, against: str = "") -> None:
    """The swap-set with the leads behind it, then one closer look. against: the name of what the draft is held against; empty: what happened."""
    swap.show(found, against)
    for note in words.caveats(found, seen.tells_nothing and draft.threshold is not None, seen.is_reversed and draft.threshold is not None):
        text.note(note)
    looks = {name: label for name, label in LOOKS.items() if draft.threshold is not None or name not in ("threshold", "choices")}
    if on_record.is_one_instant():  # nothing can be told by week
        looks = {name: label for name, label in looks.items() if name not in ("weeks", "choices")}
    key = "lab.look"
    if st.session_state.get(key) not in looks:
        st.session_state[key] = next(iter(looks))
    look = st.segmented_control("Look closer", list(looks), format_func=looks.get, key=key, persist_state="session") or next(iter(looks))
    if look == "rules":
        each_rule.show(draft, settings)
    elif look == "suggestions":
        suggestions.show(draft, settings)
    elif look == "wins":
        past_wins.show(settings)
    else:
        {"threshold": _threshold, "weeks": _weeks, "choices": _choices, "unknown": _unknown}[look](draft, found, seen, words.was(against))


def _threshold(draft: Definition, found: Simulation, seen: Heights, was: str) -> None:
    rows, summary = found.swept.rows, found.summary
    own = float(draft.threshold or 0)
    panels.chart(
        charts.threshold_acceptance(
            _thinned(rows, own), own, summary["acceptance"]["baseline"]["rate"], summary["acceptance"]["promised"], mode=theme.mode(), was=was
        ),
        "lab.acceptance",
        _told(rows),
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


def _told(rows: pl.DataFrame) -> pl.DataFrame:
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
        pl.col("is_sql").alias("Became SQL"),
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


def _heights_title(seen: Heights) -> str:
    if seen.area is None:
        return "Do leads that become SQL score higher?"
    if seen.is_unclear:
        return "Too few outcomes to say whether leads that become SQL score higher"
    if seen.is_reversed:
        return "Leads that became SQL scored lower than the others"
    if seen.tells_nothing:
        return "Leads that became SQL scored no higher than the others"
    chance = round(seen.area[0] * 10)
    return f"In about {chance} of 10 pairs, the lead that became SQL scored higher than the one that did not"


def _weeks(draft: Definition, found: Simulation, seen: Heights, was: str) -> None:
    rows = pl.DataFrame(
        found.summary["per_week"],
        schema={"week": pl.Date, "baseline": pl.Int64, "definition": pl.Int64, "quota": pl.Float64, "is_whole": pl.Boolean},
    )
    quota = found.summary["quota"]
    panels.chart(
        charts.weekly_volume(rows, mode=theme.mode(), was=was),
        "lab.weeks",
        rows,
        charts.weekly_volume_alt(rows, was),
        title="Could marketing deliver the quota?" if quota else "What the draft hands over each week",
        subtitle="Leads that first meet the draft, by week; the grey line is "
        + ("the other definition." if was == "other" else "what was handed over.")
        + (" Weeks that the period cuts are pale." if not rows["is_whole"].all() else "")
        + (f" Chance that the quota of the period is met: {wording.share(quota['p_met'])}." if quota else " Set a quota under Judged on to compare."),
        is_clickable=False,
    )
    load, before = found.summary["load"]["definition"], found.summary["load"]["baseline"]
    if not load or not before or not can_tell.of_history().load:
        is_known = on_record.has("owners") and not on_record.of_won_alone("owners")
        why = "No reps are known in this history." if is_known else on_record.why_not("owners")
        text.note(f"{why} Load per rep cannot be told.")
        return
    text.subheading("What it asks of sales")
    other = wording.words(was)
    names = {
        "per_rep_per_week_mean": "New leads per rep and week",
        "per_rep_per_week_p95": "in a busy week (1 in 20)",
        "touches_per_rep_per_week": f"Touches they need ({found.summary['load']['touches_promised']} each)",
    }
    told = [{"": label, "Draft": load[name], other: before[name]} for name, label in names.items()]
    told.append(
        {
            "": f"Open leads per rep at most (cap {load['open_leads']['cap']})",
            **{side: one["open_leads"]["per_rep_at_most"] for side, one in (("Draft", load), (other, before))},
        }
    )
    st.dataframe(
        pl.DataFrame(told, schema={"": pl.String, "Draft": pl.Float64, other: pl.Float64}),
        hide_index=True,
        width="stretch",
        column_config={name: st.column_config.NumberColumn(name, format="%.1f", width=90) for name in ("Draft", other)},
        key="lab.load",
    )
    reps = found.summary["load"]["reps"]
    text.note(f"Shared evenly among {wording.plural(reps, 'rep')} who were handed leads in the period; a lead stays open as long as leads did.")


def _choices(draft: Definition, found: Simulation, seen: Heights, was: str) -> None:
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
    panels.chart(
        charts.score_heights(seen.edges.tolist(), seen.sql.tolist(), seen.others.tolist(), float(draft.threshold or 0), mode=theme.mode()),
        "lab.heights",
        None,
        charts.score_heights_alt(seen.edges.tolist(), seen.sql.tolist(), seen.others.tolist()),
        title=_heights_title(seen),
        subtitle="Highest score of each lead up to its hand-over, while it met the rest of the draft; each curve adds up to 100 %. "
        "Only leads that were offered to sales.",
        is_clickable=False,
    )
    text.chart_title(
        "Thresholds that no other beats",
        f"{tried['candidates_tried']} tried; on SQLs, load and acceptance at once, by leads whose outcome is known. Overlapping intervals are a tie.",
    )
    has_ties = any(row["is_tie_with_best"] for row in told)
    rows = pl.DataFrame(
        [
            {
                "Threshold": row["threshold"],
                "Handed over": row["load"],
                "SQLs a month": row["sqls_per_month"],
                "Accepted": f"{wording.share(row['acceptance'])} ({_interval(1, row['acceptance_low'], row['acceptance_high'])})".replace(
                    " % to", " to"
                ),
                "Verdict": verdict(row, has_ties),
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
            "SQLs a month": st.column_config.NumberColumn(format="%.1f", width=98),
            "Accepted": st.column_config.Column("Accepted (95 % interval)", width=160),
        },
        key="lab.frontier",
    )
    text.subheading("Would a choice have held?")
    text.paragraph(_held(tried))


def verdict(row: dict, has_ties: bool) -> str:
    """What is said of a threshold of the frontier; where others cannot be told apart from the best, none is called so."""
    if row["missed"]:
        return "misses " + " and ".join(row["missed"])
    if row["is_best"]:
        return "keeps all promises, most SQLs; others tie" if has_ties else "best that keeps all promises"
    return "tie with the one of most SQLs" if row["is_tie_with_best"] else "keeps all promises"


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


def _unknown(draft: Definition, found: Simulation, seen: Heights, was: str) -> None:
    bounds = found.summary["bounds"]
    text.chart_title(
        "How much the leads that were never offered could change", f"{wording.plural(bounds['unknown'], 'lead')} of the draft have no outcome."
    )
    ways = {
        "worst": "Nothing assumed: all of them could fail, or all succeed",
        "monotone": "They do no better than the weakest fifth of the draft's own that were offered",
        "explored": "As in the random sample that was handed over whatever the definition said",
    }
    rows = []
    for name, label in (("acceptance", "Accepted"), ("sql_rate", "Became SQL")):
        for way, words_ in ways.items():
            if bound := bounds[name][way]:
                rows.append(
                    {
                        "Rate": label,
                        "If": words_,
                        "Between": words.between(bound["low"], bound["high"]).removeprefix("between ").replace(" and ", " to "),
                        "95 % interval": f"{wording.share(bound['ci_low'])} to {wording.share(bound['ci_high'])}",
                    }
                )
    if rows:
        widths = {"Rate": 100, "If": 330, "Between": 105, "95 % interval": 105}
        st.dataframe(
            pl.DataFrame(rows),
            hide_index=True,
            width="stretch",
            column_config={name: st.column_config.Column(width=width) for name, width in widths.items()},
            row_height=56,
            key="lab.bounds",
        )
    if not bounds["acceptance"]["explored"]:
        text.paragraph(
            "To know instead of assuming: hand over a random 5 % of all leads whatever the definition says. "
            f"About {wording.count(_sample_size())} of them tell an acceptance to within 5 points."
        )
    for said in found.summary["assumptions"]:
        text.note(said)


def _sample_size(margin: float = 0.05) -> int:
    """Leads for a 95 % interval of half-width `margin` at the widest, a share of one half."""
    return int(np.ceil(0.25 * (1.959964 / margin) ** 2))
