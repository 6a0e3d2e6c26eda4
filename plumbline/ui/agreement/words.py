"""What the Agreement screen says of versions: headlines, states, signatures, refusals. Pure: versions in, parts of text out."""

from __future__ import annotations

import re
from datetime import date, datetime

from plumbline import wording
from plumbline.agreement.canonical import short
from plumbline.agreement.review import review_day, review_due
from plumbline.agreement.version import OPEN, SIDES, Version
from plumbline.errors import PlumblineError
from plumbline.identity import NOT_VERIFIED
from plumbline.ui.agreement.desk import Desk
from plumbline.words.parts import Bold, Link, Part

NAMES = f"A typed name is {NOT_VERIFIED}."
WHO = {"marketing": "Marketing", "sales": "Sales", "both": "Both sides"}
_BARE = re.compile(r"(is|was|begins|has|had|cannot|takes|gives)\b")  # a clause whose subject is the version
_COMMAND = re.compile(r"agreement (\w+)? ?\d+|agreement (new|list)|--|\brun\b|\bagreement \w+ FILE")


def title(version: Version) -> str:
    """'version 3, Q1 2027'."""
    return f"version {version.number}, {wording.shortened(version.name, 60)}"


def href(version: Version, **more: str) -> str:
    """Where one version is opened."""
    return f"agreement?version={version.number}" + "".join(f"&{name}={value}" for name, value in more.items())


def moment(text: str, zone: str) -> str:
    """An instant of the store, in the organisation's zone: '14 Nov 2026, 18:00 UTC'."""
    return wording.instant(datetime.fromisoformat(text.removesuffix("Z")), zone)


def day_of(text: str, zone: str) -> str:
    """Its day: '14 Nov 2026'."""
    return moment(text, zone).split(", ")[0]


def signed_by(version: Version) -> str:
    """'signed by Ann Lee for marketing and Bo Ek for sales'; '' where nobody signed."""
    told = [f"{one.by} for {side}" for side in SIDES if (one := version.signature(side))]
    return f"signed by {wording.listing(told)}" if told else ""


def missing(version: Version) -> list[str]:
    """The sides that have not signed, or whose signer no longer holds the role."""
    return [side for side in SIDES if (one := version.signature(side)) is None or one.left_at]


def state(version: Version, today: date) -> str:
    """The state in one or two words, as the list of versions has it."""
    now = version.state(today)
    if now == "signed":
        return "signed by both" if not missing(version) else f"signed by {wording.listing([one.side for one in version.signatures])}"
    if now == "published":
        return "in force" if version.is_in_force(today) else "published"
    if version.is_called_off:
        return "called off"
    if now == "ended":
        return "in force, ending" if version.is_in_force(today) else "ended"
    return {"simulated": "draft, simulated", "needs_attention": "needs attention"}.get(now, now)


def when(version: Version, today: date) -> str:
    """From when to when it is, or would be, in force."""
    begins = wording.day(version.effective)
    if not version.published_at:
        return f"would {'begin' if version.state(today) in OPEN else 'have begun'} on {begins}"
    if version.is_called_off:
        return f"would have begun on {begins}"
    last = version.last_day
    if version.superseded_on and (last is None or version.superseded_on <= last):
        return f"{begins} until {wording.day(version.superseded_on)}, when the next one begins"
    if last:
        return f"{begins} to {wording.day(last)}"
    return f"since {begins}" if version.effective <= today else f"from {begins} on"


def headline(desk: Desk) -> list[Part]:
    """What is in force, in one sentence."""
    now = desk.in_force
    if now:
        told: list[Part] = ["In force since ", Bold(wording.day(now.effective)), ": ", Link(now.name, href(now)), f", {signed_by(now)}"]
        return [*told, f"; it ends on {wording.day(now.last_day)}" if now.last_day else ""]
    if coming := desk.to_come:
        return ["No agreement is in force yet: ", Link(coming.name, href(coming)), " begins on ", Bold(wording.day(coming.effective)),
                f", {signed_by(coming)}"]  # fmt: skip
    last = desk.last_published
    gone: list[Part] = [f": {last.name} ended on ", Bold(wording.day(last.last_day))] if last and last.last_day else []
    if desk.open:
        one = desk.open[0]
        return ["No agreement is in force", *gone, "; " if gone else ": ", Link(title(one), href(one)), f" {waits(one, desk.today)}"]
    return ["No agreement is in force", *(gone or [": a first one can be proposed from your own history"])]


def waits(version: Version, today: date) -> str:
    """What a draft waits for: 'waits for its simulation', 'waits for the signature of sales', 'waits to be published'."""
    now = version.state(today)
    if now == "draft":
        return "is a draft that nobody has simulated yet"
    if now == "needs_attention":
        gone = [f"{one.by}, who signed for {one.side}," for one in version.signatures if one.left_at]
        return f"needs attention: {wording.listing(gone)} no longer holds the role"
    sides = missing(version)
    if len(sides) == 2:
        return "waits for both signatures"
    if sides:
        other = next(one for one in version.signatures if one.side not in sides)
        return f"is signed by {other.by} for {other.side} and waits for the signature of {sides[0]}"
    return "is signed by both sides and waits to be published"


def headline_of(version: Version, today: date, zone: str) -> list[Part]:
    """What one version is, in one sentence."""
    now, name = version.state(today), Bold(title(version)[:1].upper() + title(version)[1:])
    if now in ("draft", "simulated", "signed", "needs_attention"):
        return [name, f" {waits(version, today)}"]
    if now == "declined":
        no = version.declines[0]
        return [name, f" was declined by {no.by} for {no.side}: “{wording.shortened(no.why, 160)}”"]
    if now == "withdrawn":
        return [name, f" was withdrawn by {version.withdrawn_by} on {day_of(version.withdrawn_at, zone)}"]
    if version.is_called_off:
        return [name, f" was called off by both sides before its first day, {wording.day(version.effective)}"]
    verb = "is in force" if version.is_in_force(today) else "was in force" if version.effective <= today else "will be in force"
    return [name, f" {verb} {when(version, today)}, {signed_by(version)}"]


def reading(version: Version, zone: str) -> str:
    """The line under it: when it begins, how much it promises, who wrote it, the seal."""
    promises = wording.plural(len(version.agreement().promises), "promise")
    written = f"last written by {version.edited_by}, {moment(version.edited_at, zone)}"
    return " · ".join([f"Effective from {wording.day(version.effective)} on", promises, written, f"seal {short(version.seal)}"])


def agreed(version: Version, zone: str) -> str:
    """The line under what is in force: who signed when, who published it, when it is looked at again."""
    signed = wording.listing([f"{one.by} on {day_of(one.at, zone)}" for side in SIDES if (one := version.signature(side))])
    published = f"published by {version.published_by} on {day_of(version.published_at, zone)}"
    promises = wording.plural(len(version.agreement().promises), "promise")
    again = f"both sides look at it again on {wording.day(review_day(version.effective))}"
    return " · ".join([f"Signed by {signed}", published, promises, again])


def notes(version: Version, today: date) -> list[str]:
    """What is to be said of a version in force: a review that is due, a signer who left, one side's word that it ends."""
    told = []
    if version.is_in_force(today) and (due := review_due(version.effective, today)):
        since = f"{'on' if due >= today else 'since'} {wording.day(due)}"
        told.append(f"Review due {since}: both sides look at each promise again, to raise, keep, loosen or drop it.")
    for one in version.signatures:
        if one.left_at and version.published_at:
            told.append(f"{one.by}, who signed for {one.side}, no longer holds the role; the agreement stays in force.")
    if len(version.endings) == 1 and version.endings[0].last_day >= today:
        one = version.endings[0]
        other = next(side for side in SIDES if side != one.side)
        told.append(f"{one.by} wants it to end on {wording.day(one.last_day)}, for {one.side}: “{one.why}” It ends once {other} names the same day.")
    elif version.last_day:
        why = wording.listing([f"“{one.why}” ({one.by}, {one.side})" for one in version.endings])
        told.append(f"Both sides ended it, with {wording.day(version.last_day)} as its last day: {why}.")
    return told


def refused(refusal: PlumblineError, number: int) -> str:
    """The one sentence of a refusal of the store: its subject spelled out, and commands, which no screen knows, left out."""
    what = refusal.what
    told = f"Version {number} {what}" if _BARE.match(what) else what[:1].upper() + what[1:]
    told = re.sub(r"\bagreement (\d+)", r"version \1", told)
    to_do = refusal.to_do
    if "--acknowledge-today" in to_do:
        to_do = "tick the line above where that is acceptable"
    elif _COMMAND.search(to_do):
        to_do = ""
    return f"{told}{f': {to_do}' if to_do else ''}".rstrip(".") + "."
