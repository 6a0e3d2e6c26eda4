"""A mapping (plumbline/importing/mapped.py) as a form: guessed from headers, written as YAML, read back from YAML. No screen.

The text is the truth. `read` gives the form that says exactly what the text says, or None where the text says more than a form can.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from plumbline.errors import InputError
from plumbline.history.schema import EXITS, KNOWN_ATTRIBUTES, STAGES, TABLES
from plumbline.importing import entries, mapped
from plumbline.importing.preview import Look
from plumbline.plain_yaml import MOST_TEXT

MISSING = ("", "N/A", "-")
_TOP = {"time_zone", "date_format", "missing", "files"}
_NEAR = 0.78
_OTHER_NAMES = {
    "lead_id": ("id", "recordid", "leadid", "contactid", "lead", "mqlid", "prospectid"),
    "created_at": ("createddate", "createdate", "created", "createdon", "leaddate", "createdtime", "firstcontactdate", "datecreated"),
    "occurred_at": (
        "date",
        "time",
        "timestamp",
        "editdate",
        "changed",
        "changedat",
        "activitydate",
        "when",
        "eventdate",
        "modifieddate",
        "createddate",
    ),
    "stage": ("status", "leadstatus", "lifecyclestage", "newvalue", "stagename", "newstage", "leadstage"),
    "rep_id": ("owner", "ownerid", "agentid", "repid", "salesrep", "newowner", "contactowner", "srid", "assignedto"),
    "channel": ("type", "activitytype", "tasktype"),
    "activity": ("type", "activitytype", "event", "action"),
    "source": ("leadsource", "originalsource", "origin", "marketingchannel", "utmsource", "channel"),
    "campaign": ("campaignname", "utmcampaign", "landingpageid"),
    "employees": ("numberofemployees", "noofemployees", "companysize", "numemployees"),
    "annual_revenue": ("annualrevenue", "revenue"),
    "job_title": ("title", "jobtitle"),
    "company": ("companyname", "accountname", "account"),
    "account_id": ("accountid", "companyid", "convertedaccountid"),
    "deal_id": ("opportunityid", "dealid", "recordid", "id", "saleid"),
    "closed_at": ("closedate", "closeddate", "wondate", "saledate"),
    "is_won": ("iswon", "won"),
    "amount": ("value", "cost", "dealamount", "saleamount", "spend"),
    "value": ("newvalue",),
    "into_lead_id": ("masterrecordid", "mergedinto", "survivorid"),
    "name": ("fullname", "repname", "username"),
    "reason": ("lostreason", "rejectionreason", "closedlostreason"),
    "outcome": ("calloutcome", "calldisposition", "disposition"),
}
_STAGE_LABELS = {
    "inquiry": ("new", "lead", "inquiry", "subscriber", "open", "raw"),
    "mql": ("mql", "marketing qualified lead", "marketing qualified", "marketingqualifiedlead", "qualified by marketing"),
    "sal": ("sal", "sales accepted lead", "sales accepted", "accepted", "working", "contacted", "working - contacted"),
    "sql": ("sql", "sales qualified lead", "sales qualified", "salesqualifiedlead", "qualified"),
    "opportunity": ("opportunity", "converted", "proposal", "negotiation"),
    "won": ("won", "closed won", "customer", "sold"),
    "rejected": ("rejected", "returned", "sent back", "declined"),
    "recycled": ("recycled", "nurture", "nurturing", "recycle"),
    "disqualified": ("disqualified", "unqualified", "junk", "not qualified", "closed - not converted", "bad data"),
    "lost": ("lost", "closed lost", "dead"),
}
_STAGE_DATES = {
    "mql": ("mqldate", "becameamarketingqualifiedleaddate", "qualificationdate", "mqlat"),
    "sal": ("saldate", "accepteddate", "salesaccepteddate", "salat"),
    "sql": ("sqldate", "becameasalesqualifiedleaddate", "sqlat"),
    "opportunity": ("opportunitydate", "becameanopportunitydate", "opportunityat"),
    "won": ("wondate", "becameacustomerdate", "customerdate", "wonat"),
    "rejected": ("rejecteddate", "rejectedat"),
    "recycled": ("recycleddate", "recycledat"),
    "disqualified": ("disqualifieddate", "disqualifiedat"),
    "lost": ("lostdate", "lostat"),
}


@dataclass(frozen=True)
class FileForm:
    """One file: the table it feeds ("" = none), canonical column -> column of the file, label -> stage (None: means nothing),
    and for a file of leads, stage -> the column that holds its date."""

    file: str
    table: str = ""
    delimiter: str = ","
    columns: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str | None] = field(default_factory=dict)
    stage_dates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    files: tuple[FileForm, ...] = ()
    time_zone: str = ""
    date_format: str = ""
    missing: tuple[str, ...] = MISSING


def columns_of(table: str) -> tuple[str, ...]:
    """The canonical columns that a form offers for a table, required ones first."""
    known = TABLES[table].columns
    names = [column.name for column in known if column.required] + [column.name for column in known if not column.required]
    return (*names, *KNOWN_ATTRIBUTES) if table == "leads" else tuple(names)


def guessed(looks: Mapping[str, Look], time_zone: str = "") -> Form:
    """A started mapping for files by their names and headers. Every guess is to be looked at."""
    return Form(tuple(guess_file(name, look) for name, look in looks.items()), time_zone)


def guess_file(name: str, look: Look) -> FileForm:
    return with_table(FileForm(name, delimiter=look.delimiter or ","), guess_table(name, look), look)


def with_table(file: FileForm, table: str, look: Look) -> FileForm:
    """The file feeding another table, its columns and labels guessed anew."""
    if not table:
        return replace(file, table="", columns={}, labels={}, stage_dates={})
    columns: dict[str, str] = {}
    for column in columns_of(table):
        if found := guess_column(column, [name for name in look.header if name not in columns.values()]):
            columns[column] = found
    labels = guess_labels(look.labels.get(columns.get("stage", ""), [])) if table == "stage_changes" else {}
    dates = {stage: found for stage, names in _STAGE_DATES.items() if (found := _named(names, look.header))} if table == "leads" else {}
    return replace(file, table=table, columns=columns, labels=labels, stage_dates=dates)


def guess_table(name: str, look: Look) -> str:
    """The table whose name is nearest to the file's; else by the columns that only one table has."""
    stem = _plain(Path(name).stem)
    for table in sorted(TABLES, key=len, reverse=True):
        if _plain(table) in stem or _plain(table).rstrip("s") in stem:
            return table
    header = [_plain(column) for column in look.header]
    for words, table in (
        (("newvalue", "stage"), "stage_changes"),
        (("channel", "outcome"), "touches"),
        (("amount", "closedate"), "deals"),
        (("cost",), "spend"),
    ):
        if any(word in column for word in words for column in header):
            return table
    return "leads" if any("lead" in column or "created" in column for column in header) else ""


def guess_column(wanted: str, header: list[str]) -> str:
    """The column of `header` that is called most like a canonical column; "" where none is near."""
    if exact := _named((_plain(wanted), *_OTHER_NAMES.get(wanted, ())), header):
        return exact
    near = [(SequenceMatcher(None, _plain(wanted), _plain(name)).ratio(), name) for name in header]
    best = max(near, default=(0.0, ""))
    return best[1] if best[0] >= _NEAR else ""


def guess_labels(labels: list[str]) -> dict[str, str | None]:
    """Labels that are plainly a stage; the others are left out: they are for a person to map."""
    found: dict[str, str | None] = {}
    for label in labels:
        plain = " ".join(label.casefold().replace("_", " ").split())
        stage = next((stage for stage, words in _STAGE_LABELS.items() if plain == stage or plain in words), None)
        if stage:
            found[label] = stage
    return found


def _named(names: tuple[str, ...], header) -> str:
    return next((column for name in names for column in header if _plain(column) == name), "")


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def document(form: Form) -> dict[str, Any]:
    """The form as the mapping's document."""
    told: dict[str, Any] = {}
    if form.time_zone:
        told["time_zone"] = form.time_zone
    if form.date_format:
        told["date_format"] = form.date_format
    if form.missing:
        told["missing"] = list(form.missing)
    told["files"] = [_file(file) for file in form.files if file.table]
    return told


def _file(file: FileForm) -> dict[str, Any]:
    cells: dict[str, Any] = dict(file.columns)
    if file.labels and "stage" in cells:
        cells["stage"] = {"column": cells["stage"], "labels": dict(file.labels)}
    tables: dict[str, Any] = {file.table: cells}
    if file.stage_dates:
        lead = file.columns.get("lead_id", "")
        tables["stage_changes"] = [
            {"lead_id": lead, "stage": {"value": stage}, "occurred_at": {"column": file.stage_dates[stage], "optional": True}}
            for stage in (*STAGES, *EXITS)
            if stage in file.stage_dates
        ]
    told: dict[str, Any] = {"file": file.file}
    if file.delimiter != ",":
        told["delimiter"] = file.delimiter
    return {**told, "tables": tables}


def text_of(form: Form) -> str:
    """The form as YAML."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(document(form), out)
    return out.getvalue()


def read(text: str, names: tuple[str, ...] = ()) -> Form | None:
    """The form that says what the text says; None where it is no YAML, or says more. `names`: files that feed nothing belong to it too."""
    try:
        told = entries.entry(text, "the mapping").names
        form = _form(told)
        if _as_texts(document(form)) != _comparable(told):
            return None
    except (InputError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None
    known = {file.file for file in form.files}
    return replace(form, files=(*form.files, *(FileForm(name) for name in names if name not in known)))


def _as_texts(value: Any) -> Any:
    """A document as it is read: the word true is a text."""
    if isinstance(value, dict):
        return {name: _as_texts(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_as_texts(one) for one in value]
    return "true" if value is True else value


def _comparable(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "files": [{name: value for name, value in file.items() if (name, value) != ("delimiter", ",")} for file in told["files"]]}


def _form(told: Any) -> Form:
    if set(told) - _TOP:
        raise ValueError
    files = tuple(_file_form(file) for file in told["files"])
    if len({file.file for file in files}) < len(files):
        raise ValueError
    return Form(files, _text(told.get("time_zone", "")), _text(told.get("date_format", "")), tuple(_text(word) for word in told.get("missing", ())))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _file_form(told: dict[str, Any]) -> FileForm:
    tables = dict(told["tables"])
    dates = {}
    if len(tables) == 2 and "leads" in tables:
        for feed in tables.pop("stage_changes"):
            dates[_text(feed["stage"]["value"])] = _text(feed["occurred_at"]["column"])
    ((table, cells),) = tables.items()
    columns, labels = dict(cells), {}
    if isinstance(columns.get("stage"), dict):
        labels = {label: ours if ours is None else _text(ours) for label, ours in columns["stage"]["labels"].items()}
        columns["stage"] = columns["stage"]["column"]
    if table not in TABLES or "repeat" in columns or not all(isinstance(value, str) for value in columns.values()):
        raise ValueError
    return FileForm(_text(told["file"]), table, _text(told.get("delimiter", ",")), columns, labels, dates)


def text_from(path: Path) -> str:
    """The text of a mapping's file, as far as any mapping goes: what is longer is refused by its reader."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return file.read(MOST_TEXT + 1)


@lru_cache(64)
def problem(text: str) -> InputError | None:
    """What is wrong with a mapping's text, whichever files there are."""
    try:
        mapped.check(text, "mapping.yaml")
    except InputError as refusal:
        return refusal
    return None
