"""What `plumbline simulate` does: a definition file against what happened, or against another, in one period."""

from __future__ import annotations

from pathlib import Path

from plumbline import wording
from plumbline.definition import Definition, load
from plumbline.definition.check import check
from plumbline.history.connection import History
from plumbline.history.schema import KNOWN_ATTRIBUTES
from plumbline.replay import facts as lab
from plumbline.simulation.run import Settings, ground, simulate


def simulate_files(definition: Path, baseline: Path | None, history: Path, settings: Settings) -> tuple[dict[str, object], list[str]]:
    """(the whole comparison, notes). Raises PlumblineError."""
    draft, base = load(definition), load(baseline) if baseline else None
    facts = lab.load(History(history))
    notes: list[str] = []
    for one, path in ((draft, definition), (base, baseline)):
        if isinstance(one, Definition) and path:
            notes += check(one, facts.known(), KNOWN_ATTRIBUTES, path.name)
    summary = simulate(draft, base, ground(facts), settings).summary
    return summary | {"cannot_be_told": cannot_be_told(summary) or None}, list(dict.fromkeys(notes))


def cannot_be_told(summary: dict[str, object], what: str = "accepted or gone") -> str:
    """'cannot be told: 100 of 100 were accepted or gone before they met the draft, which comes 9 days after their hand-over (the median)'.

    Empty where anybody else is handed over: known, too young, or never offered to sales.
    """
    late = summary["decided_before"]
    if not late["n"] or late["n"] < late["of"]:
        return ""
    were, they, their = ("was", "it", "its") if late["n"] == 1 else ("were", "they", "their")
    days = wording.decimal(late["later_days_median"])
    return (
        f"cannot be told: {late['n']:,} of {late['of']:,} {were} {what} before {they} met the draft,"
        f" which comes {days} {'day' if days == '1' else 'days'} after {their} hand-over (the median)"
    )


def overview(summary: dict[str, object]) -> list[dict[str, object]]:
    """The comparison in a few rows, for people: one per figure, baseline beside definition."""

    def share(side: dict[str, object]) -> str:
        if side["rate"] is None:
            return (cannot_be_told(summary) if side["decided_before"] else "") or "nobody to judge"
        return f"{side['rate']:.1%} ({side['low']:.1%} to {side['high']:.1%}) of {side['n']:,}"

    rows = [{"figure": "handed over in the period", **{side: f"{n:,}" for side, n in summary["qualified"].items()}}]
    for name, words in (("acceptance", "accepted, of those known"), ("sql_rate", "became SQL, of those known")):
        rows.append({"figure": words, **{side: share(summary[name][side]) for side in ("baseline", "definition")}})
        for way, bound in summary["bounds"][name].items():
            if bound:
                told = f"{bound['low']:.1%} to {bound['high']:.1%} (95 %: {bound['ci_low']:.1%} to {bound['ci_high']:.1%})"
                rows.append({"figure": f"  with the unknown, {way}", "baseline": "", "definition": told})
    for side in ("baseline", "definition"):
        load = summary["load"][side]
        rows.append(
            {
                "figure": f"leads per rep and week, {side}",
                side: "no reps known"
                if load is None
                else f"{load['per_rep_per_week_mean']:.1f} on average, {load['per_rep_per_week_p95']:.1f} in a busy week",
            }
        )
    for name, counts in summary["swap_set"].items():
        rows.append(
            {
                "figure": f"{name.replace('_', ' ')}",
                "definition": f"{counts['n']:,}: {counts['accepted']:,} accepted, {counts['sql']:,} SQL, {counts['no_outcome']:,} without an outcome,"
                f" {counts['decided_before']:,} decided before",
            }
        )
    return [{"figure": row["figure"], "baseline": row.get("baseline", ""), "definition": row.get("definition", "")} for row in rows]
