"""What the document of an agreement says: headings, paragraphs and tables. How they look is the affair of the page and of the Word document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from plumbline import wording
from plumbline.agreement.frozen import headline
from plumbline.agreement.model import Agreement
from plumbline.agreement.promises import fields_words
from plumbline.agreement.review import review_day
from plumbline.agreement.version import SIDES, Version
from plumbline.agreement.words import Told, told
from plumbline.definition.kinds import points_sentence, said, sentence
from plumbline.definition.model import Definition, Points
from plumbline.terminal import visible

LEVEL = "a simple electronic signature, sealed by a hash, not a qualified one"
_SIDES = {"both": "What both sides promise", "marketing": "What marketing promises", "sales": "What sales promises"}
_PARTS = {
    "qualified": "Qualified",
    "never": "Never qualified",
    "accepted": "When sales accepts it",
    "sales_qualified": "When it becomes an SQL",
}


@dataclass(frozen=True)
class Grid:
    """A table; `is_code`: columns whose cells are hashes and the like."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_code: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    heading: str
    parts: tuple[str | Grid, ...]


@dataclass(frozen=True)
class Document:
    """`state`: "draft", "published" ...; plain texts throughout, with nothing in them that could turn a line around or end it."""

    title: str
    state: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]


def document(version: Version, today: date, audit_head: str) -> Document:
    """The document of a version. today: of the organisation's zone. audit_head: of the log of changes when it was written."""
    agreement = version.agreement()
    lines = told(agreement)
    sections = [
        _required(agreement),
        Section(
            "Who qualifies, and who never does",
            (Grid(("", "Rule", "How it is measured"), tuple((_PARTS[one.kind], one.sentence, one.measured) for one in lines if one.kind in _PARTS)),),
        ),
        *_promises(lines),
        *_volume(agreement, version),
        *_simulated(agreement, version),
        Section("Review", (f"Both sides look at the agreement again on {wording.day(review_day(version.effective))}: raise, keep, loosen or drop.",)),
        _signatures(version),
        *_ending(version),
        _record(version, today, audit_head),
    ]
    return Document(
        _plain(version.name),
        version.state(today).replace("_", " "),
        tuple(_plain(line) for line in _opening(version, today)),
        tuple(_plain_section(one) for one in sections if one.parts),
    )


def _opening(version: Version, today: date) -> list[str]:
    until = f" until {wording.day(version.last_day)}" if version.last_day else ""
    until = f" until {wording.day(version.superseded_on - timedelta(days=1))}" if version.superseded_on and not until else until
    force = f"In force from {wording.day(version.effective)}{until}"
    if not version.published_at:
        force = f"To be in force from {wording.day(version.effective)}; not published yet"
    first = f"Agreement {version.number} between marketing and sales, {version.state(today).replace('_', ' ')}. {force}."
    return [first, *version.description.splitlines()]


def _required(agreement: Agreement) -> Section:
    """Every field that somebody must have on record, and when."""
    asked: dict[str, list[str]] = {}
    at_once = [("before it qualifies", agreement.qualified.required_fields), ("at the hand-over", agreement.required_fields())]
    evidence = agreement.promise("evidence")
    for when, fields in (*at_once, ("when it becomes an SQL", evidence.fields if evidence else ())):
        for name in fields:
            asked.setdefault(name, []).append(when)
    rows = tuple((fields_words([name]), wording.listing(when)) for name, when in asked.items())
    return Section("Required information", (Grid(("Field", "On record"), rows),) if rows else ("No field is required.",))


def _promises(lines: list[Told]) -> list[Section]:
    sections = []
    for side, heading in _SIDES.items():
        rows = tuple((one.sentence, one.measured) for one in lines if one.side == side and one.kind not in (*_PARTS, "effective", "review"))
        sections.append(Section(heading, (Grid(("Promise", "How it is measured"), rows),) if rows else ()))
    return sections


def _volume(agreement: Agreement, version: Version) -> list[Section]:
    volume = agreement.promise("volume")
    if volume is None or not volume.leads:
        return []
    said = f"Marketing promises {wording.plural(volume.leads, 'qualified lead')} a quarter, about {wording.decimal(volume.leads / 13)} a week."
    if version.frozen is None:
        return [Section("Volume", (said,))]
    figures = headline(version.frozen.told())
    forecast = f"In the period that was simulated, the definition would have found {figures['qualified leads a week']} a week"
    chance = figures.get("chance that the volume is met")
    return [Section("Volume", (said, f"{forecast}{f'; the chance that the volume is met: {chance}' if chance else ''}."))]


def _simulated(agreement: Agreement, version: Version) -> list[Section]:
    if version.frozen is None:
        return []
    results = version.frozen.told()
    opening = "Both sides sign on these figures: last year's leads that are old enough to be judged, under this definition, against what happened."
    figures = Grid(("Figure", "As it was simulated"), tuple((name[:1].upper() + name[1:], figure) for name, figure in headline(results).items()))
    rules = tuple(
        (_rule(agreement.qualified, one["part"], one["place"]), _signed(one["joins"], "+"), _signed(one["leaves"], "−")) for one in results["rules"]
    )
    effects = (Grid(("Without this rule", "More leads", "Fewer leads"), rules),) if rules else ()
    return [Section("What the simulation showed", (opening, figures, *effects))]


def _signed(number: int, sign: str) -> str:
    return f"{sign}{wording.count(number)}" if number else "0"


def _rule(definition: Definition, part: str, place: int) -> str:
    rule = getattr(definition, part)[place]
    if isinstance(rule, str):
        return f"{said(rule)} on record"
    told = points_sentence(rule, definition.half_life_days) if isinstance(rule, Points) else sentence(rule)
    return f"never: {told}" if part == "exclude" else told


def _signatures(version: Version) -> Section:
    rows = []
    for side in SIDES:
        mark = version.signature(side)
        gone = " (no longer holds the role)" if mark and mark.left_at else ""
        rows.append(
            (side.capitalize(), f"{mark.by}{gone}" if mark else "not signed yet", _moment(mark.at) if mark else "", mark.seal if mark else "")
        )
    parts: list[str | Grid] = [Grid(("For", "Signed by", "When", "Seal that was signed"), tuple(rows), ("Seal that was signed",))]
    if version.signatures:
        parts.append(f"Each is {LEVEL}.")
    for mark in version.signatures:
        if mark.acknowledged:
            fields = fields_words(mark.acknowledged)
            parts.append(f"{mark.by} acknowledged that changes of {fields} are not recorded: values of today stand in for what was known then.")
    parts += [f"Declined for {one.side} by {one.by}, {_moment(one.at)}: {one.why}" for one in version.declines]
    return Section("Signatures", tuple(parts))


def _ending(version: Version) -> list[Section]:
    if not version.endings:
        return []
    rows = tuple((one.side.capitalize(), one.by, _moment(one.at), wording.day(one.last_day), one.why) for one in version.endings)
    return [Section("Ending", (Grid(("For", "Signed by", "When", "Last day", "Why"), rows),))]


def _record(version: Version, today: date, audit_head: str) -> Section:
    rows = [("Seal", version.seal)]
    if frozen := version.frozen:
        rows += [
            ("Snapshot", frozen.snapshot),
            ("Fingerprint of the snapshot", frozen.fingerprint),
            ("Plumbline", frozen.product),
            ("Seed", str(frozen.seed)),
        ]
    rows.append(("Head of the log of changes", audit_head))
    how = (
        "The seal is the SHA-256 of the agreement, the snapshot, the version of Plumbline, the seed and the simulation's results. "
        "The command python -m plumbline check --audit-head HEAD works it out again, and tells whether the log still holds the head above."
    )
    return Section("Seal and record", (Grid(("", ""), tuple(rows), ("",)), how, f"Written on {wording.day(today)}."))


def _moment(text: str) -> str:
    return f"{text[:16].replace('T', ' ')} UTC"


def _plain(text: str) -> str:
    return visible(text)


def _plain_section(section: Section) -> Section:
    parts = [
        _plain(one) if isinstance(one, str) else Grid(one.columns, tuple(tuple(_plain(cell) for cell in row) for row in one.rows), one.is_code)
        for one in section.parts
    ]
    return Section(section.heading, tuple(parts))
