"""What the quarterly review says, in sentences: the same on the screen and in its minutes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from plumbline import wording
from plumbline.agreement.figures import percent
from plumbline.agreement.weeks import Week
from plumbline.meeting.advice import LEAST_WEEKS, NEARLY_ALL
from plumbline.meeting.quarter import Cell, Quarter, Reviewed, Signed
from plumbline.wording import count, day, plural, share
from plumbline.words import scorecard
from plumbline.words.parts import Bold, Part

QUESTIONS = {"raise": "Raise", "keep": "Keep", "loosen": "Loosen, or act", "drop": "Drop", "too_few": "Too few to say"}
STATUS = {"met": "kept", "missed": "broken", "too_few": "too few to say", "too_early": "too early to say", "no_data": "nothing was due"}


@dataclass(frozen=True)
class Sum:
    """One figure of the strip. n: what it is of; meaning: one line more."""

    label: str
    value: str
    n: str
    meaning: str
    is_broken: bool = False


def main_version(quarter: Quarter) -> Signed | None:
    """The version of which the headline speaks: it judged most weeks, the latest of such."""
    return max(quarter.signed, key=lambda one: (one.weeks_over, one.effective), default=None)


def headline(quarter: Quarter) -> list[Part]:
    """The one sentence at the top."""
    title, version = quarter.span.title, main_version(quarter)
    if not quarter.has_data:
        return [f"{title} had not begun by the end of the data"]
    if version is None:
        drafts = ["; ", Bold(plural(len(quarter.drafts), "draft")), f" {_is(len(quarter.drafts))} on the table"] if quarter.drafts else []
        return [f"Nothing was signed and published for {title}, so there is nothing to hold what happened against", *drafts]
    so_far = "" if quarter.is_over else " so far"
    measured = [one for one in version.promises if one.advice.question not in ("too_few", "drop")]
    if not measured:
        if version.weeks_over >= LEAST_WEEKS:
            return [f"Too little was due in {title} to say of any promise whether it was kept"]
        judged = "No week" if not version.weeks_over else f"Only {plural(version.weeks_over, 'week')}"
        verb = "is" if version.weeks_over < 2 else "are"
        return [Bold(judged), f" of {title} {verb} over under version {version.number}: too early to say whether it did what it was signed for"]
    kept, broken = len(of_weeks(measured, True)), len(of_weeks(measured, False))
    told: list[Part] = [
        f"In {title}{so_far}, ",
        Bold(f"{count(kept)} of {plural(len(measured), 'promise')}"),
        f" {_was(kept)} kept in nearly every week",
    ]
    told += [" and ", Bold(count(broken)), f" {_was(broken)} broken in nearly every one"] if broken else [" and none was broken in nearly every one"]
    return [*told, _foretold_in_short(version)]


def _foretold_in_short(version: Signed) -> str:
    if version.foretold is None:
        return ""
    judged = [one for one in version.foretold.figures if one.verdict in ("inside", "near", "above", "below")]
    if not judged:
        return "; what was foretold is too early to judge"
    apart = [FORETOLD[one.key][0] for one in judged if one.verdict in ("above", "below")]
    if not apart:
        return "; what was foretold came" if len(judged) == len(version.foretold.figures) else "; what can be judged of the prediction came"
    return f"; {wording.listing(apart)} came otherwise than foretold"


def of_weeks(promises: list[Reviewed], is_kept: bool) -> list[Reviewed]:
    """Those kept, or broken, in nearly all weeks judged."""
    return [one for one in promises if (one.kept if is_kept else one.judged - one.kept) >= NEARLY_ALL * one.judged]


def _named(version: Signed) -> str:
    return wording.shortened(version.name, 60)


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def strip(quarter: Quarter) -> list[Sum]:
    """Three to five figures under the headline."""
    told: list[Sum] = []
    version = main_version(quarter)
    if version is not None:
        told.append(
            Sum("Weeks judged", count(version.weeks_over), f"of {len(quarter.span.weeks)} that begin in the quarter", f"By “{_named(version)}”.")
        )
    due = [week for week in quarter.volume if week.target is not None and week.is_over]
    if due:
        came, target = sum(week.came or 0 for week in due), math.ceil(sum(week.target or 0.0 for week in due) - 1e-9)
        meaning = "Passes that met the definition when they opened, against the promise for the working days of these weeks."
        told.append(Sum("Qualified leads", count(came), f"of {count(target)} promised for {plural(len(due), 'week')}", meaning, came < target))
    acceptance = quarter.promise("acceptance")
    if acceptance and acceptance.actual is not None and acceptance.advice.question != "too_few":
        promised = percent(acceptance.promise.share)
        n = f"of {count(acceptance.n)}; {promised} promised"
        told.append(Sum("Accepted in time", share(acceptance.actual), n, acceptance.sentence, acceptance.met < acceptance.needed))
    found = quarter.rejections
    if not found.why_not and found.rejected + found.accepted:
        n = f"of {plural(found.rejected + found.accepted, 'lead')} that sales decided"
        told.append(Sum("Sent back", count(found.rejected), n, "Of all passes that opened in the quarter."))
    said = version.opinion if version else None
    if said and said.n:
        told.append(Sum("Reps who agree", f"{count(said.agree)} of {count(said.n)}", f"with “{_named(version)}”", "Asked before it was published."))
    return told


# Versions and their promises


def version_title(version: Signed) -> str:
    """'Version 1, “Mid-size”: in force from 6 Jul to 18 Oct 2026'."""
    until = f"to {day(version.last)}" if version.last else "on"
    return f"Version {version.number}, “{_named(version)}”: in force from {day(version.effective)} {until}"


def version_note(version: Signed) -> str:
    """Who signed, how many weeks it judges here, when it is due."""
    told = [f"signed by {wording.listing([f'{name} for {side}' for side, name in sorted(version.signers.items())])}"]
    if version.has_left:
        told.append(f"whoever signed for {wording.listing(list(version.has_left))} no longer holds the role")
    weeks = f"judges {plural(version.weeks_over, 'week')} of the quarter that {_is(version.weeks_over)} over"
    if version.weeks_to_come:
        weeks += f", and {count(version.weeks_to_come)} that {_is(version.weeks_to_come)} not"
    line = f"{'; '.join([*told, weeks])}; to be looked at again on {day(version.review_due)}."
    return line[:1].upper() + line[1:]


def target(one: Reviewed) -> str:
    """What was promised, in short: '80 % within 30 minutes of working time', '390 a quarter'."""
    return f"{count(one.promise.leads or 0)} a quarter" if one.is_volume else scorecard.target(one.promise, one.fields, 0)


def weeks_kept(one: Reviewed) -> str:
    """'kept in 2 of 13 weeks'; 'no week to judge'."""
    return f"kept in {count(one.kept)} of {plural(one.judged, 'week')}" if one.judged else "no week to judge"


def over_the_quarter(one: Reviewed) -> str:
    """'180 of 435, 41 % (37 to 46 %)'; '337 of 385 leads'; why there is nothing."""
    if one.why:
        return "not measured"
    if one.is_volume:
        return f"{count(one.n)} of {count(one.needed)} leads"
    if not one.n:
        return "nothing was due"
    told = f"{count(one.met)} of {count(one.n)}, {share(one.actual)}"
    return told if one.low is None or one.high is None else f"{told} ({between(one.low, one.high)})"


def between(low: float, high: float) -> str:
    """'37 to 46 %'."""
    first, last = share(low), share(high)
    return f"{first.removesuffix(' %')} to {last}" if first[:1].isdigit() and last[:1].isdigit() else f"{first} to {last}"


def question(one: Reviewed) -> str:
    """'Raise to 95 %', 'Keep', 'Loosen, or act', 'Drop', 'Too few to say'."""
    return f"Raise to {share(one.advice.share)}" if one.advice.question == "raise" and one.advice.share else QUESTIONS[one.advice.question]


def because(one: Reviewed) -> str:
    """The evidence behind the question, one sentence."""
    advice, judged = one.advice, f"{plural(one.judged, 'week')}"
    kept = f"Kept in {count(one.kept)} of {judged}"
    other = f"{share(advice.share)} would have been kept in {count(advice.kept_at)}" if advice.share else ""
    if advice.because == "not_measured":
        return f"It {one.why}."
    if advice.because == "weeks":
        return f"{plural(one.judged, 'week') if one.judged else 'No week'} can be judged; nothing is advised under {LEAST_WEEKS}."
    if advice.because == "items":
        return f"{count(one.n)} in the whole quarter; nothing is advised under {wording.MINIMUM_N}."
    return {
        "room": f"{kept}, with room to spare: {other}.",
        "no_room": f"{kept}; {other or 'a higher share'}, and the quarter does not show it beyond chance.",
        "at_the_top": f"{kept}; no higher share can be promised.",
        "broken": f"{kept}, and short over the quarter beyond chance" + (f"; {other}." if other else "."),
        "short_by_chance": f"{kept}, but over the quarter it is short by no more than chance.",
        "short": f"{kept}, and short over the quarter beyond chance: find out why before the promise is moved.",
        "mixed": f"{kept}: neither so often that it could be raised, nor so seldom that it must be loosened.",
        "volume_room": f"{kept}, and {count(one.n)} leads came where {count(one.needed)} were promised.",
        "volume_kept": f"{kept}; {count(one.n)} leads came where {count(one.needed)} were promised, less than a tenth more.",
        "volume_broken": f"{kept}, and {count(one.n)} leads came where {count(one.needed)} were promised.",
        "volume_mixed": f"{kept}; {count(one.n)} leads came where {count(one.needed)} were promised.",
    }[advice.because]


def weeks_title(version: Signed) -> str:
    """The title over the picture of weeks."""
    measured = [one for one in version.promises if one.judged]
    if not measured:
        return "No week can be judged yet"
    worst = min(measured, key=lambda one: (one.kept / one.judged, -one.judged))
    best = max(measured, key=lambda one: (one.kept / one.judged, one.judged))
    if worst.kept == worst.judged:
        return "Every promise was kept in every week that can be judged"
    if best.kept / best.judged == worst.kept / worst.judged:
        return f"Every promise was {weeks_kept(best)}" if len(measured) > 1 else f"“{best.title}” was {weeks_kept(best)}"
    return f"“{worst.title}” was {weeks_kept(worst)}, “{best.title}” in {count(best.kept)} of {count(best.judged)}"


def cell(one: Cell, promise: Reviewed) -> str:
    """One promise in one week: 'Mon 5 - Sun 11 Oct: 31 of 77, 40 %: missed'."""
    row, days = one.row, Week(one.monday).days
    if row is None or row.status == "too_early":
        return f"{days}: {STATUS['too_early']}"
    if row.status == "no_data":
        return f"{days}: {'not measured' if row.why else STATUS['no_data']}"
    told = f"{count(row.n)} of {count(row.needed)} leads" if promise.is_volume else f"{count(row.met)} of {count(row.n)}, {share(row.actual)}"
    return f"{days}: {told}: {STATUS[row.status]}"


FORETOLD = {
    "acceptance": ("acceptance", "Accepted in time"),
    "sql_rate": ("the SQL rate", "Became SQL in time"),
    "volume": ("the number of qualified leads", "Qualified leads a week"),
    "load": ("the load of reps", "New leads a rep and week"),
}
