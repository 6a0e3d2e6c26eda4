"""The account of an import: for every table seen = kept + rejected, and every reject with file, line, column and reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reject:
    """One record that was not kept. `line` counts from 1 at the header, 0 where a file has no lines (Parquet: row)."""

    table: str
    file: str
    line: int
    column: str
    reason: str


# Rejected by meaning, in a file that is otherwise as it should be: such rejects never make a whole file refused.
BY_MEANING = frozenset({"duplicate", "circular", "currency"})


@dataclass
class Ledger:
    """Counts per table and all rejects, in the order of files and lines."""

    seen: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    rejects: list[Reject] = field(default_factory=list)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    def reject(self, table: str, file: str, line: int, column: str, reason: str, kind: str = "unreadable") -> None:
        self.rejects.append(Reject(table, file, int(line), column, reason))
        self.kinds[table, kind] += 1

    def rejected(self, table: str) -> int:
        return sum(1 for reject in self.rejects if reject.table == table)

    def tables(self) -> dict[str, dict[str, int]]:
        """`{name: {seen, kept, rejected}}` of every table that a file fed."""
        counts = Counter(reject.table for reject in self.rejects)
        return {name: {"seen": self.seen[name], "kept": self.seen[name] - counts[name], "rejected": counts[name]} for name in self.seen}
