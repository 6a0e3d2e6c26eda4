"""A sample on disk: the canonical folder, and the truth beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from plumbline.errors import InputError

if TYPE_CHECKING:
    from plumbline.sample import Sample

NOTE = "SAMPLE.txt"


def write_folder(sample: Sample, folder: str | Path, file_format: Literal["csv", "parquet"] = "csv") -> None:
    """Write TABLE.csv (UTF-8, LF, times ISO 8601 with Z) or TABLE.parquet of every table with rows, and SAMPLE.txt."""
    if file_format not in ("csv", "parquet"):
        raise InputError(f"{file_format!r} is no file format of the sample", "--file-format", "use csv or parquet")
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, table in sample.tables.items():
            if table.is_empty():
                continue
            if file_format == "csv":
                table.write_csv(place / f"{name}.csv", datetime_format="%Y-%m-%dT%H:%M:%SZ", line_terminator="\n")
            else:
                table.write_parquet(place / f"{name}.parquet", compression="zstd", compression_level=1)
        made = f"This history is made up: it was written by `plumbline sample --leads {sample.leads} --seed {sample.seed}`.\n"
        (place / NOTE).write_text(made, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", str(place), "name a folder that can be written") from error


def write_truth(sample: Sample, path: str | Path) -> None:
    """Write what was planted as JSON, UTF-8."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(json.dumps(sample.truth, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", str(path), "name a file that can be written") from error


def is_sample(folder: str | Path) -> bool:
    """Whether a folder of tables says of itself that it is made up."""
    return (Path(folder) / NOTE).is_file()
