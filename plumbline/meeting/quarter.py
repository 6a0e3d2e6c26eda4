"""The quarter as the review sees it: one value, from which the screen and its minutes draw the same figures in the same words.

Nothing is asked here: plumbline/meeting/quarterly.py makes it. Sentences about it are in plumbline/words/quarterly.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from plumbline.agreement.diff_rules import Change
from plumbline.agreement.model import Agreement, Promise, Side
from plumbline.agreement.scorecard import Row
from plumbline.meeting.quarters import Span

Question = Literal["raise", "keep", "loosen", "drop", "too_few"]
Verdict = Literal["inside", "near", "above", "below", "too_early", "not_told"]


@dataclass(frozen=True)
class Advice:
    """What the record of a promise speaks for. question: too_few is no advice: drop it, or keep it.

    because: which line of the rule it was (advice.py). share: one that could be promised instead, None: none is named; kept_at: of the weeks judged,
    those that would have kept it.
    """

    question: Question
    because: str
    share: float | None = None
    kept_at: int = 0


@dataclass(frozen=True)
class Cell:
    """One promise in one week. row None: the week begins after the end of the data."""

    monday: date
    row: Row | None

    @property
    def status(self) -> str:
        return self.row.status if self.row else "too_early"


@dataclass(frozen=True)
class Reviewed:
    """One promise over the weeks of the quarter that its version judges. cells: by week; n, met, needed: of the weeks that are over, together.

    low, high: 95 % of met / n, None where it is no share of items that stand for themselves (volume, open_leads) or nothing is there.
    fields: that it asks for. target: for volume that of the weeks that are over, in leads. why: why it cannot be measured, '' where it can.
    """

    promise: Promise
    side: Side
    title: str
    sentence: str
    fields: tuple[str, ...]
    cells: tuple[Cell, ...]
    n: int
    met: int
    needed: int
    target: float
    low: float | None
    high: float | None
    advice: Advice
    why: str = ""

    @property
    def kind(self) -> str:
        return self.promise.kind

    @property
    def is_volume(self) -> bool:
        return self.promise.kind == "volume"

    @property
    def judged(self) -> int:
        """Weeks with a verdict."""
        return sum(cell.status in ("met", "missed") for cell in self.cells)

    @property
    def kept(self) -> int:
        """Weeks in which it was kept."""
        return sum(cell.status == "met" for cell in self.cells)

    @property
    def actual(self) -> float | None:
        """Over the quarter: a share, for volume a number of leads; None: nothing to judge."""
        if self.is_volume:
            return None if self.why else float(self.n)
        return self.met / self.n if self.n else None


@dataclass(frozen=True)
class Foreseen:
    """One figure of the signed simulation beside what came. key: acceptance, sql_rate, volume, load.

    said, low, high: as it was signed, with its interval (for a mean of weeks: what so many weeks would bring). came, and its interval where it is a
    share: of the first passes that met the definition; for the volume the leads that first met it, handed over or not; for the load all that reps
    were given. n: leads old enough to judge, or whole weeks. beside: the shares of all leads handed over; the volume and the load of those handed
    over that met the definition.
    """

    key: str
    said: float | None
    low: float | None
    high: float | None
    came: float | None
    came_low: float | None
    came_high: float | None
    n: int
    beside: float | None
    n_beside: int
    verdict: Verdict

    @property
    def is_share(self) -> bool:
        return self.key in ("acceptance", "sql_rate")


@dataclass(frozen=True)
class Foretold:
    """What was signed as the prediction, and what came of it from `since` up to `until` (exclusive).

    handed: first passes that opened then, met: those of them that met the definition at their opening; without_pass: leads that met it then, and
    have no pass on record. unknown, of: leads of the simulation without an outcome, and all of it. worst: acceptance at worst and at best, whatever
    became of them. of_today: fields known by their value of today alone. period: of the simulation, first and last day. busy: leads a rep in a
    busy week, as signed; weeks_above: of the whole weeks, how many held more.
    """

    since: date
    until: date
    figures: tuple[Foreseen, ...]
    handed: int
    met: int
    without_pass: int
    unknown: int
    of: int
    worst: tuple[float, float] | None
    of_today: tuple[str, ...]
    period: tuple[date, date]
    is_mature: bool
    busy: float | None
    weeks_above: int
    whole_weeks: int


@dataclass(frozen=True)
class Said:
    """What one rep said. rule: '' for the version as a whole."""

    rep: str
    text: str


@dataclass(frozen=True)
class Opinion:
    """Feedback of reps on one version. words: on the whole, with whether the rep agrees; rules: rule -> who said what, the most spoken of first."""

    agree: int = 0
    disagree: int = 0
    words: tuple[tuple[bool, Said], ...] = ()
    rules: tuple[tuple[str, tuple[Said, ...]], ...] = ()

    @property
    def n(self) -> int:
        return self.agree + self.disagree


@dataclass(frozen=True)
class Signed:
    """A published version in the quarter. last: its last day in force, None: it goes on.

    weeks_over, weeks_to_come: of those it judges in the quarter. signers: side -> name, has_left: sides whose signer no longer holds the role.
    foretold None: nothing was simulated, or cannot be told.
    """

    number: int
    name: str
    agreement: Agreement
    effective: date
    last: date | None
    review_due: date
    signers: Mapping[str, str]
    has_left: tuple[str, ...]
    weeks_over: int
    weeks_to_come: int
    promises: tuple[Reviewed, ...]
    foretold: Foretold | None
    opinion: Opinion
    why_not_foretold: str = ""

    def of_side(self, side: Side) -> tuple[Reviewed, ...]:
        return tuple(one for one in self.promises if one.side == side)


@dataclass(frozen=True)
class VolumeWeek:
    """One week of the quarter, in leads. target None: no volume is promised for it; came None: it begins after the end of the data."""

    monday: date
    target: float | None
    came: int | None
    is_over: bool


@dataclass(frozen=True)
class BarredBy:
    """A rule in words, and whom it would have barred: `caught` of those sent back, `lost` of those accepted and kept, `sqls` of these became SQLs."""

    rule: str
    caught: int
    lost: int
    sqls: int
    speaks: str


@dataclass(frozen=True)
class Barring:
    """A definition held against what sales judged. number: of the version; is_draft: it is on the table. rules: the most telling first."""

    number: int
    name: str
    is_draft: bool
    whole: BarredBy
    rules: tuple[BarredBy, ...]


@dataclass(frozen=True)
class Rejections:
    """Passes that opened in the quarter, first passes alone: sent back, or accepted and kept. reasons: class -> how many, the commonest first.

    why_not: rejections are not recorded, a sentence without its full stop.
    """

    rejected: int
    accepted: int
    reasons: tuple[tuple[str, int], ...]
    barring: tuple[Barring, ...]
    why_not: str = ""


@dataclass(frozen=True)
class Draft:
    """One draft on the table. changes: against `against` (a version's number, None: there is none to compare with), with what each does in the
    simulation ('' where nothing is known); same: how much does not change. figures: headline figures of its frozen simulation, {}: not simulated.
    signed: sides that signed it."""

    number: int
    name: str
    effective: date
    state: str
    against: int | None
    changes: tuple[tuple[Change, str], ...]
    same: int
    figures: Mapping[str, str]
    signed: tuple[str, ...]
    opinion: Opinion


@dataclass(frozen=True)
class Quarter:
    """Everything. is_over: the data reach to its last day. weeks_without: weeks over that no version judges. coming: published, and begin later.

    next_review: the day to look at it again, if nothing else is decided. not_recorded: what the history does not record and the review would tell.
    """

    span: Span
    is_over: bool
    has_data: bool
    data_through: datetime
    time_zone: str
    signed: tuple[Signed, ...]
    weeks_over: int
    weeks_without: int
    volume: tuple[VolumeWeek, ...]
    rejections: Rejections
    drafts: tuple[Draft, ...]
    coming: tuple[tuple[int, str, date], ...]
    next_review: date
    not_recorded: tuple[str, ...] = field(default=())

    def promise(self, kind: str) -> Reviewed | None:
        """The promise of that kind, of the latest version that makes it."""
        return next((one for version in reversed(self.signed) for one in version.promises if one.kind == kind), None)
