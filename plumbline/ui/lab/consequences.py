"""What the draft would have done, one closer look at a time: who moves, the threshold, weeks and load, what cannot be known."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.definition import Definition
from plumbline.replay.kernel import NEVER
from plumbline.simulation.run import Settings, Simulation
from plumbline.simulation.swap import part_masks
from plumbline.simulation.thresholds import Heights
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, leads_table, panels, text, theme
from plumbline.ui.lab import desk, words

LOOKS = {"threshold": "Threshold", "weeks": "Weeks and load", "choices": "Other thresholds", "unknown": "What nobody knows"}
_SHOWN = 200


def show(draft: Definition, settings: Settings, found: Simulation, seen: Heights) -> None:
    """The swap-set with the leads behind it, then one closer look."""
    masks = part_masks(found.verdicts)
    members = found.sides.members()
    sets = {name: {part: int((members[name] & mask).sum()) for part, mask in masks.items()} for name in charts.SWAP_SETS}
    picked = panels.chart(
        charts.swap_bars(sets, mode=theme.mode()),
        "swap",
        pl.DataFrame([{"set": charts.SWAP_SETS[name], **parts, "leads": sum(parts.values())} for name, parts in sets.items()]),
        charts.swap_bars_alt(sets),
        title=_swap_title(sets),
        subtitle="Leads that the draft or what happened hands over in the period, by what became of them. Click a part to see its leads.",
    )
    for note in words.caveats(found, seen.tells_nothing and draft.threshold is not None):
        text.note(note)
    if picked and picked[0] in sets and picked[1] in masks:
        _leads(found, members[picked[0]] & masks[picked[1]], f"{charts.SWAP_SETS[picked[0]].lower()}, {charts.SWAP_PARTS[picked[1]]}")
    looks = {name: label for name, label in LOOKS.items() if draft.threshold is not None or name not in ("threshold", "choices")}
    look = st.segmented_control("Look closer", list(looks), default=next(iter(looks)), format_func=looks.get, key="lab.look") or next(iter(looks))
    {"threshold": _threshold, "weeks": _weeks, "choices": _choices, "unknown": _unknown}[look](draft, found, seen)


def _swap_title(sets: dict[str, dict[str, int]]) -> str:
    out, new = sets["newly_out"], sets["newly_in"]
    n_out, n_new = sum(out.values()), sum(new.values())
    if not n_out and not n_new:
        return "The draft hands over the same leads"
    if n_out >= MINIMUM_N:
        return f"{wording.share_of(out['sql'], n_out)} leads that it no longer hands over had become SQL"
    return f"{wording.plural(n_new, 'lead')} would be new, {wording.count(n_out)} no longer handed over"


def _leads(found: Simulation, mask: np.ndarray, where: str) -> None:
    facts = desk.stage().facts
    index = np.flatnonzero(mask)
    moment = np.minimum(found.sides.draft, found.sides.baseline)[index]
    index = index[np.argsort(-moment, kind="stable")]
    text.subheading([text.Bold(wording.plural(len(index), "lead")), f" · {where}"])
    if not len(index):
        return
    rows = data.screen("leads_by_number", lead_nos=facts.events.lead_no[index[:_SHOWN]].tolist())
    draft_at, before_at = (_when(one[index[:_SHOWN]]) for one in (found.sides.draft, found.sides.baseline))
    order = pl.DataFrame({"lead_no": facts.events.lead_no[index[:_SHOWN]], "draft_at": draft_at, "before_at": before_at})
    rows = order.join(rows, on="lead_no", how="left", maintain_order="left").drop("lead_no")
    if len(index) > _SHOWN:
        text.note(f"The latest {_SHOWN} are shown; the download holds all.")
    leads_table.table(rows, "lab", lambda: _everyone(found, index))


def _everyone(found: Simulation, index: np.ndarray) -> pl.DataFrame:
    numbers = desk.stage().facts.events.lead_no[index]
    order = pl.DataFrame({"lead_no": numbers, "draft_at": _when(found.sides.draft[index]), "before_at": _when(found.sides.baseline[index])})
    return order.join(data.screen("leads_by_number", lead_nos=numbers.tolist()), on="lead_no", how="left", maintain_order="left").drop("lead_no")


def _when(micros: np.ndarray) -> pl.Series:
    return pl.Series(micros).set(pl.Series(micros == NEVER), None).cast(pl.Datetime("us"))


def _threshold(draft: Definition, found: Simulation, seen: Heights) -> None:
    rows, summary = found.swept.rows, found.summary
    weeks = max(1, summary["period"]["weeks"])
    before = summary["qualified"]["baseline"] / weeks
    own = float(draft.threshold or 0)
    panels.chart(
        charts.threshold_acceptance(rows, own, summary["acceptance"]["baseline"]["rate"], summary["acceptance"]["promised"], mode=theme.mode()),
        "lab.acceptance",
        rows,
        charts.threshold_acceptance_alt(rows, own),
        title=_acceptance_title(rows, summary["acceptance"]["promised"]),
        subtitle="Share accepted within 14 days, of the leads that each threshold hands over and whose outcome is known.",
        is_clickable=False,
    )
    panels.chart(
        charts.threshold_volume(rows, own, before, weeks, mode=theme.mode()),
        "lab.volume",
        None,
        charts.threshold_volume_alt(rows, own, weeks),
        title="How many each threshold hands over",
        subtitle=f"Leads a week, over {wording.plural(weeks, 'week')}.",
        is_clickable=False,
    )
    panels.chart(
        charts.score_heights(seen.edges.tolist(), seen.sql.tolist(), seen.others.tolist(), own, mode=theme.mode()),
        "lab.heights",
        None,
        charts.score_heights_alt(seen.edges.tolist(), seen.sql.tolist(), seen.others.tolist()),
        title=_heights_title(seen),
        subtitle="Highest score that each lead ever had while it met the rest of the draft; each curve adds up to 100 %. "
        "Only leads that were offered to sales.",
        is_clickable=False,
    )


def _acceptance_title(rows: pl.DataFrame, promised: float) -> str:
    told = rows.filter(pl.col("judged") >= MINIMUM_N)
    if told.is_empty():
        return "How does acceptance move with the threshold?"
    there = told.filter(pl.col("acceptance_low") >= promised)
    if there.height:
        return f"From {wording.decimal(there['threshold'].min())} points on, acceptance keeps the promise"
    if told["acceptance"].max() < promised:
        return f"No threshold here reaches the promised {wording.share(promised)}"
    return "How does acceptance move with the threshold?"


def _heights_title(seen: Heights) -> str:
    if seen.area is None:
        return "Do leads that become SQL score higher?"
    if seen.tells_nothing:
        return "Leads that became SQL scored no higher than the others"
    chance = round(seen.area[0] * 10)
    return f"In about {chance} of 10 pairs, the lead that became SQL scored higher than the one that did not"


def _weeks(draft: Definition, found: Simulation, seen: Heights) -> None:
    rows = pl.DataFrame(
        found.summary["per_week"],
        schema={"week": pl.Date, "baseline": pl.Int64, "definition": pl.Int64, "quota": pl.Float64, "is_whole": pl.Boolean},
    )
    quota = found.summary["quota"]
    panels.chart(
        charts.weekly_volume(rows, mode=theme.mode()),
        "lab.weeks",
        rows,
        charts.weekly_volume_alt(rows),
        title="Could marketing deliver the quota?" if quota else "What the draft hands over each week",
        subtitle="Leads that first meet the draft, by week; the grey line is what was handed over. Weeks that the period cuts are pale."
        + (f" Chance that the quota of the period is met: {wording.share(quota['p_met'])}." if quota else " Set a quota under Promises to compare."),
        is_clickable=False,
    )
    load, before = found.summary["load"]["definition"], found.summary["load"]["baseline"]
    if not load or not before:
        text.note("No reps are known in this history: load per rep cannot be told.")
        return
    text.subheading("What it asks of sales")
    names = {
        "per_rep_per_week_mean": "New leads per rep and week",
        "per_rep_per_week_p95": "in a busy week (1 in 20)",
        "touches_per_rep_per_week": f"Touches they need ({found.summary['load']['touches_promised']} each)",
    }
    told = [{"": label, "Draft": load[name], "Before": before[name]} for name, label in names.items()]
    told.append(
        {
            "": f"Open leads per rep at most (cap {load['open_leads']['cap']})",
            **{side: one["open_leads"]["per_rep_at_most"] for side, one in (("Draft", load), ("Before", before))},
        }
    )
    st.dataframe(
        pl.DataFrame(told, schema={"": pl.String, "Draft": pl.Float64, "Before": pl.Float64}),
        hide_index=True,
        width="stretch",
        column_config={name: st.column_config.NumberColumn(name, format="%.1f", width=90) for name in ("Draft", "Before")},
        key="lab.load",
    )
    reps = found.summary["load"]["reps"]
    text.note(f"Shared evenly among {wording.plural(reps, 'rep')} who were handed leads in the period; a lead stays open as long as leads did.")


def _choices(draft: Definition, found: Simulation, seen: Heights) -> None:
    told = found.summary["frontier"]
    if not told:
        text.empty_state("No threshold can be compared", "Too few leads with a known outcome.")
        return
    tried = found.summary["validation"]
    text.chart_title(
        "Thresholds that no other beats", f"{tried['candidates_tried']} tried; on SQLs, load and acceptance at once. Overlapping intervals are a tie."
    )
    rows = pl.DataFrame(
        [
            {
                "Threshold": row["threshold"],
                "Handed over": row["load"],
                "SQLs a month": row["sqls_per_month"],
                "Accepted": row["acceptance"],
                "from": row["acceptance_low"],
                "to": row["acceptance_high"],
                "Verdict": "best that keeps all promises"
                if row["is_best"]
                else "misses " + " and ".join(row["missed"])
                if row["missed"]
                else "tie with the best"
                if row["is_tie_with_best"]
                else "keeps all promises",
            }
            for row in told
        ]
    )
    shares = {name: st.column_config.NumberColumn(name, format="percent") for name in ("Accepted", "from", "to")}
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        height=330,
        column_config=shares | {"SQLs a month": st.column_config.NumberColumn(format="%.1f")},
        key="lab.frontier",
    )
    text.subheading("Would a choice have held?")
    text.paragraph(_held(tried))


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
    verdict = "It held." if gap <= 0.02 else f"The past flattered it by {round(100 * gap)} points: expect the later figure."
    return told + f"In the {wording.plural(tried['weeks_later'], 'week')} after, {wording.share_of(later['k'], later['n'])} accepted. {verdict}"


def _unknown(draft: Definition, found: Simulation, seen: Heights) -> None:
    bounds = found.summary["bounds"]
    text.chart_title(
        "How much the leads that were never offered could change", f"{wording.plural(bounds['unknown'], 'lead')} of the draft have no outcome."
    )
    ways = {
        "worst": "Nothing assumed: all of them could fail, or all succeed",
        "monotone": "They do no better than the weakest fifth of those offered",
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
                        "From": bound["low"],
                        "To": bound["high"],
                        "95 % from": bound["ci_low"],
                        "95 % to": bound["ci_high"],
                    }
                )
    if rows:
        shares = {name: st.column_config.NumberColumn(name, format="percent", width=85) for name in ("From", "To", "95 % from", "95 % to")}
        st.dataframe(pl.DataFrame(rows), hide_index=True, width="stretch", column_config=shares, key="lab.bounds")
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
