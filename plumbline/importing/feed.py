"""What the importers of all source systems come down to: files, and for each the tables that it feeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from plumbline.text import common_form

ROW_ID = "\x1frow"  # as a Cell's column: an id made of the file's name and the row's line. No column of a file is called so
MOST_REPEATS = 1000


@dataclass(frozen=True)
class Cell:
    """Where the value of one canonical column comes from: a column of the file, or a constant.

    `labels` maps the file's labels onto ours (an unmapped label is a reject); `missing`: texts that mean nothing is known;
    `date_formats`: strptime patterns, none = ISO 8601; `zone`: of times without offset, empty = the file must carry offsets; `day_zone`: of dates
    without a time of day (the organisation's), empty = as `zone`;
    `decimal`: the sign before the fraction of a number as people write it, empty = settled by the column's own values, None = plain numbers only;
    `usual`: what these settle, for texts that leave it open.
    Labels and missing texts are compared as `text.common_form` says.
    """

    column: str = ""
    constant: str | None = None
    labels: dict[str, str | None] | None = None
    missing: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    zone: str = "UTC"
    day_zone: str = ""
    decimal: str | None = None
    usual: str = ""

    def is_missing(self, text: str) -> bool:
        """Whether a text says that nothing is known."""
        return common_form(text) in ("", *(common_form(word) for word in self.missing))


@dataclass(frozen=True)
class Condition:
    """Only rows whose `column` is one of `values` feed the table, compared as `text.common_form` says; an empty text is an empty cell."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Feed:
    """One table fed by a file. A record whose `optional` cell is empty feeds nothing and is no reject (a wide file's date not reached).

    `repeat`: a record stands for as many rows as this cell says (0 to MOST_REPEATS; 0 feeds nothing and is no reject).
    `entry`: what its mapping calls it, such as stage_changes[2]; empty in canonical files.
    """

    table: str
    cells: dict[str, Cell]
    optional: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    repeat: Cell | None = None
    entry: str = ""

    def cell(self, name: str) -> Cell | None:
        """The cell of a canonical column, or of `repeat`."""
        return self.repeat if name == "repeat" else self.cells[name]


@dataclass(frozen=True)
class Source:
    """One file and what it feeds."""

    path: Path
    feeds: tuple[Feed, ...] = ()
    table: str = ""  # canonical: the file's own table, whose feed is read off its header
    delimiter: str = ","
    encoding: str = ""

    @property
    def is_parquet(self) -> bool:
        return is_parquet(self.path)


def is_parquet(path: Path) -> bool:
    """By its name, as all else."""
    return path.suffix.lower() == ".parquet"


@dataclass
class Plan:
    """A whole import. `mapping`: the name of the mapping it was read from, if any; `warnings` are said once, in the order found."""

    sources: list[Source]
    time_zone: str = ""
    currency: str = ""
    data_through: str = ""
    is_sample: bool = False
    mapping: str = ""
    warnings: list[str] = field(default_factory=list)
