"""What the lab says of a simulation: the headline, the strip, the caveats. Pure: a summary in, parts of text out."""

from __future__ import annotations

from typing import Any

from plumbline import wording
from plumbline.clock import MONTH
from plumbline.definition.kinds import said as in_words
from plumbline.simulation.report import cannot_be_told
from plumbline.simulation.run import Simulation
from plumbline.statistics import MINIMUM_N
from plumbline.ui.lab.can_tell import EVERYTHING, CanTell
from plumbline.ui.lab.desk import Period
from plumbline.ui.text import Bold, Figure, Part

Summary = dict[str, Any]


def headline(found: Simulation, against: str = "", can: CanTell = EVERYTHING) -> list[Part]:
    """'This draft hands over 18 % fewer leads and loses between 0 and 3 SQLs a month; acceptance 84 % to between 89 % and 91 %.'

    against: the name of the definition that it is held against; empty: what happened. can: what the history can tell.
    """
    summary = found.summary
    before, now = summary["qualified"]["baseline"], summary["qualified"]["definition"]
    the_other = f"“{wording.shortened(against, 40)}”" if against else ""
    if not before and not now:
        return [f"Neither this draft nor {the_other or 'what happened'} handed over a lead in this period."]
    if not now:
        was = f"{the_other} hands over" if against else "before it was"
        return ["This draft would have handed over ", Bold("nobody"), f" in this period; {was} {wording.count(before)}."]
    parts: list[Part] = ["This draft hands over "]
    if before:
        change = now / before - 1
        if abs(now - before) < 0.005 * before:
            parts += [Bold("as many"), " leads as " + (the_other or "before")]
        elif change <= 1:
            parts += [Bold(f"{wording.share(abs(change))} {'more' if change > 0 else 'fewer'}"), " leads" + (f" than {the_other}" if against else "")]
        else:
            parts += [Bold(f"{wording.decimal(now / before)} times"), " as many leads" + (f" as {the_other}" if against else "")]
        parts.append(f" ({wording.count(now)} against {wording.count(before)})")
    else:
        parts += [Bold(wording.plural(now, "lead")), f"; {the_other} hands over nobody" if against else "; nobody was handed over before"]
    decided = "accepted or gone" if can.acceptance else "taken on or gone"
    if cannot := cannot_be_told(summary, decided):
        return [*parts, "; what becomes of them ", Bold(cannot), "."]
    if not _is_known(summary):
        return [*parts, "; what becomes of them, nobody can say yet.", *_decided_before_words(summary, decided)]
    months = 1.0 if can.times else (summary["period"]["until"] - summary["period"]["since"]).days / MONTH
    if can.sqls:
        parts += [", ", *_sql_words(*(months * end for end in sqls_a_month(found)), can)]
    if can.acceptance and (said := _acceptance_words(summary)):
        parts += ["; ", *said]
    return [*parts, ".", *_decided_before_words(summary, decided)]


def _decided_before_words(summary: Summary, what: str) -> list[Part]:
    """' 37 of 100 were accepted or gone before they met the draft, half of them 9 days or more after their hand-over: they count in no share.'"""
    late = summary["decided_before"]
    if not late["n"]:
        return []
    one = late["n"] == 1
    days = f"{'' if one else 'half of them '}{_days(late)}{'' if one else ' or more'}"
    return [
        " ",
        Bold(f"{wording.count(late['n'])} of {wording.count(late['of'])}"),
        f" {'was' if one else 'were'} {what} before {'it' if one else 'they'} met the draft, {days} after the"
        f" hand-over: {'it counts' if one else 'they count'} in no share.",
    ]


def _days(late: dict[str, Any]) -> str:
    days = wording.decimal(late["later_days_median"])
    return f"{days} {'day' if days == '1' else 'days'}"


def _is_known(summary: Summary) -> bool:
    """Whether any lead of either side is old enough for a verdict on SQL."""
    return any(summary["sql_rate"][side]["n"] for side in ("baseline", "definition"))


def reading(name: str, period: Period, against: str = "") -> str:
    """What was replayed, over which leads, against what; and where the history is too short for the question."""
    held = f"against {f'“{wording.shortened(against, 60)}”' if against else 'what happened'}"
    days = wording.period(period.since, period.until)
    told = f"{wording.shortened(name, 60) or 'The draft'}, replayed over leads of {days} as they were known then, {held}."
    if period.is_young:
        told += " No lead is 59 days old yet, so no outcome can be judged: these are counts only."
    elif period.is_cut:
        told += " The history begins no earlier."
    return told


def sqls_a_month(found: Simulation) -> tuple[float, float]:
    """The change in SQLs a month, least and most: those lost are known, those gained lie between the known ones and the bound of the unknown.

    An SQL of a lead of both ways that was decided before one side's own instant is the other's alone, or of both: nobody knows.
    """
    members, (was, now), summary = found.sides.members(), (found.by_side[side] for side in ("baseline", "definition")), found.summary
    months = (summary["period"]["until"] - summary["period"]["since"]).days / MONTH
    lost = int((members["newly_out"] & was.is_sql).sum())
    gained = int((members["newly_in"] & now.is_sql).sum())
    unknown = int((members["newly_in"] & ~now.offered).sum())
    unknown_out = int((members["newly_out"] & ~was.offered).sum())  # of another definition; what happened has none
    may_lose = int((members["kept"] & was.is_sql & now.decided_before).sum())
    may_gain = int((members["kept"] & now.is_sql & was.decided_before).sum())
    most = 1.0
    if summary["bounds"]["unknown"] and (bound := summary["bounds"]["sql_rate"]["monotone"]):
        n = summary["sql_rate"]["definition"]["n"] + summary["bounds"]["unknown"]
        most = min(1.0, (bound["high"] - bound["low"]) * n / summary["bounds"]["unknown"])
    return (gained - lost - may_lose - unknown_out * most) / months, (gained - lost + may_gain + unknown * most) / months


def _sql_words(low: float, high: float, can: CanTell = EVERYTHING) -> list[Part]:
    least, most = round(low), round(high)
    if least == most == 0:
        return ["with ", Bold("no change"), f" in {can.sqls} to speak of"]
    if most <= 0:
        told = f"{abs(least)}" if least == most else f"between {abs(most)} and {abs(least)}"
        return ["and loses ", Bold(f"{told} {can.sql if told == '1' else can.sqls}{can.a_month}")]
    if least >= 0:
        told = f"{most}" if least == most else f"between {least} and {most}"
        return ["and gains ", Bold(f"{told} {can.sql if told == '1' else can.sqls}{can.a_month}")]
    return ["and brings between ", Bold(f"{abs(least)} fewer and {most} more {can.sqls}{can.a_month}")]


def _acceptance_words(summary: Summary) -> list[Part]:
    before, now = summary["acceptance"]["baseline"], summary["acceptance"]["definition"]
    if now["n"] < MINIMUM_N:
        return ["too few of them have a known outcome to say how many sales would accept"]
    told = between(*known_range(summary, "acceptance"))
    if before["n"] < MINIMUM_N or before["unknown"]:
        return ["acceptance ", Bold(told)]
    return [f"acceptance {wording.share(before['rate'])} → ", Bold(told)]


def tightest(summary: Summary, name: str) -> dict[str, float] | None:
    """The bounds that the least can be held against: monotone where it can be had, else the worst case."""
    told = summary["bounds"][name]
    return told["monotone"] or told["worst"]


def known_range(summary: Summary, name: str) -> tuple[float, float]:
    """What can be said of the draft's rate: the share, where the outcome of all is known; else the 95 % interval around its bounds."""
    if not summary["bounds"]["unknown"]:
        return summary[name]["definition"]["rate"], summary[name]["definition"]["rate"]
    bound = tightest(summary, name)
    return bound["ci_low"], bound["ci_high"]


def between(low: float, high: float) -> str:
    """'52 %' or 'between 52 % and 57 %'."""
    a, b = wording.share(low), wording.share(high)
    return a if a == b else f"between {a} and {b}"


def was(against: str) -> str:
    """How the other side is called before a figure: 'before' is what happened."""
    return "other" if against else "before"


def strip(found: Simulation, against: str = "", can: CanTell = EVERYTHING) -> list[Figure]:
    """Four figures: volume, acceptance, SQL rate, load; those alone that the history can tell."""
    summary, before_word = found.summary, was(against)
    weeks = max(1, summary["period"]["weeks"]) if can.times else 1
    before, now = (summary["qualified"][side] / weeks for side in ("baseline", "definition"))
    figures = [
        Figure(
            "Handed over",
            wording.decimal(now),
            "a week" if can.times else "",
            f"{before_word} {wording.decimal(before)}",
            meaning=f"Leads that first meet the draft{', per week of the period' if can.times else ''}.",
        ),
    ]
    if can.acceptance:
        meaning = "Accepted within 14 days of hand-over, of leads old enough; the range holds what was never offered to sales."
        figures.append(_rate("Accepted", summary, "acceptance", before_word, meaning))
    if can.sqls:
        became = "Sales qualified" if can.sqls == "SQLs" else f"Became {can.sqls}"
        meaning = f"{became} within 59 days of hand-over, of leads old enough; the range holds what was never offered to sales."
        figures.append(_rate(f"Became {can.sql}", summary, "sql_rate", before_word, meaning))
    load, other = summary["load"]["definition"], summary["load"]["baseline"]
    if load and can.load:
        over = load["p95_within_capacity"] is False
        figures.append(
            Figure(
                "New leads per rep",
                wording.decimal(load["per_rep_per_week_mean"]),
                "a week",
                f"{before_word} {wording.decimal(other['per_rep_per_week_mean'])}" if other else "",
                f"{wording.decimal(load['per_rep_per_week_p95'])} in a busy week",
                is_broken=over,
                broken_word="over capacity",
                meaning="Leads of the draft shared among the reps who were handed leads in the period; a busy week is one in twenty.",
            )
        )
    return figures


def _rate(label: str, summary: Summary, name: str, before_word: str, meaning: str) -> Figure:
    before, now = summary[name]["baseline"], summary[name]["definition"]
    if now["n"] < MINIMUM_N:
        aside = f"{wording.count(now['decided_before'])} decided before" if now["decided_before"] and not now["n"] else ""
        return Figure(label, wording.ABSENT, "", "too few to say", aside or f"{wording.count(now['n'])} with a known outcome", meaning=meaning)
    low, high = (wording.share(end) for end in known_range(summary, name))
    value = low if low == high else f"{low.removesuffix('%').strip()} to {high}"
    other = f"{before_word} {wording.share(before['rate'])}" if before["n"] >= MINIMUM_N and not before["unknown"] else ""
    unknown = summary["bounds"]["unknown"]
    aside = f"{wording.count(unknown)} unknown" if unknown else f"of {wording.count(now['n'])}"
    return Figure(label, value, "", other, aside, meaning=meaning)


def not_known(fields: dict[str, int], leads: int) -> list[str]:
    """'Counted as not met where it is not known: budget of 1,012, need of 203 of 1,623 leads of the period.' [] where all are known."""
    if not fields:
        return []
    listed = wording.listing([f"{in_words(name)} of {wording.count(n)}" for name, n in sorted(fields.items(), key=lambda one: -one[1])])
    return [f"Counted as not met where it is not known: {listed}, of {wording.plural(leads, 'lead')} of the period."]


def caveats(found: Simulation, nothing_told: bool, is_reversed: bool = False, can: CanTell = EVERYTHING) -> list[str]:
    """What leaders must know before they believe the figures, each a sentence."""
    summary = found.summary
    told = []
    unknown = summary["bounds"]["unknown"]
    if unknown:
        told.append(
            f"{_never_offered(unknown)}: nobody knows what would have become of {'it' if unknown == 1 else 'them'}. "
            "The ranges assume that they do no better than the weakest fifth of the draft's own leads that were offered."
            if summary["bounds"]["acceptance"]["monotone"]
            else f"{_never_offered(unknown)}: the ranges hold every outcome they could have had."
        )
    if nothing_told and can.sqls:
        told.append(
            f"The threshold does nothing for quality here: leads that {can.became_many} scored no higher than those that did not. "
            "Moving it changes how many, not how good."
        )
    if is_reversed and can.sqls:
        told.append(
            f"The score points the wrong way here: leads that {can.became_many} had scored lower than those that did not. "
            "A higher threshold hands over fewer and worse leads."
        )
    young = sum(summary["swap_set"][name]["immature"] for name in ("kept", "newly_in"))
    if young:
        told.append(f"{wording.plural(young, 'lead')} of the draft {'is' if young == 1 else 'are'} too young to judge, and in no rate.")
    return told


def _never_offered(unknown: int) -> str:
    return f"{wording.plural(unknown, 'lead')} of the draft {'was' if unknown == 1 else 'were'} never offered to sales"
