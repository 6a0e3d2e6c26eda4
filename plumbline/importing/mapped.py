"""The preset `csv`: any CSV or Parquet table, wide or long, by a mapping in YAML (docs/mappings.md).

time_zone: Asia/Dubai            # of times without an offset; needed as soon as there are such times
date_format: "%d/%m/%Y"          # absent: ISO 8601; a day that could be day/month or month/day is asked, never guessed
missing: ["", N/A, "-"]          # texts that mean that nothing is known
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

from contextlib import suppress
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from plumbline.clock import time_zone
from plumbline.errors import InputError
from plumbline.history.schema import EXITS, STAGES, TABLES
from plumbline.importing.feed import ROW_ID, Cell, Condition, Feed, Plan, Source

_TOP = ("description", "time_zone", "date_format", "missing", "organisation", "files")
_FILE = ("file", "delimiter", "encoding", "tables", "time_zone", "date_format", "missing")
_CELL = ("column", "value", "row", "labels", "date_format", "time_zone", "missing", "optional")
_REPEAT = ("column", "missing", "optional")
_REPEATED = ("touches", "activities")
_MADE_OF_ROWS = ("lead_id", "deal_id")
_ORGANISATION = ("time_zone", "currency", "data_through")


def plan(paths: list[Path], mapping: Path, encoding: str = "") -> Plan:
    """Reads a mapping and finds its files among `paths`. Raises InputError naming the place in the mapping."""
    told = _load(mapping)
    where = mapping.name
    _known(told, _TOP, where)
    organisation = _mapping(told.get("organisation") or {}, f"{where}, organisation")
    _known(organisation, _ORGANISATION, f"{where}, organisation")
    entries = told.get("files")
    if not isinstance(entries, list) or not entries:
        raise InputError("names no files", where, "add files: a list with file and tables (docs/mappings.md)")
    sources = [_source(_mapping(entry, f"{where}, files[{n}]"), told, paths, where, encoding) for n, entry in enumerate(entries, 1)]
    zone = _text(organisation.get("time_zone") or told.get("time_zone"))
    if zone:
        time_zone(zone, f"{where}, time_zone")
    data_through = _text(organisation.get("data_through"))
    return Plan(sources, time_zone=zone, currency=_text(organisation.get("currency")), data_through=data_through, mapping=where)


def _load(mapping: Path) -> dict[str, Any]:
    try:
        told = YAML(typ="safe", pure=True).load(mapping.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be read", str(mapping), "check the name of the mapping") from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", mapping.name, "save the mapping as UTF-8") from None
    except RecursionError:
        raise InputError("is nested too deeply", mapping.name, "mend the mapping (docs/mappings.md)") from None
    except (YAMLError, ValueError) as problem:
        line = f", line {problem.problem_mark.line + 1}" if isinstance(problem, MarkedYAMLError) and problem.problem_mark else ""
        text = (problem.problem if isinstance(problem, MarkedYAMLError) else str(problem)) or "is no YAML"
        raise InputError(f"is no YAML ({text})", f"{mapping.name}{line}", "mend the mapping (docs/mappings.md)") from None
    return _mapping(told, mapping.name)


def _mapping(told: object, where: str) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise InputError("should be a mapping of names to values", where, "see docs/mappings.md")
    return {_text(key): value for key, value in told.items()}


def _known(told: dict[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in told:
        if name not in names:
            near = get_close_matches(name, names, 1)
            raise InputError(f"does not know {name!r}", where, f"did you mean {near[0]!r}" if near else f"it takes {', '.join(names)}")


def _source(entry: dict[str, Any], defaults: dict[str, Any], paths: list[Path], mapping: str, encoding: str) -> Source:
    name = _text(entry.get("file"))
    where = f"{mapping}, {name or 'files'}"
    _known(entry, _FILE, where)
    tables = _mapping(entry.get("tables"), f"{where}, tables")
    feeds = []
    for table, feed_list in tables.items():
        if table not in TABLES:
            near = get_close_matches(table, TABLES, 1)
            raise InputError(f"there is no table {table!r}", where, f"did you mean {near[0]!r}" if near else f"choose one of {', '.join(TABLES)}")
        for number, told in enumerate(feed_list if isinstance(feed_list, list) else [feed_list], 1):
            feeds.append(_feed(table, _mapping(told, f"{where}, {table}"), {**defaults, **entry}, f"{where}, {table}[{number}]"))
    if not feeds:
        raise InputError("feeds no table", where, "add tables: with at least one")
    delimiter = _text(entry.get("delimiter") or ",").replace("\\t", "\t")
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\n\r':
        raise InputError(f"{delimiter!r} cannot separate fields", f"{where}, delimiter", "use one character such as ; or a tab")
    return Source(_find(name, paths, where), tuple(feeds), delimiter=delimiter, encoding=encoding or _text(entry.get("encoding")))


def _find(name: str, paths: list[Path], where: str) -> Path:
    for path in paths:
        if path.is_file() and (path.name == name or (len(paths) == 1 and not name)):
            return path
        if path.is_dir() and name and Path(name).name == name and (path / name).is_file():
            return path / name
        if not path.exists():
            raise InputError("there is no such file or folder", str(path), "check the name")
    found = _one_below(name, paths)
    raise InputError(f"the file {name!r} was not given", where, f"name {found}, where it is" if found else "name the file, or the folder it lies in")


def _one_below(name: str, paths: list[Path]) -> Path | None:
    """A folder in one of `paths` that holds the file, to be named in a refusal."""
    with suppress(OSError):
        for path in paths:
            if path.is_dir() and name and Path(name).name == name:
                return next((child for child in sorted(path.iterdir()) if child.is_dir() and (child / name).is_file()), None)
    return None


def _feed(table: str, told: dict[str, Any], defaults: dict[str, Any], where: str) -> Feed:
    conditions = []
    for column, values in _mapping(told.pop("when", {}) or {}, f"{where}, when").items():
        listed = values if isinstance(values, list) else [values]
        conditions.append(Condition(" ".join(column.split()), tuple(_text(value).strip() for value in listed)))
    repeat, optional = _repeat(table, told, defaults, where)
    cells = {}
    for name, value in told.items():
        cells[name] = _cell(value, defaults, f"{where}.{name}")
        if isinstance(value, dict) and value.get("optional"):
            optional.append(name)
        column = TABLES[table].column(name)
        names = [c.name for c in TABLES[table].columns] + (["repeat"] if table in _REPEATED else [])
        if column is None and table != "leads" and (near := get_close_matches(name, names, 1, 0.85)):
            raise InputError(f"{table} has no column {name!r}", where, f"did you mean {near[0]!r}")
        if cells[name].column == ROW_ID and name not in _MADE_OF_ROWS:
            raise InputError("row makes the ids of rows that have none", f"{where}.{name}", f"it is for {' and '.join(_MADE_OF_ROWS)}; name a column")
        if name in ("lead_id", "into_lead_id") and (cells[name].constant is not None or cells[name].labels is not None):
            raise InputError("should be a column of the file, without labels", f"{where}.{name}", "name the column that holds the ids")
        for label, ours in (cells[name].labels or {}).items():
            if ours is None and column is not None and column.required:
                raise InputError(f"the label {label!r} is mapped to nothing", f"{where}.{name}", "leave its rows out with when, or map it to a value")
        if name == "stage":
            _stages(cells[name], f"{where}.stage")
    for required in TABLES[table].required:
        if required not in cells:
            raise InputError(f"gives no {required}", where, "every row of the table needs it")
    if repeat is not None and "event_id" in cells:
        raise InputError("the events that a row stands for cannot share one event_id", f"{where}.event_id", "leave it out where repeat is said")
    return Feed(table, cells, tuple(optional), tuple(conditions), repeat)


def _repeat(table: str, told: dict[str, Any], defaults: dict[str, Any], where: str) -> tuple[Cell | None, list[str]]:
    """Takes `repeat` out of an entry: its cell, and ["repeat"] where it is optional."""
    if "repeat" not in told:
        return None, []
    value = told.pop("repeat")
    if table not in _REPEATED:
        raise InputError(f"rows of {table} are not repeated", f"{where}.repeat", f"repeat is for {' and '.join(_REPEATED)}")
    if isinstance(value, dict):
        _known({_text(key): cell for key, cell in value.items()}, _REPEAT, f"{where}.repeat")
    elif not isinstance(value, str):
        raise InputError(f"{_text(value)!r} is no column", f"{where}.repeat", "name the column that says how many")
    cell = _cell(value, defaults, f"{where}.repeat")
    return cell, ["repeat"] if isinstance(value, dict) and value.get("optional") else []


def _stages(cell: Cell, where: str) -> None:
    for stage in [cell.constant] if cell.constant is not None else (cell.labels or {}).values():
        if stage not in (*STAGES, *EXITS):
            near = get_close_matches(str(stage), (*STAGES, *EXITS), 1)
            raise InputError(
                f"there is no stage {stage!r}", where, f"did you mean {near[0]!r}" if near else f"choose one of {', '.join((*STAGES, *EXITS))}"
            )


def _cell(value: object, defaults: dict[str, Any], where: str) -> Cell:
    told = {"column": value} if isinstance(value, str) else _mapping(value, where)
    _known(told, _CELL, where)
    if "row" in told:
        if len(told) > 1 or _text(told["row"]) != "true":
            raise InputError("row says true, and nothing beside it", where, "write {row: true}")
        return Cell(ROW_ID)
    if ("column" in told) == ("value" in told):
        raise InputError("needs either a column or a value", where, "write {column: Name} or {value: constant}")
    zone = _text(told.get("time_zone") or defaults.get("time_zone"))
    if zone:
        time_zone(zone, where)
    labels = told.get("labels")
    missing = told.get("missing", defaults.get("missing")) or []
    return Cell(
        column=" ".join(_text(told.get("column", "")).split()),
        constant=_text(told["value"]) if "value" in told else None,
        labels={key: None if ours is None else _text(ours) for key, ours in _mapping(labels, where).items()} if labels else None,
        missing=tuple(_text(word) for word in (missing if isinstance(missing, list) else [missing])),
        date_format=_date_format(told.get("date_format") or (defaults.get("date_format") if "column" in told else ""), where),
        zone=zone,
    )


def _date_format(pattern: object, where: str) -> str:
    """The pattern, once the reader that will use it has taken it."""
    if not pattern:
        return ""
    refuse = InputError(f"{pattern!r} is no pattern of a date", f"{where}, date_format", "write for example '%d/%m/%Y' or '%m/%d/%Y %I:%M %p'")
    if not isinstance(pattern, str) or "%" not in pattern:
        raise refuse
    try:
        duckdb.execute("select try_strptime('', $pattern)", {"pattern": pattern}).fetchall()
    except duckdb.Error:
        raise refuse from None
    return pattern


def _text(value: object) -> str:
    if isinstance(value, datetime):  # YAML has its own instants: kept as written, in UTC
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if (
        not isinstance(value, str | int | float | bool | date | None)
        or (isinstance(value, int) and value.bit_length() > 256)
        or (isinstance(value, str) and len(value) > 1000)
    ):
        raise InputError("holds a value that is no text and no number, or is too long", "the mapping", "write one short value (docs/mappings.md)")
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
