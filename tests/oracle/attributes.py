"""An attribute of a lead as it was known at an instant (docs/definitions.md, "When a lead qualifies")."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from .history import Lead


def shown(value: object) -> str | None:
    """ "Text is normalised once, at import: NFC, outer and repeated white space folded"; "A missing value is null." """
    if value is None:
        return None
    text = " ".join(unicodedata.normalize("NFC", str(value)).split())
    return text or None


def compared(value: object) -> str | None:
    """ "attribute texts are compared in rules and filters by a stored case-folded form (Unicode full case folding)" """
    text = shown(value)
    return None if text is None else text.casefold()


def known_at(change: dict, lead: Lead) -> datetime:
    """ "An event is known at max(occurred_at, recorded_at, the lead's created_at)"; recorded_at "defaults to occurred_at"."""
    recorded_at = change.get("recorded_at") or change["occurred_at"]
    return max(change["occurred_at"], recorded_at, lead.created_at)


def changes_in_order(lead: Lead, field: str) -> list[dict]:
    """ "by known-time, then occurred_at, then line" """
    own = [(known_at(row, lead), row["occurred_at"], line, row) for line, row in lead.lead_changes if row["field"] == field]
    own.sort(key=lambda item: item[:3])
    return [row for *_, row in own]


def value_at(lead: Lead, field: str, t: datetime) -> str | None:
    """ "an attribute has the value of its latest known change; before its first change it has that change's old_value
    (none given: missing); an attribute that never changed has the value of `leads`"
    """
    changes = changes_in_order(lead, field)
    if not changes:
        return shown(lead.attributes.get(field))
    known = [row for row in changes if known_at(row, lead) <= t]
    if not known:
        return shown(changes[0].get("old_value"))
    return shown(known[-1].get("value"))


def values_at(lead: Lead, t: datetime) -> dict[str, str | None]:
    """Every attribute of the lead as known at `t`: columns of leads and fields that changed."""
    fields = dict.fromkeys([*lead.attributes, *(row["field"] for _, row in lead.lead_changes)])
    return {field: value_at(lead, field, t) for field in fields}
