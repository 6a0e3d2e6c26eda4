"""What the draft would have done, one closer look at a time: who moves, the threshold, weeks and load, what cannot be known."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.definition import Definition
from plumbline.simulation.run import Settings, Simulation
from plumbline.simulation.thresholds import Heights
from plumbline.ui import on_record, panels, text, theme
from plumbline.ui.lab import can_tell, each_rule, past_wins, suggestions, swap, thresholds, words

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
    has_threshold = draft.threshold is not None
    for note in words.caveats(found, seen.tells_nothing and has_threshold, seen.is_reversed and has_threshold, can_tell.of_history()):
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
        {"threshold": thresholds.show, "weeks": _weeks, "choices": thresholds.others, "unknown": _unknown}[look](
            draft, found, seen, words.was(against)
        )


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
    can = can_tell.of_history()
    told = {**({"acceptance": "Accepted"} if can.acceptance else {}), **({"sql_rate": wording.words(can.became)} if can.sqls else {})}
    for name, label in told.items():
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
        rate = "an acceptance" if can.acceptance else "the share that goes on"
        text.paragraph(
            "To know instead of assuming: hand over a random 5 % of all leads whatever the definition says. "
            f"About {wording.count(_sample_size())} of them tell {rate} to within 5 points."
        )
    for said in found.summary["assumptions"]:
        text.note(said)


def _sample_size(margin: float = 0.05) -> int:
    """Leads for a 95 % interval of half-width `margin` at the widest, a share of one half."""
    return int(np.ceil(0.25 * (1.959964 / margin) ** 2))
