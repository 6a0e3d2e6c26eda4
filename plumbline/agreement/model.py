"""An agreement as a value: what its YAML says, checked. Two equal agreements judge every week alike (name and description apart).

Agreement
├── effective         the first day on which it is in force
├── qualified         the definition of a qualified lead
├── accepted          what a lead should show when sales accepts it (optional)
├── sales_qualified   what should be on record at SQL (optional)
└── promises          one or more, in the order of the file: both sides', marketing's, sales'
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from plumbline.definition.model import Definition

Side = Literal["both", "marketing", "sales"]
MICROS = {"m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}


@dataclass(frozen=True)
class Within:
    """A limit of time as it is written: a whole number over 0 of minutes (m), hours (h) or days of 24 hours (d)."""

    number: int
    unit: str

    @property
    def micros(self) -> int:
        """The limit in microseconds."""
        return self.number * MICROS[self.unit]

    @property
    def text(self) -> str:
        """'30m', '24h', '14d'."""
        return f"{self.number}{self.unit}"


@dataclass(frozen=True)
class Promise:
    """One promise. `kind`: its name in the file (first_touch); what it does not take is None or empty.

    share: of the items, the decimal as it is written (0 < share <= 1); None: the target is a number (volume).
    clock: 'wall' or 'working' (the hours of the teams). fields: for required_fields empty means those of `qualified`.
    leads: qualified leads a quarter (volume). per_rep: open leads that a rep has at most.
    """

    kind: str
    share: Decimal | None = None
    within: Within | None = None
    clock: str = "wall"
    calls: int = 0
    emails: int = 0
    fields: tuple[str, ...] = ()
    leads: int | None = None
    per_rep: int | None = None


@dataclass(frozen=True)
class Agreement:
    """What both sides sign. `promises`: in the order of plumbline/agreement/promises, each kind at most once."""

    name: str
    effective: date
    qualified: Definition
    promises: tuple[Promise, ...]
    accepted: Definition | None = None
    sales_qualified: Definition | None = None
    description: str = ""

    def promise(self, kind: str) -> Promise | None:
        """The promise of that kind, if it is made."""
        return next((one for one in self.promises if one.kind == kind), None)

    def required_fields(self) -> tuple[str, ...]:
        """The fields that the promise `required_fields` asks for: its own, else those of the definition."""
        promise = self.promise("required_fields")
        return (promise.fields or self.qualified.required_fields) if promise else ()
