"""The account of an import: for every table seen = kept + rejected, and every reject with file, line, column and reason."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Reject:
    """One record that was not kept. `line` counts from 1 at the header, 0 where a file has no lines (Parquet: row)."""

    table: str
    file: str
    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """Records of a file that an entry of the mapping leaves out on purpose, by `when`."""

    file: str
    entry: str
    rows: int
    of: int


# Rejected by meaning, in a file that is otherwise as it should be: such rejects never make a whole file refused.
BY_MEANING = frozenset({"duplicate", "circular", "currency"})


def shown_names(paths: Iterable[Path]) -> dict[Path, str]:
    """How each file is called in the account: its name, with as much of its path as tells it from others of that name."""
    parts = {path: Path(os.path.abspath(path)).parts for path in paths}
    shown = {}
    for path, own in parts.items():
        others = [other for other in parts.values() if other != own and other[-1] == own[-1]]
        length = 1
        while length < len(own) and any(other[-length:] == own[-length:] for other in others):
            length += 1
        shown[path] = str(Path(*own[-length:]))
    return shown


@dataclass
class Ledger:
    """Counts per table and all rejects, in the order of files and lines."""

    seen: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: list[LeftOut] = field(default_factory=list)

    def reject(self, table: str, file: str, line: int, column: str, reason: str, kind: str = "unreadable") -> None:
        self.rejects.append(Reject(table, file, int(line), column, reason))
        self.kinds[table, kind] += 1

    def rejected(self, table: str) -> int:
        return sum(1 for reject in self.rejects if reject.table == table)

    def tables(self) -> dict[str, dict[str, int]]:
        """`{name: {seen, kept, rejected}}` of every table that a file fed. Rows that `when` leaves out are not among the seen."""
        counts = Counter(reject.table for reject in self.rejects)
        return {name: {"seen": self.seen[name], "kept": self.seen[name] - counts[name], "rejected": counts[name]} for name in self.seen}

    def left_out_lines(self) -> list[str]:
        """What was left out on purpose, a line for each file."""
        files: dict[str, list[str]] = {}
        for one in self.left_out:
            files.setdefault(one.file, []).append(f"{one.entry} {one.rows} of {one.of}")
        return [f"rows of {file} left out on purpose (when): {', '.join(entries)}" for file, entries in files.items()]
