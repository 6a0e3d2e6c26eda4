"""A definition against a history: unknown names are refused, what no lead ever had is said."""

from __future__ import annotations

from plumbline.definition.kinds import OPERATORS
from plumbline.definition.model import ActivityRule, Definition, FieldRule, Known
from plumbline.definition.parse import nearest
from plumbline.errors import InputError
from plumbline.text import common_form, fold

# Names that any history may have (known attributes, usual acts): to ask for one that this history lacks is no slip of the pen.
USUAL_ACTIVITIES = (
    "careers_page", "contact_request", "demo_request", "download", "email_click", "email_open", "event_visit", "form_submit",
    "pricing_page", "trial_start", "unsubscribe", "web_visit", "webinar",
)  # fmt: skip


def check(definition: Definition, known: Known, usual_fields: tuple[str, ...], where: str = "definition") -> list[str]:
    """Notes, each a sentence, on what the history cannot tell. Raises InputError for a name that nothing has."""
    notes = []
    acts = {common_form(name) for name in known.activities}
    for name in definition.required_fields:
        _field(name, known, usual_fields, f"{where}, required_fields")
    for place, rule in definition.rules():
        if isinstance(rule, FieldRule):
            _field(rule.field, known, usual_fields, f"{where}, {place}")
        elif common_form(rule.activity) not in acts and rule.activity not in USUAL_ACTIVITIES:
            raise InputError(f"no lead ever did {rule.activity[:60]!r}", f"{where}, {place}", nearest(rule.activity, known.activities))
    for name in definition.fields():
        if name not in known.fields:
            notes.append(f"This history has no field {name}: it counts as not known for every lead.")
    for name in definition.activities():
        if common_form(name) not in acts:
            notes.append(f"No lead of this history ever did {name}.")
    today = [name for name in definition.fields() if name in known.untracked]
    if today:
        notes.append(f"Value of today: changes of {', '.join(today)} were not recorded, so the replay sees what they are now.")
    return notes


def _field(name: str, known: Known, usual: tuple[str, ...], where: str) -> None:
    if name not in known.fields and name not in usual:
        raise InputError(f"no lead has a field {name[:60]!r}", where, nearest(name, known.fields))


def unmet_values(definition: Definition, values: dict[str, set[str]]) -> list[str]:
    """Notes on rules whose text no lead ever had. `values`: field -> case-folded texts that occur (only fields of few values)."""
    notes = []
    for place, rule in definition.rules():
        if isinstance(rule, ActivityRule) or rule.field not in values or OPERATORS[rule.operator].takes not in ("value", "values"):
            continue
        wanted = rule.value if isinstance(rule.value, tuple) else (rule.value,)
        for one in wanted:
            if isinstance(one, str) and fold(one) not in values[rule.field]:
                notes.append(f"{place}: no lead ever had {rule.field} {one}; {nearest(one, sorted(values[rule.field]))}.")
    return notes
