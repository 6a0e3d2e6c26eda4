"""A sample on disk: the canonical folder, and the truth beside it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from plumbline.errors import InputError
from plumbline.history.schema import TABLES
from plumbline.json_values import finite
from plumbline.own_files import refuse_foreign_file

if TYPE_CHECKING:
    from plumbline.sample import Sample

NOTE = "SAMPLE.txt"
_SUM = re.compile(r"([0-9a-f]{64})  (\S+)")


def write_folder(sample: Sample, folder: str | Path, file_format: Literal["csv", "parquet"] = "csv") -> None:
    """Write TABLE.csv (UTF-8, LF, times ISO 8601 with Z) or TABLE.parquet of every table with rows, and SAMPLE.txt.

    Raises InputError, before anything is written, where the folder holds a table that no sample wrote.
    """
    if file_format not in ("csv", "parquet"):
        raise InputError(f"{file_format!r} is no file format of the sample", "--file-format", "use csv or parquet")
    place = Path(folder)
    earlier = refuse_foreign_tables(place)
    written: list[Path] = []
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, table in sample.tables.items():
            if table.is_empty():
                continue
            path = place / f"{name}.{file_format}"
            if file_format == "csv":
                table.write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%SZ", line_terminator="\n")
            else:
                table.write_parquet(path, compression="zstd", compression_level=1)
            written.append(path)
        for path in set(earlier) - set(written):  # a table that only the earlier sample had
            path.unlink()
        note = f"This history is made up: it was written by `plumbline sample --leads {sample.leads} --seed {sample.seed}`.\n"
        sums = "".join(f"{_sum(path)}  {path.name}\n" for path in written)  # by these the next sample knows them again
        (place / NOTE).write_text(note + sums, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", str(place), "name a folder that can be written") from error


def refuse_foreign_tables(place: Path) -> list[Path]:
    """The tables that an earlier sample wrote. Raises InputError where the folder holds one that no sample wrote, or that was changed since."""
    tables = [path for name in TABLES for path in (place / f"{name}.csv", place / f"{name}.parquet") if path.exists()]
    if not tables:
        return []
    try:
        note = (place / NOTE).read_text(encoding="utf-8", errors="replace") if (place / NOTE).exists() else ""
        sums = {name: digest for digest, name in _SUM.findall(note)}
        foreign = [path for path in tables if not note or (sums and sums.get(path.name) != _sum(path))]  # older notes have no sums
    except OSError as problem:
        raise InputError(problem.strerror or "cannot be read", str(problem.filename or place), "name another folder") from None
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise InputError("is a table that no sample wrote, and would be overwritten", f"{foreign[0]}{more}", "name an empty folder with --folder")
    return [path for path in tables if path.name in sums]


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_foreign_truth(path: Path) -> None:
    """Raises InputError where another file lies at the path."""
    refuse_foreign_file(path, "--truth", lambda head: head.startswith('{\n "made_by": "plumbline sample'))


def write_truth(sample: Sample, path: str | Path) -> None:
    """Write what was planted as JSON, UTF-8."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(json.dumps(finite(sample.truth), indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", str(path), "name a file that can be written") from error


def is_sample(folder: str | Path) -> bool:
    """Whether a folder of tables says of itself that it is made up."""
    return (Path(folder) / NOTE).is_file()
