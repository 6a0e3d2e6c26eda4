"""A mapping (plumbline/importing/mapped.py) as a form: what its fields say as a document, and the form of a document that says no more. No screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from plumbline.history.schema import EXITS, STAGES, TABLES
from plumbline.importing.entries import LONGEST

MISSING = ("", "N/A", "-")
AN_ACT = "(an act of the lead)"  # as a channel: rows of this label are acts of the lead, not touches
LABELLED = {"stage_changes": "stage", "touches": "channel"}  # the column of a table whose labels are mapped
_TOP = {"time_zone", "date_format", "missing", "decimal", "files"}


@dataclass(frozen=True)
class FileForm:
    """One file: the table it feeds ("" = none), canonical column -> column of the file, label -> stage or channel (None: means nothing),
    for touches label -> outcome, and column of the file -> the pattern of its dates where it has one of its own.

    For a file of leads: stage -> the column that holds its date, and the columns of owner, reason of an exit and value of the deal.
    """

    file: str
    table: str = ""
    delimiter: str = ","
    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str | None] = field(default_factory=dict)
    stage_dates: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str | None] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    owner: str = ""
    reason: str = ""
    amount: str = ""

    def times(self) -> dict[str, str]:
        """Field -> column of the file, of the fields that hold a date."""
        kinds = {column.name: column.kind for column in TABLES[self.table].columns} if self.table else {}
        return {name: column for name, column in self.columns.items() if kinds.get(name) in ("time", "date")} | dict(self.stage_dates)


@dataclass(frozen=True)
class Form:
    files: tuple[FileForm, ...] = ()
    time_zone: str = ""
    date_format: str = ""
    missing: tuple[str, ...] = MISSING
    decimal: str = ""


def document(form: Form) -> dict[str, Any]:
    """The form as the mapping's document."""
    told: dict[str, Any] = {name: getattr(form, name) for name in ("time_zone", "date_format", "decimal") if getattr(form, name)}
    if form.missing:
        told["missing"] = list(form.missing)
    told["files"] = [_file(file) for file in form.files if file.table]
    return told


def _file(file: FileForm) -> dict[str, Any]:
    times = file.times()
    cells: dict[str, Any] = {name: _cell(file, column, name in times) for name, column in file.columns.items()}
    tables: dict[str, Any] = {file.table: cells}
    labelled = LABELLED.get(file.table, "")
    if file.labels and labelled in cells:
        column = file.columns[labelled]
        cells[labelled] = {"column": column, "labels": {label: ours for label, ours in file.labels.items() if ours != AN_ACT}}
        used = [label for label, ours in file.labels.items() if ours not in (None, AN_ACT)]
        if len(used) < len(file.labels):
            cells["when"] = {column: used}
        if acts := [label for label, ours in file.labels.items() if ours == AN_ACT]:
            shared = {name: _cell(file, file.columns[name], name == "occurred_at") for name in ("lead_id", "occurred_at") if name in file.columns}
            tables["activities"] = {**shared, "activity": column, "when": {column: acts}}
    if file.outcomes and "outcome" in cells:
        cells["outcome"] = {"column": file.columns["outcome"], "labels": dict(file.outcomes)}
    if file.table == "leads":
        tables |= _wide(file)
    told: dict[str, Any] = {"file": file.file}
    if file.delimiter != ",":
        told["delimiter"] = file.delimiter
    return {**told, "tables": tables}


def _wide(file: FileForm) -> dict[str, Any]:
    """What a row of a lead says beside it: its stages, its owner, its deal."""
    tables: dict[str, Any] = {}
    lead = file.columns.get("lead_id", "")
    if file.stage_dates:
        tables["stage_changes"] = [
            {
                "lead_id": lead,
                "stage": {"value": stage},
                "occurred_at": _cell(file, file.stage_dates[stage], True, optional=True),
                **({"reason": file.reason} if file.reason and stage in EXITS else {}),
            }
            for stage in (*STAGES, *EXITS)
            if stage in file.stage_dates
        ]
    if file.owner:
        created = _cell(file, file.columns.get("created_at", ""), True)
        tables["assignments"] = {"lead_id": lead, "rep_id": {"column": file.owner, "optional": True}, "occurred_at": created}
    if file.amount:
        deal: dict[str, Any] = {"deal_id": lead, "lead_id": lead, "amount": {"column": file.amount, "optional": True}}
        if won := file.stage_dates.get("won"):
            deal |= {"closed_at": _cell(file, won, True, optional=True), "is_won": {"value": True}}
        tables["deals"] = deal
    return tables


def _cell(file: FileForm, column: str, is_time: bool, optional: bool = False) -> Any:
    told: dict[str, Any] = {"column": column}
    if optional:
        told["optional"] = True
    if is_time and file.formats.get(column):
        told["date_format"] = file.formats[column]
    return told if len(told) > 1 else column


def form_of(told: Any) -> Form:
    """The form of a document. Raises ValueError, TypeError, KeyError or the like where it says something else; compare `document` of it."""
    if set(told) - _TOP:
        raise ValueError
    files = tuple(_file_form(file) for file in told["files"])
    if len({file.file for file in files}) < len(files):
        raise ValueError
    return Form(
        files,
        _text(told.get("time_zone", "")),
        _text(told.get("date_format", "")),
        tuple(_text(word) for word in told.get("missing", ())),
        _text(told.get("decimal", "")),
    )


def _file_form(told: Any) -> FileForm:
    tables = dict(told["tables"])
    table = next((name for name in ("leads", "touches", *tables) if name in tables), "")
    if table not in TABLES or "repeat" in tables[table]:
        raise ValueError
    cells = {name: cell for name, cell in tables[table].items() if name != "when"}
    formats: dict[str, str] = {}
    columns = {name: _column(cell, formats) for name, cell in cells.items()}
    labelled = LABELLED.get(table, "")
    labels = _labels(cells[labelled]) if isinstance(cells.get(labelled), dict) else {}
    acts = tables.get("activities") if table == "touches" else None
    for label in acts["when"][columns[labelled]] if acts else ():
        labels[_text(label)] = AN_ACT
    dates: dict[str, str] = {}
    for feed in tables.get("stage_changes", ()) if table == "leads" else ():
        dates[_text(feed["stage"]["value"])] = _column(feed["occurred_at"], formats)
    wide = table == "leads"
    return FileForm(
        _text(told["file"]),
        table,
        _text(told.get("delimiter", ",")),
        columns,
        labels,
        dates,
        _labels(cells["outcome"]) if table == "touches" and isinstance(cells.get("outcome"), dict) else {},
        formats,
        _text(tables["assignments"]["rep_id"]["column"]) if wide and "assignments" in tables else "",
        next((_text(feed["reason"]) for feed in tables.get("stage_changes", ()) if "reason" in feed), "") if wide and dates else "",
        _text(tables["deals"]["amount"]["column"]) if wide and "deals" in tables else "",
    )


def _column(cell: Any, formats: dict[str, str]) -> str:
    if isinstance(cell, str):
        return cell
    if "date_format" in cell:
        formats[_text(cell["column"])] = _text(cell["date_format"])
    return _text(cell["column"])


def _labels(cell: Any) -> dict[str, str | None]:
    return {label: ours if ours is None else _text(ours) for label, ours in cell["labels"].items()} if "labels" in cell else {}


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or "\0" in value:
        raise TypeError
    return value
