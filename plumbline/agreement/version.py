"""A version of the agreement as a value: its text, what is frozen with it, who signed, and the state that all of that makes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from plumbline.agreement.model import Agreement
from plumbline.agreement.parse import parse

SIDES = ("marketing", "sales")
OPEN = ("draft", "simulated", "signed", "needs_attention")  # states in which a version may still be signed
STATES = (*OPEN, "published", "superseded", "ended", "declined", "withdrawn")


@dataclass(frozen=True)
class Signature:
    """`acknowledged`: fields of today that the signer acknowledged. `left_at`: since when the signer no longer holds the role; "" while he does."""

    signature_id: int
    side: str
    by: str
    at: str
    seal: str
    acknowledged: tuple[str, ...]
    left_at: str


@dataclass(frozen=True)
class Decline:
    side: str
    by: str
    at: str
    why: str


@dataclass(frozen=True)
class Ending:
    side: str
    by: str
    at: str
    last_day: date
    why: str


@dataclass(frozen=True)
class Frozen:
    """The simulation that signatures bind. `fingerprint`: SHA-256 of the snapshot's file; `product`: the version of Plumbline that ran it;
    `results`: canonical JSON; `of_today`: fields whose changes are not recorded, to be acknowledged by whoever signs."""

    at: str
    by: str
    snapshot: str
    fingerprint: str
    product: str
    seed: int
    results: bytes
    of_today: tuple[str, ...]

    def told(self) -> dict[str, object]:
        """The results as a value."""
        return json.loads(self.results)


@dataclass(frozen=True)
class Version:
    """`edition` grows with every change of its text. `superseded_on`: the effective day of the version that was published after it."""

    number: int
    name: str
    description: str
    yaml: str
    canonical: bytes
    effective: date
    edition: int
    seal: str
    made_at: str
    made_by: str
    edited_at: str
    edited_by: str
    frozen: Frozen | None
    signatures: tuple[Signature, ...]
    declines: tuple[Decline, ...]
    endings: tuple[Ending, ...]
    published_at: str
    published_by: str
    withdrawn_at: str
    withdrawn_by: str
    superseded_on: date | None = None

    @property
    def where(self) -> str:
        return f"agreement {self.number}"

    def agreement(self) -> Agreement:
        """What its text says."""
        return parse(self.yaml, self.where)

    def state(self, today: date) -> str:
        """One of STATES."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.published_at:
            if self.superseded_on is not None and self.superseded_on <= min(today, self.last_day or today):
                return "superseded"
            return "ended" if self.last_day is not None else "published"
        if self.declines:
            return "declined"
        if any(one.left_at for one in self.signatures):
            return "needs_attention"
        return "signed" if self.signatures else "simulated" if self.frozen else "draft"

    @property
    def last_day(self) -> date | None:
        """The last day in force, where both sides signed the ending."""
        return self.endings[0].last_day if len(self.endings) == len(SIDES) else None

    @property
    def is_called_off(self) -> bool:
        """Published, and ended before its first day: it never was in force."""
        return self.last_day is not None and self.last_day < self.effective

    def is_in_force(self, day: date) -> bool:
        return (
            bool(self.published_at)
            and self.effective <= day
            and (self.superseded_on is None or day < self.superseded_on)
            and (self.last_day is None or day <= self.last_day)
        )

    def signature(self, side: str) -> Signature | None:
        return next((one for one in self.signatures if one.side == side), None)

    def shown(self, today: date) -> dict[str, object]:
        """What `agreement show` prints."""
        return {
            "id": self.number,
            "number": self.number,
            "name": self.name,
            "state": self.state(today),
            "effective": self.effective,
            "seal": self.seal,
            "signatures": [{"side": one.side, "by": one.by, "signed_at": one.at} for one in self.signatures],
        }


def of_row(row: dict) -> Version:
    """A version from its row in the store (plumbline/state/agreements)."""
    frozen = None
    if row["simulated_at"]:
        names = ("simulated_at", "simulated_by", "snapshot", "fingerprint", "product", "seed")
        frozen = Frozen(*(row[name] for name in names), bytes(row["results"]), tuple(json.loads(row["of_today"])))
    texts = ("seal", "made_at", "made_by", "edited_at", "edited_by")
    return Version(
        row["number"],
        row["name"],
        row["description"],
        row["yaml"],
        bytes(row["canonical"]),
        date.fromisoformat(row["effective"]),
        row["edition"],
        *(row[name] for name in texts),
        frozen,
        tuple(
            Signature(
                one["signature_id"],
                one["side"],
                one["signed_by"],
                one["signed_at"],
                one["seal"],
                tuple(json.loads(one["acknowledged"])),
                one["left_at"] or "",
            )
            for one in row["signatures"]
        ),
        tuple(Decline(one["side"], one["declined_by"], one["declined_at"], one["why"]) for one in row["declines"]),
        tuple(Ending(one["side"], one["ended_by"], one["ended_at"], date.fromisoformat(one["last_day"]), one["why"]) for one in row["endings"]),
        *(row[name] or "" for name in ("published_at", "published_by", "withdrawn_at", "withdrawn_by")),
    )
