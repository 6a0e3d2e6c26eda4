"""An agreement as a data contract file of the Open Data Contract Standard (ODCS, version 3.1): the fields asked of a lead, and the promises as its
service levels. It says no more than the agreement does; what the standard has no place for stands in `description` and `customProperties`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from plumbline.agreement.check import asked_fields
from plumbline.agreement.figures import plain
from plumbline.agreement.model import Agreement, Promise
from plumbline.agreement.promises import KINDS, sentence
from plumbline.agreement.review import review_day
from plumbline.agreement.words import told
from plumbline.definition.kinds import OPERATORS
from plumbline.definition.model import Definition, FieldRule
from plumbline.definition.write import text_of
from plumbline.wording import day

API_VERSION = "v3.1.0"
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_STATUS = {"published": "active", "superseded": "deprecated", "ended": "retired", "withdrawn": "retired", "declined": "retired"}


def to_odcs(agreement: Agreement, identity: str, version: str, state: str = "draft", seal: str = "") -> str:
    """The YAML text. identity, version: of the contract; state: of the agreement's version (draft, signed, published ...); seal: "" without one."""
    contract: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": identity,
        "name": agreement.name,
        "version": version,
        "status": _STATUS.get(state, "draft" if state == "draft" else "proposed"),
        "description": {
            "purpose": agreement.description or "What marketing and sales promise each other about leads.",
            "usage": " ".join(line.sentence for line in told(agreement) if line.kind in ("qualified", "never")),
            "limitations": "A promise is judged week by week, by the deadlines that fall in it; the agreement itself says how, this file only what.",
        },
        "schema": [
            {
                "name": "leads",
                "logicalType": "object",
                "description": "One row per lead that marketing hands over to sales.",
                "properties": [_lead_id(), *(_property(agreement, name) for name in asked_fields(agreement) if name != "lead_id")],
            }
        ],
        "slaProperties": [_in_force(agreement), *(_service_level(agreement, one) for one in agreement.promises)],
        "customProperties": [{"property": "reviewDue", "value": review_day(agreement.effective).isoformat()}],
    }
    if seal:
        contract["customProperties"].append({"property": "seal", "value": seal})
    return text_of(contract)


def _lead_id() -> dict[str, Any]:
    return {"name": "lead_id", "logicalType": "string", "required": True, "unique": True, "primaryKey": True, "primaryKeyPosition": 1}


def _property(agreement: Agreement, name: str) -> dict[str, Any]:
    """A field of the lead. Only what every lead must have is `required`; where a share is promised, it is a rule of quality."""
    told: dict[str, Any] = {"name": name, "logicalType": _type(agreement, name)}
    handed_over, at_sql = agreement.promise("required_fields"), agreement.promise("evidence")
    quality: list[dict[str, Any]] = []
    if handed_over and name in agreement.required_fields():
        told["required"] = handed_over.share == 1
        missing = _number(100 * (1 - handed_over.share))
        words = sentence(handed_over, agreement.required_fields())
        quality.append({"type": "library", "metric": "nullValues", "mustBeLessOrEqualTo": missing, "unit": "percent", "description": words})
    if at_sql and name in at_sql.fields:
        quality.append({"type": "text", "description": sentence(at_sql)})
    return told | ({"quality": quality} if quality else {})


def _type(agreement: Agreement, name: str) -> str:
    """What the rules take the field for: a number, yes or no, or a text."""
    definitions: list[Definition] = [one for one in (agreement.qualified, agreement.accepted, agreement.sales_qualified) if one]
    rules = [rule for one in definitions for _, rule in one.rules() if isinstance(rule, FieldRule) and rule.field == name]
    if any(OPERATORS[rule.operator].takes in ("number", "range") for rule in rules):
        return "number"
    return "boolean" if any(isinstance(rule.value, bool) and OPERATORS[rule.operator].takes == "value" for rule in rules) else "string"


def _in_force(agreement: Agreement) -> dict[str, Any]:
    begins = agreement.effective
    return {"property": "generalAvailability", "value": begins.isoformat(), "description": f"In force from {day(begins)} on."}


def _service_level(agreement: Agreement, promise: Promise) -> dict[str, Any]:
    """`value`: the limit, or where there is none the count or the share in percent; `valueExt`: the share in percent beside a limit or a count."""
    kind = KINDS[promise.kind]
    fields = agreement.required_fields() if promise.kind == "required_fields" else ()
    limit = kind.limit(promise)
    share = None if promise.share is None else _number(100 * promise.share)
    if limit:
        value, unit = limit.number, _UNITS[limit.unit]
    elif promise.leads or promise.per_rep:
        value, unit = promise.leads or promise.per_rep, "leads per quarter" if promise.leads else "open leads per rep"
    else:
        value, unit, share = share, "percent", None
    told = {"property": promise.kind, "value": value, **({} if share is None else {"valueExt": share}), "unit": unit}
    words = f"{sentence(promise, fields)} {kind.measured[:1].upper()}{kind.measured[1:]}."
    return told | {"element": "leads", "driver": "operational", "description": words}


def _number(value: Decimal) -> int | float:
    text = plain(value)
    return float(text) if "." in text else int(text)
