"""What is wrong with the text of a draft, each fault with the place in the form where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plumbline.agreement.faults import AgreementFaults
from plumbline.agreement.model import Agreement
from plumbline.agreement.parse import DEFINITIONS, parse
from plumbline.agreement.promises import KEYS, KINDS
from plumbline.errors import InputError

WHERE = "the draft"
_LABELS = {
    "": "The draft", "name": "Name", "description": "Description", "effective": "Effective day", "qualified": "A qualified lead",
    "accepted": "What a lead shows at acceptance", "sales_qualified": "What is on record at SQL",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """`place`: a kind of promise, name, description, effective, qualified, accepted, sales_qualified, or "" for the whole. `path`: where it stands in
    the file; `sentence`: what is wrong, and what would be right."""

    place: str
    path: str
    sentence: str

    @property
    def whole(self) -> str:
        """With its place, for the list of all faults."""
        return f"{KINDS[self.place].title if self.place in KINDS else _LABELS[self.place]}: {self.sentence}"


@dataclass(frozen=True)
class Judged:
    """`agreement`: what the text says; None where it cannot be read. `faults`: all of them at once."""

    agreement: Agreement | None
    faults: tuple[Fault, ...]


def judge(text: str, held_against: Callable[[Agreement], list[str]] = lambda _: []) -> Judged:
    """Reads a text, and where it can be read holds it against the history. held_against: gives lines as `check` does, with WHERE."""
    try:
        agreement = parse(text, WHERE)
    except AgreementFaults as faults:
        return Judged(None, tuple(fault_of(line) for line in faults.lines))
    except InputError as refusal:
        return Judged(None, (fault_of(refusal.one_line),))
    return Judged(agreement, tuple(fault_of(line) for line in held_against(agreement)))


def fault_of(line: str) -> Fault:
    """A line of `parse` or `check` as a fault."""
    path, _, told = line.partition(": ") if line.startswith(WHERE) else ("", "", line)
    names = path.removeprefix(WHERE).strip(", ").split(", ")
    what, _, to_do = told.partition("; ")
    key = names[-1] if names[-1] in KEYS and what.startswith("is ") else ""
    said = f"{key.replace('_', ' ')} {what}" if key else what
    end = "?" if to_do.startswith("did you mean") else "."
    sentence = f"{said[:1].upper()}{said[1:]}" + (f"; {to_do}" if to_do else "") + end
    place = next((name for name in names if name in KINDS), next((name for name in names if name in DEFINITIONS), ""))
    if not place:
        first = what.removeprefix("has no ").removeprefix("begins on").split(" ")[0]
        place = first if first in ("name", "description", "effective", *DEFINITIONS) else "effective" if "effective" in names else ""
    return Fault(place, ", ".join(name for name in names if name), sentence)
