"""The first look at files before they are imported: header, first rows, labels. Read in a child process, as any reading of what came from outside."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from plumbline.errors import InputError
from plumbline.importing import found_forms, limits
from plumbline.importing.failure import explained, unforeseen
from plumbline.importing.feed import is_parquet
from plumbline.importing.supervise import run_child
from plumbline.importing.turns import LOOKS, Waiting

ROWS = 20
_LOOKED_AT = 100_000  # rows whose labels are counted
_CELLS_LOOKED_AT = 3_000_000  # fewer rows, where there are very many columns
_LABELS = 40
_DELIMITERS = (",", ";", "\t", "|")
_DAY = re.compile(r"\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\s*")
_CELL = 300
_WALL_SECONDS = 300


@dataclass(frozen=True)
class Look:
    """What a file holds. `rows`: the first ROWS as text, cells cut at 300 characters; `records`: how many there are.

    `labels`: of each column with at most 40 distinct values in the first 100,000 rows, the values, most frequent first;
    `days_only`: columns whose values are all days without a time of day; `times`, `numbers`: how the values of columns of dates and of amounts are
    written (found_forms).
    """

    header: tuple[str, ...]
    rows: list[list[str]]
    records: int
    delimiter: str
    labels: dict[str, list[str]]
    days_only: tuple[str, ...]
    times: dict[str, dict] = field(default_factory=dict)
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)


def look(paths: list[Path], encoding: str = "", delimiter: str = "", waiting: Waiting = lambda before: None) -> list[Look | InputError]:
    """For each file what it holds, or why it cannot be read. `delimiter` empty: the one that gives a table, comma first.

    waiting: told how many other looks go first. Raises InputError where there is no room for temporary files.
    """
    try:
        with LOOKS.turn(waiting):
            return _look(paths, encoding, delimiter)
    except OSError as problem:
        raise InputError(*explained(problem, Path(problem.filename or "/tmp"), "the folder of temporary files")) from None


def _look(paths: list[Path], encoding: str, delimiter: str) -> list[Look | InputError]:
    found: list[Look | InputError] = []
    while len(found) < len(paths):
        with TemporaryDirectory(prefix="plumbline-look-") as workspace:
            said = _in_child(
                {"paths": [str(path) for path in paths[len(found) :]], "encoding": encoding, "delimiter": delimiter, "workspace": workspace}
            )
        found += said
        if len(found) < len(paths):  # the child ended over this one
            found.append(InputError("the reading process ended over this file", paths[len(found)].name, "export it again, or leave it out"))
    return found


def _in_child(order: dict) -> list[Look | InputError]:
    order["memory_mb"] = limits.preview_mb()
    said: list[Look | InputError] = []

    def hear(message: dict) -> None:
        if "error" in message:
            said.append(InputError(*message["error"]))
        else:
            shown = message["look"]
            said.append(Look(**{**shown, "header": tuple(shown["header"]), "days_only": tuple(shown["days_only"])}))

    ending = run_child("plumbline.importing.preview", [json.dumps(order)], _WALL_SECONDS, limits.preview_mb(), hear)
    if len(said) < len(order["paths"]) and ending.cut:
        name = Path(order["paths"][len(said)]).name
        what = "takes more memory than a first look may have" if ending.cut == "memory" else f"takes longer than {_WALL_SECONDS} seconds to look at"
        said.append(InputError(what, name, "export it with fewer columns, or in parts"))
    return said


def main() -> int:
    order = json.loads(sys.stdin.readline())
    limits.bound_this_process(order["memory_mb"], _WALL_SECONDS)
    workspace = Path(order["workspace"])
    for path in order["paths"]:
        try:
            message: dict = {"look": asdict(look_here(Path(path), workspace, order["encoding"], order["delimiter"]))}
        except Exception as problem:  # whatever it is: one line for whoever brought the file
            name = Path(path).name
            message = {"error": explained(problem, workspace, name) or unforeseen(problem, f"looking at {name}")}
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    return 0


def look_here(path: Path, workspace: Path, encoding: str = "", delimiter: str = "") -> Look:
    """The same in this process. Raises InputError."""
    if is_parquet(path):
        return _look_at_parquet(path, workspace)
    from plumbline.importing.csv_file import open_csv, rows_of

    tried = (delimiter,) if delimiter else _DELIMITERS
    refusal: InputError | None = None
    for candidate in tried:
        try:
            opened = open_csv(path, workspace, encoding, candidate)
        except InputError as problem:
            refusal = refusal or problem
            if "one cell" not in problem.what:
                break
            continue
        return _looked(opened.header, rows_of(opened), int(opened.seen), candidate)
    raise refusal


def _look_at_parquet(path: Path, workspace: Path) -> Look:
    import duckdb

    from plumbline.importing.parquet_file import first_rows, open_parquet

    con = duckdb.connect(":memory:")
    try:
        con.execute("set TimeZone = 'UTC'")
        file = open_parquet(con, path, workspace)
        rows = first_rows(con, file, _rows_looked_at(len(file.columns)), _CELL)[1]
        return _looked(file.header, (["" if cell is None else cell for cell in row] for row in rows), file.rows, "")
    finally:
        con.close()


def _rows_looked_at(columns: int) -> int:
    return max(ROWS, min(_LOOKED_AT, _CELLS_LOOKED_AT // max(1, columns)))


def _looked(header: tuple[str, ...], records, seen: int, delimiter: str) -> Look:
    first: list[list[str]] = []
    counts: list[Counter[str] | None] = [Counter() for _ in header]
    days = [True] * len(header)
    filled = [False] * len(header)
    samples: list[dict[str, None]] = [{} for _ in header]
    for number, row in enumerate(records):
        if number >= _rows_looked_at(len(header)):
            break
        if number < ROWS:
            first.append([cell[:_CELL] for cell in (row + [""] * len(header))[: len(header)]])
        for place, cell in enumerate(row[: len(header)]):
            if not cell or cell.isspace():
                continue
            filled[place] = True
            if days[place] and not _DAY.fullmatch(cell[:40]):
                days[place] = False
            if len(samples[place]) < found_forms.MOST_SAMPLES:
                samples[place][cell[:_CELL]] = None
            known = counts[place]
            if known is not None:
                known[cell.strip()[:_CELL]] += 1
                if len(known) > _LABELS:
                    counts[place] = None
    labels = {name: [label for label, _ in known.most_common()] for name, known in zip(header, counts, strict=True) if known}
    days_only = tuple(name for name, is_day, has_any in zip(header, days, filled, strict=True) if is_day and has_any)
    times = {name: found for name, texts in zip(header, samples, strict=True) if (found := found_forms.times(texts))}
    numbers = {name: found for name, texts in zip(header, samples, strict=True) if name not in times and (found := found_forms.numbers(texts))}
    return Look(header, first, seen, delimiter, labels, days_only, times, numbers)


if __name__ == "__main__":
    sys.exit(main())
