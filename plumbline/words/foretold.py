"""The signed prediction beside what came, in sentences."""

from __future__ import annotations

from plumbline import wording
from plumbline.meeting.foretold import LEAST_WEEKS
from plumbline.meeting.quarter import Foreseen, Foretold
from plumbline.wording import count, day, decimal, plural, share
from plumbline.words.quarterly import FORETOLD, between

VERDICTS = {
    "inside": "inside the interval that was signed",
    "near": "outside it, by no more than chance",
    "above": "above it",
    "below": "below it",
    "too_early": "too early to say",
    "not_told": "too little was simulated to foretell it",
}


def figure(one: Foreseen, value: float | None) -> str:
    """A value as it is read: '42 %', '23.5'."""
    return share(value) if one.is_share else decimal(value)


def signed(one: Foreseen) -> str:
    """'50 % (47 to 52 %)'."""
    if one.said is None:
        return wording.ABSENT
    if one.low is None or one.high is None:
        return figure(one, one.said)
    return f"{figure(one, one.said)} ({between(one.low, one.high) if one.is_share else f'{decimal(one.low)} to {decimal(one.high)}'})"


def came(one: Foreseen) -> str:
    """'42 % of 301 (36 to 48 %)', '41.5 in 12 weeks'; too early where it is."""
    if one.verdict == "too_early":
        n = plural(one.n, "whole week") if not one.is_share else plural(one.n, "lead") + " old enough"
        return f"too early to say ({n})"
    if one.came is None:
        return wording.ABSENT
    if one.is_share:
        return f"{share(one.came)} of {count(one.n)} ({between(one.came_low or 0.0, one.came_high or 1.0)})"
    return f"{decimal(one.came)} in {plural(one.n, 'week')}"


def beside(one: Foreseen) -> str:
    """What stands beside it: of all leads handed over, or of those that met the definition."""
    if one.beside is None or (one.is_share and one.n_beside < wording.MINIMUM_N) or (not one.is_share and one.n < LEAST_WEEKS):
        return ""
    if one.is_share:
        return f"{share(one.beside)} of all {count(one.n_beside)} handed over"
    return f"{decimal(one.beside)} of them handed over" if one.key == "volume" else f"{decimal(one.beside)} of them met the definition"


def sentence(one: Foreseen) -> str:
    """'Accepted in time: 50 % (47 to 52 %) was signed, 42 % of 301 (36 to 48 %) came; below it.'"""
    if one.verdict in ("too_early", "not_told"):
        return f"{FORETOLD[one.key][1]}: {signed(one)} was signed; {came(one) if one.verdict == 'too_early' else VERDICTS['not_told']}."
    return f"{FORETOLD[one.key][1]}: {signed(one)} was signed, {came(one)} came; {VERDICTS[one.verdict]}."


def title(told: Foretold) -> str:
    """The finding over the picture."""
    judged = [one for one in told.figures if one.verdict not in ("too_early", "not_told")]
    if not judged:
        return "Too early to say whether what was foretold came"
    apart = []
    for way in ("above", "below"):
        if names := [FORETOLD[one.key][0] for one in judged if one.verdict == way]:
            apart.append(f"{wording.listing(names)} lay {way} what was signed")
    if not apart:
        return "What can be judged of the prediction came as it was signed"
    words = ", ".join(apart)
    return f"{words[:1].upper()}{words[1:]}"


def subtitle(told: Foretold) -> str:
    """What the picture shows, of whom."""
    last = told.until
    return (
        f"What came from {wording.period(told.since, last)}, as a share of what was signed (100 %); grey: the signed interval. Leads: first passes"
        f" that met the definition, {count(told.met)} of {plural(told.handed, 'lead')} handed over; only those old enough."
    )


def not_known(told: Foretold) -> list[str]:
    """What the prediction could not know, and what differs since: each a sentence."""
    first, last = told.period
    said = [f"The simulation replayed {day(first)} to {day(last)}, with reps working as they did then: what they changed since, it could not know."]
    if told.unknown and told.worst:
        low, high = told.worst
        said.append(
            f"{count(told.unknown)} of its {plural(told.of, 'lead')} had never been offered to sales: whatever became of them, acceptance lay"
            f" between {share(low)} and {share(high)}."
        )
    if told.without_pass:
        verb = "has" if told.without_pass == 1 else "have"
        said.append(
            f"{plural(told.without_pass, 'lead')} that met the definition since {verb} not become an MQL by the end of the data: nobody was asked"
            " to accept them."
        )
    if told.busy is not None and told.whole_weeks >= LEAST_WEEKS:
        said.append(
            f"A busy week was foretold to hold {decimal(told.busy)} new leads a rep; {count(told.weeks_above)} of {plural(told.whole_weeks, 'week')}"
            " held more."
        )
    if told.of_today:
        names = wording.listing([name.replace("_", " ") for name in told.of_today])
        said.append(f"Changes of {names} are not recorded: the replay took their values of today, as both signers acknowledged.")
    if not told.is_mature:
        said.append("Its leads were too young to be judged in full when it was signed.")
    return said
