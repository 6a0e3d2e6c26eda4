"""The one table of promise kinds: the keys that each takes in YAML, what it says in English, how it is measured, what a history must record for it.

docs/agreement.md says what each looks at; the order here is that of the file, of scorecards and of documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plumbline.agreement.figures import fields_words, limit_words, percent
from plumbline.agreement.model import Promise, Side, Within
from plumbline.wording import count, listing, plural

_TO_HAND_OVER = ("owners",)
_UNLESS = "unless the lead is reached, becomes an SQL or leaves before"


@dataclass(frozen=True)
class Kind:
    """One kind of promise.

    says       the English sentence, from a promise and the fields that it asks for
    measured   "measured by ...", one clause
    required, optional   its keys in YAML; example: them as they are written
    needs      what a history must record for it (things of plumbline/history/recorded)
    between    the things whose times its limit is measured between: where one is known by the day alone, no limit under a day can be judged
    items      the thing whose rows are its items ("" where they are handed-over passes or reps)
    fixed      the limit that the kind itself sets
    """

    name: str
    side: Side
    title: str
    says: Callable[[Promise, Sequence[str]], str]
    measured: str
    required: tuple[str, ...]
    example: str
    optional: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    items: str = ""
    fixed: Within | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that it takes, in the order in which they are written."""
        return tuple(key for key in KEYS if key in self.required or key in self.optional)

    @property
    def has_share(self) -> bool:
        """Whether its target is a share of items; else it is a number (volume)."""
        return "share" in self.required

    @property
    def has_clock(self) -> bool:
        """Whether its limit may be of working time."""
        return "clock" in self.optional

    def limit(self, promise: Promise) -> Within | None:
        """The limit of its items: what the promise says, else what the kind itself sets; None: due at once."""
        return promise.within or self.fixed


KEYS = ("leads", "per_rep", "fields", "calls", "emails", "within", "share", "clock")


def _for(promise: Promise, many: str, one: str) -> str:
    return f"for every {one}" if promise.share == 1 else f"for at least {percent(promise.share)} of the {many}"


def _shared(clause: str, many: str = "leads", one: str = "lead") -> Callable[[Promise, Sequence[str]], str]:
    """A sentence with {limit} and {fields} in its clause, and its share at the end."""

    def says(promise: Promise, fields: Sequence[str]) -> str:
        limit = limit_words(promise.within, promise.clock) if promise.within else ""
        return f"{clause.format(limit=limit, fields=fields_words(fields))}, {_for(promise, many, one)}."

    return says


def _volume(promise: Promise, _fields: Sequence[str]) -> str:
    return f"Marketing brings {plural(promise.leads, 'qualified lead')} a quarter: leads that meet the definition when they become an MQL."


def _meets_definition(promise: Promise, _fields: Sequence[str]) -> str:
    if promise.share == 1:
        return "Every lead meets the definition of a qualified lead when it becomes an MQL."
    return f"At least {percent(promise.share)} of the leads meet the definition of a qualified lead when they become an MQL."


def _required_fields(promise: Promise, fields: Sequence[str]) -> str:
    asked = fields_words(fields or promise.fields) or "every required field of the definition"
    return f"Marketing hands a lead over with {asked} on record, {_for(promise, 'leads', 'lead')}."


def _touches(promise: Promise, _fields: Sequence[str]) -> str:
    made = listing([plural(n, name) for n, name in ((promise.calls, "call"), (promise.emails, "email")) if n])
    limit = limit_words(promise.within)
    return f"Sales makes at least {made} to a lead within {limit} after hand-over, {_UNLESS}, {_for(promise, 'leads', 'lead')}."


def _first_week_calls(promise: Promise, _fields: Sequence[str]) -> str:
    often = "once" if promise.calls == 1 else f"{count(promise.calls)} times"
    return f"Sales calls a lead at least {often} within 7 days after hand-over, {_UNLESS}, {_for(promise, 'leads', 'lead')}."


def _evidence(promise: Promise, fields: Sequence[str]) -> str:
    return f"Sales has {fields_words(fields or promise.fields)} on record when a lead becomes an SQL, {_for(promise, 'SQLs', 'SQL')}."


def _open_leads(promise: Promise, _fields: Sequence[str]) -> str:
    if promise.share == 1:
        return f"No rep has more than {plural(promise.per_rep, 'open lead')} at the end of a week."
    return f"At least {percent(promise.share)} of the reps have no more than {plural(promise.per_rep, 'open lead')} at the end of a week."


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "acceptance",
            "both",
            "Acceptance",
            _shared("Sales accepts a lead within {limit} after it became an MQL"),
            "measured by the stage SAL or a later one, of every pass with an MQL of its own; a lead that left before was not accepted",
            ("within", "share"),
            "{within: 14d, share: 0.9}",
            between=("stage:mql", "stage:sal"),
            items="stage:mql",
        ),
        Kind(
            "volume",
            "marketing",
            "Qualified leads",
            _volume,
            "measured by the MQLs of the week that meet the definition at that instant, against the week's part of the quarter's working days",
            ("leads",),
            "{leads: 390}",
            items="stage:mql",
        ),
        Kind(
            "meets_definition",
            "marketing",
            "Meets the definition",
            _meets_definition,
            "measured by what was known of the lead when it became an MQL",
            ("share",),
            "{share: 0.95}",
            items="stage:mql",
        ),
        Kind(
            "required_fields",
            "marketing",
            "Required fields",
            _required_fields,
            "measured by what was on record at the hand-over, or within 60 seconds after it",
            ("share",),
            "{share: 0.95}",
            optional=("fields",),
            needs=_TO_HAND_OVER,
        ),
        Kind(
            "hand_over",
            "marketing",
            "Hand-over",
            _shared("Marketing hands a lead over to a rep within {limit} after it became an MQL"),
            "measured by the first rep who owned the lead as an MQL; nothing else ends the wait",
            ("within", "share"),
            "{within: 4h, share: 0.9}",
            optional=("clock",),
            needs=_TO_HAND_OVER,
            between=("stage:mql", "owners"),
            items="stage:mql",
        ),
        Kind(
            "returned",
            "marketing",
            "Rejected leads",
            _shared(
                "Marketing hands a rejected lead over again, or gives it up, within {limit} after the rejection", "rejected leads", "rejected lead"
            ),
            "measured by the hand-over of the lead's next pass, or a later change to disqualified or lost",
            ("within", "share"),
            "{within: 10d, share: 0.8}",
            between=("exit:rejected", "stage:mql", "owners", "exit:disqualified", "exit:lost"),
            items="exit:rejected",
        ),
        Kind(
            "recycled",
            "marketing",
            "Recycled leads",
            _shared(
                "Marketing writes to a recycled lead, or brings it back, within {limit} after it was recycled", "recycled leads", "recycled lead"
            ),
            "measured by the first automated touch that went out after it, or the opening of the lead's next pass",
            ("within", "share"),
            "{within: 60d, share: 0.5}",
            needs=("touches",),
            between=("exit:recycled", "automated", "stage:mql"),
            items="exit:recycled",
        ),
        Kind(
            "decision",
            "sales",
            "Decision",
            _shared("Sales accepts a lead or lets it go within {limit} after hand-over"),
            "measured by the stage SAL or a later one, or by an exit; a repeated MQL decides nothing",
            ("within", "share"),
            "{within: 24h, share: 0.9}",
            optional=("clock",),
            needs=_TO_HAND_OVER,
            between=("stage:mql", "owners", "stage:sal", "exits"),
        ),
        Kind(
            "first_touch",
            "sales",
            "First touch",
            _shared("Sales tries a lead for the first time within {limit} after hand-over"),
            "measured by the first outbound touch of a person; a contact or an exit ends the wait too",
            ("within", "share"),
            "{within: 30m, share: 0.8, clock: working}",
            optional=("clock",),
            needs=("touches", *_TO_HAND_OVER),
            between=("stage:mql", "owners", "attempts", "contacts", "exits"),
        ),
        Kind(
            "follow_up",
            "sales",
            "Follow-up",
            _shared("Sales gets back to an accepted lead within {limit} after it was accepted", "accepted leads", "accepted lead"),
            "measured by an outbound touch of a person since the acceptance, or a contact of the same pass; an exit or an SQL ends the wait too",
            ("within", "share"),
            "{within: 48h, share: 0.9}",
            optional=("clock",),
            needs=("touches",),
            between=("stage:sal", "attempts", "contacts", "exits", "stage:sql"),
            items="stage:sal",
        ),
        Kind(
            "touches",
            "sales",
            "Calls and emails",
            _touches,
            "measured by outbound calls and emails of persons since the hand-over; a contact, an SQL or an exit ends the duty",
            ("within", "share"),
            "{calls: 3, emails: 3, within: 14d, share: 0.8}",
            optional=("calls", "emails"),
            needs=("touches", *_TO_HAND_OVER),
            between=("stage:mql", "owners", "attempts", "contacts", "exits", "stage:sql"),
        ),
        Kind(
            "first_week_calls",
            "sales",
            "Calls in the first week",
            _first_week_calls,
            "measured by outbound calls of persons since the hand-over; a contact, an SQL or an exit ends the duty",
            ("calls", "share"),
            "{calls: 4, share: 0.8}",
            needs=("touches", *_TO_HAND_OVER),
            between=("stage:mql", "owners", "attempts", "contacts", "exits", "stage:sql"),
            fixed=Within(7, "d"),
        ),
        Kind(
            "status",
            "sales",
            "Stage kept up",
            _shared("Sales moves a lead on, or lets it go, within {limit} after it entered a stage", "stages entered", "stage entered"),
            "measured by a later stage, an exit or a repeated MQL, for each stage from MQL to opportunity of a lead that was handed over",
            ("within", "share"),
            "{within: 14d, share: 0.9}",
            needs=_TO_HAND_OVER,
            between=("stage:mql", "stage:sal", "stage:sql", "stage:opportunity", "stage:won", "owners", "exits"),
        ),
        Kind(
            "reason",
            "sales",
            "Reason for leaving",
            _shared("Sales says why a lead left (rejected, recycled, disqualified or lost)", "leads that left", "lead that left"),
            "measured by the reason that stands with the exit",
            ("share",),
            "{share: 1.0}",
            items="exits",
        ),
        Kind(
            "evidence",
            "sales",
            "Evidence at SQL",
            _evidence,
            "measured by what was on record when the lead became an SQL, or within 60 seconds after it",
            ("fields", "share"),
            "{fields: [need, budget], share: 0.9}",
            items="stage:sql",
        ),
        Kind(
            "open_leads",
            "sales",
            "Open leads a rep",
            _open_leads,
            "measured by the open leads whose latest owner is that rep, at the end of the week; reps without one are not counted",
            ("per_rep", "share"),
            "{per_rep: 500, share: 1.0}",
            needs=_TO_HAND_OVER,
        ),
    )
}
SIDES: tuple[Side, ...] = ("both", "marketing", "sales")
WITH_CLOCK = tuple(name for name, kind in KINDS.items() if kind.has_clock)


def kinds_of(side: Side) -> tuple[str, ...]:
    """The names of one side's promises, in order."""
    return tuple(name for name, kind in KINDS.items() if kind.side == side)


def sentence(promise: Promise, fields: Sequence[str] = ()) -> str:
    """A promise in English, with its full stop. fields: what `required_fields` asks for where the promise itself names none."""
    return KINDS[promise.kind].says(promise, promise.fields or fields)
