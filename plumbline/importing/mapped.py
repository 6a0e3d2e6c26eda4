"""The preset `csv`: any CSV or Parquet table, wide or long, by a mapping in YAML (docs/mappings.md).

time_zone: Asia/Dubai            # of times without an offset; needed as soon as there are such times
date_format: "%d/%m/%Y"          # absent: ISO 8601; a day that could be day/month or month/day is asked, never guessed
missing: ["", N/A, "-"]          # texts that mean that nothing is known
decimal: ","                     # the sign before the fraction of a number; absent: settled by the column's own values, or asked
organisation: {time_zone: Asia/Dubai, currency: AED, data_through: 2026-03-31}
files:
  - file: Leads.csv
    delimiter: ","
    encoding: utf-8
    tables:
      leads: {lead_id: Lead_ID, created_at: Lead_Date, source: Marketing_Channel}
      stage_changes:             # a list: one feed for each wide column of dates
        - {lead_id: Lead_ID, stage: {value: mql}, occurred_at: {column: Qualification_Date, optional: true}}
        - {lead_id: Lead_ID, stage: {column: Status, labels: {Won: won, Lost: lost}}, occurred_at: Changed, when: {Status: [Won, Lost]}}
      touches: {lead_id: Lead_ID, channel: {value: call}, occurred_at: Lead_Date, repeat: Calls}  # a row stands for as many calls
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from plumbline import patterns
from plumbline.clock import time_zone
from plumbline.errors import InputError
from plumbline.history.schema import EXITS, KNOWN_ATTRIBUTES, STAGES, TABLES
from plumbline.importing import entries
from plumbline.importing.entries import Entry, near
from plumbline.importing.extent import parse_data_through
from plumbline.importing.feed import ROW_ID, Cell, Condition, Feed, Plan, Source
from plumbline.text import clean, common_form

_READING = ("time_zone", "date_format", "missing", "decimal")  # how cells are read: at the top, at a file, or in a cell
_TOP = ("description", "organisation", "files", *_READING)
_FILE = ("file", "delimiter", "encoding", "tables", *_READING)
_CELL = ("column", "value", "row", "labels", "optional", *_READING)
_REPEAT = ("column", "missing", "optional")
_REPEATED = ("touches", "activities")
_MADE_OF_ROWS = ("lead_id", "deal_id")
_ORGANISATION = ("time_zone", "currency", "data_through")
_DECIMALS = {"": "", ".": ".", ",": ",", "point": ".", "comma": ","}


def plan(paths: list[Path], mapping: Path, encoding: str = "") -> Plan:
    """Reads a mapping and finds its files among `paths`. Raises InputError naming the place in the mapping."""
    return _plan(entries.read(mapping), lambda name, where: _find(name, paths, where), encoding)


def check(text: str, mapping: str) -> None:
    """Raises InputError where a mapping's text is not well written, whichever files there are."""
    _plan(entries.entry(text, mapping), lambda name, where: Path(name or "file.csv"), "")


def _plan(told: Entry, find: Callable[[str, str], Path], encoding: str) -> Plan:
    told.only(_TOP).text("description")
    organisation = told.below("organisation").only(_ORGANISATION)
    if not told.names.get("files"):
        raise told.refusal("names no files", "add files: a list with file and tables (docs/mappings.md)")
    reading = _Reading().nearer(told)
    sources = [_source(entry.only(_FILE), reading, find, encoding) for entry in told.each("files")]
    zone = organisation.text("time_zone") or told.text("time_zone")
    if zone:
        time_zone(zone, organisation.place("time_zone"))
    data_through = organisation.text("data_through")
    _check_end(data_through, zone, organisation)
    return Plan(sources, time_zone=zone, currency=organisation.text("currency"), data_through=data_through, mapping=told.file)


def _check_end(data_through: str, zone: str, organisation: Entry) -> None:
    if not data_through:
        return
    try:
        parse_data_through(data_through, zone or "UTC")
    except InputError:
        to_do = "write for example 2026-11-14T18:00:00Z or 2026-11-14"
        raise organisation.refusal(f"{data_through[:60]!r} is no time from 1900 to 2199", to_do, "data_through") from None


@dataclass(frozen=True)
class _Reading:
    """How cells are read, as the nearest of mapping, file and cell says."""

    time_zone: str = ""
    date_formats: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    decimal: str = ""

    def nearer(self, entry: Entry) -> _Reading:
        zone = entry.text("time_zone") or self.time_zone
        if zone:
            time_zone(zone, entry.place("time_zone"))
        decimal = entry.text("decimal")
        if decimal not in _DECIMALS:
            raise entry.refusal(f"{decimal[:60]!r} does not separate a fraction", """write decimal: "," or decimal: ".\"""", "decimal")
        return _Reading(
            zone,
            _patterns(entry) or self.date_formats,
            entry.texts("missing") if "missing" in entry else self.missing,
            _DECIMALS[decimal] or self.decimal,
        )


def _patterns(entry: Entry) -> tuple[str, ...]:
    """What `date_format` says: one pattern or a list of them."""
    found = tuple(pattern for pattern in entry.texts("date_format") if pattern)
    for pattern in found:
        if why := patterns.refusal(pattern):
            raise entry.refusal(f"{pattern[:60]!r} {why}", patterns.EXAMPLE, "date_format")
    return found


def _source(told: Entry, reading: _Reading, find: Callable[[str, str], Path], encoding: str) -> Source:
    name = told.text("file")
    told = told.called(name or told.path)
    reading = reading.nearer(told)
    tables = told.below("tables").called(told.path)
    feeds = []
    for table in tables:
        if table not in TABLES:
            raise InputError(
                f"there is no table {table[:60]!r}", tables.place(table), near(table, list(TABLES), f"choose one of {', '.join(TABLES)}")
            )
        feeds += [_feed(table, feed, reading) for feed in tables.each(table)]
    if not feeds:
        raise told.refusal("feeds no table", "add tables: with at least one")
    delimiter = told.text("delimiter", ",").replace("\\t", "\t")
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\n\r':
        raise told.refusal(f"{delimiter!r} cannot separate fields", "use one character such as ; or a tab", "delimiter")
    return Source(find(name, told.place("file")), tuple(feeds), delimiter=delimiter, encoding=encoding or told.text("encoding"))


def _find(name: str, paths: list[Path], where: str) -> Path:
    """The file called `name`: as it stands, else the one whose name is the same text."""
    for path in paths:
        if not path.exists():
            raise InputError("there is no such file or folder", str(path), "check the name")
    if len(paths) == 1 and not name and paths[0].is_file():
        return paths[0]
    files = [file for path in paths for file in ([path] if path.is_file() else _files(path))]
    same = [file for file in files if file.name == name] or [file for file in files if name and common_form(file.name) == common_form(name)]
    if len(same) > 1 and len({file.name for file in same}) > 1:
        raise InputError(f"{name!r} could be {same[0].name!r} or {same[1].name!r}", where, "write the name as the file has it")
    if same:
        return same[0]
    found = _one_below(name, paths)
    raise InputError(
        f"the file {name[:120]!r} was not given", where, f"name {found}, where it is" if found else "name the file, or the folder it lies in"
    )


def _files(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(child for child in folder.iterdir() if child.is_file())
    return []


def _one_below(name: str, paths: list[Path]) -> Path | None:
    """A folder in one of `paths` that holds the file, to be named in a refusal."""
    with suppress(OSError):
        for path in paths:
            folders = sorted(child for child in path.iterdir() if child.is_dir()) if path.is_dir() and name else []
            if found := next((folder for folder in folders if any(file.name == name for file in _files(folder))), None):
                return found
    return None


def _feed(table: str, told: Entry, reading: _Reading) -> Feed:
    when = told.below("when")
    conditions = tuple(Condition(clean(column) or "", when.texts(column)) for column in when)
    repeat = _repeat(table, told, reading)
    optional = ["repeat"] if repeat is not None and not isinstance(told.names["repeat"], str) and told.below("repeat").flag("optional") else []
    cells: dict[str, Cell] = {}
    known, given = _spellings(_known(table)), _spellings(told)
    for key in told:
        if key in ("when", "repeat"):
            continue
        name = _own_name(key, table, told, known, given)
        if name in cells:
            raise told.refusal(f"{name[:60]!r} is given twice, in two spellings", "leave one of them out", key)
        cells[name] = _cell(key, name, table, told, reading)
        if not isinstance(told.names[key], str) and told.below(key).flag("optional"):
            optional.append(name)
    for required in TABLES[table].required:
        if required not in cells:
            raise told.refusal(f"gives no {required}", "every row of the table needs it")
    if repeat is not None and "event_id" in cells:
        raise told.refusal("the events that a row stands for cannot share one event_id", "leave it out where repeat is said", "event_id")
    return Feed(table, cells, tuple(optional), conditions, repeat, told.path.rsplit(", ", 1)[-1])


def _known(table: str) -> list[str]:
    return [column.name for column in TABLES[table].columns] + (list(KNOWN_ATTRIBUTES) if table == "leads" else [])


def _spellings(names: Iterable[str]) -> dict[str, list[str]]:
    """The names by what all spellings of them have in common: each is looked at once, however many there are."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(common_form(name), []).append(name)
    return found


def _own_name(name: str, table: str, told: Entry, known: dict[str, list[str]], given: dict[str, list[str]]) -> str:
    """The canonical name of which `name` is a spelling; else itself: an attribute, or what is kept beside an event.

    known, given: the table's own names, and those of the mapping, by their spellings.
    """
    form = common_form(name)
    if form in known:
        return known[form][0]
    if others := [other for other in given[form] if other != name]:
        return min(name, others[0])
    names = _known(table) + (["repeat"] if table in _REPEATED else [])
    if table != "leads" and (close := near(name, names, "", 0.85)):
        raise told.refusal(f"{table} has no column {name[:60]!r}", close, name)
    return name


def _repeat(table: str, told: Entry, reading: _Reading) -> Cell | None:
    """The cell of `repeat`."""
    if "repeat" not in told:
        return None
    if table not in _REPEATED:
        raise told.refusal(f"rows of {table} are not repeated", f"repeat is for {' and '.join(_REPEATED)}", "repeat")
    value = told.names["repeat"]
    if value is None or (isinstance(value, str) and value.isdigit()):
        raise told.refusal(f"{value or ''!r} is no column", "name the column that says how many", "repeat")
    if not isinstance(value, str):
        told.below("repeat").only(_REPEAT)
    return _cell_of(told, "repeat", reading)


def _cell(key: str, name: str, table: str, told: Entry, reading: _Reading) -> Cell:
    """The cell of one canonical column, checked against what the column takes."""
    column = TABLES[table].column(name)
    cell = _cell_of(told, key, reading, column.kind if column else "")
    if cell.column == ROW_ID and name not in _MADE_OF_ROWS:
        raise told.refusal("row makes the ids of rows that have none", f"it is for {' and '.join(_MADE_OF_ROWS)}; name a column", key)
    if name in ("lead_id", "into_lead_id") and (cell.constant is not None or cell.labels is not None):
        raise told.refusal("should be a column of the file, without labels", "name the column that holds the ids", key)
    nothing = [label for label, ours in (cell.labels or {}).items() if ours is None] if column is not None and column.required else []
    let_through = _let_through(cell.column, told.below("when")) if nothing else []
    for label in nothing:
        if all(common_form(label) in texts for texts in let_through):
            raise told.refusal(f"the label {label[:60]!r} is mapped to nothing", "leave its rows out with when, or map it to a value", key)
    if name == "stage":
        _check_stages([cell.constant] if cell.constant is not None else (cell.labels or {}).values(), told.place(key))
    return cell


def _let_through(column: str, when: Entry) -> list[set[str]]:
    """The compared forms of the texts of this column that each condition of `when` lets through."""
    return [{common_form(text) for text in when.texts(name)} for name in when if common_form(name) == common_form(column)]


def _check_stages(said: Iterable[str | None], where: str) -> None:
    for stage in said:
        if stage is not None and stage not in (*STAGES, *EXITS):
            every = (*STAGES, *EXITS)
            raise InputError(f"there is no stage {str(stage)[:60]!r}", where, near(str(stage), every, f"choose one of {', '.join(every)}"))


def _cell_of(told: Entry, key: str, reading: _Reading, kind: str = "") -> Cell:
    value = told.names[key]
    if isinstance(value, str):
        return _read_cell(clean(told.text(key)) or "", None, None, reading, kind, told, key, is_own=False)
    below = told.below(key).called(f"{told.path}.{key}").only(_CELL)
    if "row" in below:
        if len(below.names) > 1 or below.text("row").lower() != "true":
            raise below.refusal("row says true, and nothing beside it", "write {row: true}")
        return Cell(ROW_ID)
    if ("column" in below) == ("value" in below):
        raise below.refusal("needs either a column or a value", "write {column: Name} or {value: constant}")
    nearest = reading.nearer(below)
    constant = below.text("value") if "value" in below else None
    if constant is not None and "date_format" not in below:  # a pattern further out is of the file's texts
        nearest = _Reading(nearest.time_zone, (), nearest.missing, nearest.decimal)
    return _read_cell(clean(below.text("column")) or "", constant, _labels(below), nearest, kind, below, "", is_own="decimal" in below)


def _read_cell(column: str, constant: str | None, labels: dict | None, reading: _Reading, kind: str, told: Entry, key: str, *, is_own: bool) -> Cell:
    """`is_own`: the cell itself says how its numbers are written, so that an attribute is read as one too."""
    if constant is None and not column:
        raise told.refusal("names no column", "write {column: Name} or {value: constant}", key)
    for pattern in reading.date_formats if kind in ("time", "date") else ():
        if why := patterns.gap(pattern, kind):
            raise told.refusal(f"the pattern {pattern[:60]!r} {why}", patterns.EXAMPLE, key or "date_format")
    decimal = reading.decimal if kind == "number" or is_own else None
    return Cell(column, constant, labels, reading.missing, reading.date_formats, reading.time_zone, decimal=decimal)


def _labels(told: Entry) -> dict[str, str | None] | None:
    """The file's labels -> ours. Two spellings of one label must mean one thing."""
    below = told.below("labels")
    found: dict[str, str | None] = {}
    first: dict[str, str] = {}
    for label in below:
        ours = None if below.names[label] is None else below.text(label)
        known = first.setdefault(common_form(label), label)
        if known != label and found[known] != ours:
            raise below.refusal(f"the labels {known[:60]!r} and {label[:60]!r} are the same text", "map it to one value", label)
        found[label] = ours
    return found or None
