"""What is still amiss in the form of a mapping, field by field and all at once, in the words of the form. No screen."""

from __future__ import annotations

from collections.abc import Mapping

from plumbline import patterns, wording
from plumbline.clock import time_zone
from plumbline.errors import InputError
from plumbline.history.schema import TABLES
from plumbline.importing import amounts
from plumbline.importing.preview import Look
from plumbline.ui.importing.form import LABELLED, FileForm, Form

Place = tuple[str, str]  # file, field; file "" for what holds for all
ZONE, DATES, DECIMAL, LABELS, OUTCOMES, TABLE = "time_zone", "date_format", "decimal", "labels", "outcomes", "table"
_SHOWN = 4


def problems(form: Form, looks: Mapping[str, Look]) -> dict[Place, str]:
    """A sentence for each field that is wanting or cannot be right. Empty: nothing that can be told before every row is read."""
    found: dict[Place, str] = {}
    for file in form.files:
        if file.table and file.file in looks:
            found |= {(file.file, name): text for name, text in _file(file, form, looks[file.file]).items()}
    if form.files and not any(file.table for file in form.files):
        found["", TABLE] = "No file feeds anything yet: say what one row of it is."
    if form.date_format and (refusal := patterns.problem(form.date_format)):
        found["", DATES] = refusal
    local = [column for file in form.files if file.file in looks for column in _without_zone(file, looks[file.file])]
    if form.time_zone and (refusal := _zone(form.time_zone)):
        found["", ZONE] = refusal
    elif local and not form.time_zone:
        first, *others = dict.fromkeys(local)
        more = f" and {wording.plural(len(others), 'other column')}" if others else ""
        found["", ZONE] = f"No zone is said in {first}{more}: choose the one in which they were written."
    return found


def _zone(name: str) -> str:
    try:
        time_zone(name, "")
    except InputError as refusal:
        return refusal.what
    return ""


def _file(file: FileForm, form: Form, look: Look) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in TABLES[file.table].required:
        if name not in file.columns:
            found[name] = "Needed: choose its column."
    for name, column in [*file.columns.items(), *file.stage_dates.items(), ("owner", file.owner), ("reason", file.reason), ("amount", file.amount)]:
        if column and column not in look.header:
            found[name] = f"The file has no column “{column}”."
    for name, column in file.times().items():
        if name not in found and (text := _date(column, file, form, look)):
            found[name] = text
    for name, column in _amounts(file).items():
        if name not in found and (text := _amount(column, form, look)):
            found[name] = text
    if file.table in LABELLED:
        column = file.columns.get(LABELLED[file.table], "")
        if text := _unmapped(look.labels.get(column, []), file.labels, TABLES[file.table].column(LABELLED[file.table]).allowed):
            found[LABELS] = text
    outcomes = look.labels.get(file.columns.get("outcome", ""), []) if file.table == "touches" else []
    if text := _unmapped(outcomes, file.outcomes, TABLES["touches"].column("outcome").allowed):
        found[OUTCOMES] = text
    return found


def _date(column: str, file: FileForm, form: Form, look: Look) -> str:
    known = look.times.get(column)
    if known is None:
        sample = next((row[look.header.index(column)] for row in look.rows if row[look.header.index(column)].strip()), "")
        return f"Holds no dates that can be read ({wording.shortened(sample, 30)})." if sample else ""
    patterns = known["patterns"]
    declared = file.formats.get(column) or form.date_format
    if not patterns:
        return f"Its dates are written in several ways ({known['sample']} and others): clean the column, or say the way as text."
    if declared and declared not in patterns and patterns != [""]:
        return f"{known['sample']} is not written so: choose another way in which dates are written."
    if not declared and len(patterns) > 1:
        return f"{known['sample']} could be day/month or month/day: choose above how dates are written."
    if not declared and patterns[0]:
        return f"{known['sample']}: choose above how dates are written."
    return ""


def _without_zone(file: FileForm, look: Look) -> list[str]:
    return [column for column in dict.fromkeys(file.times().values()) if not look.times.get(column, {"has_zone": True})["has_zone"]]


def _amounts(file: FileForm) -> dict[str, str]:
    """Field -> column, of the fields that hold a number."""
    kinds = {column.name: column.kind for column in TABLES[file.table].columns}
    found = {name: column for name, column in file.columns.items() if kinds.get(name) == "number"}
    return found | ({"amount": file.amount} if file.amount else {})


def _amount(column: str, form: Form, look: Look) -> str:
    known = look.numbers.get(column)
    if known is None or form.decimal or known["mark"] or not known["open"]:
        return ""
    point, comma = amounts.readings(known["open"])
    return f"{known['open']} could be {comma:,.15g} or {point:,.15g}: choose above how fractions are written."


def _unmapped(labels: list[str], mapped: Mapping[str, str | None], ours: tuple[str, ...]) -> str:
    """Which labels mean nothing yet; our own need no mapping, where none is mapped at all."""
    left = [label for label in labels if label not in mapped and (mapped or label not in ours)]
    if not left:
        return ""
    more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
    return f"Not mapped yet: {', '.join(wording.shortened(label, 40) for label in left[:_SHOWN])}{more}."
