"""Reads queries/: the one home of SQL text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

QUERIES = Path(__file__).resolve().parent.parent / "queries"


@cache
def sql(name: str) -> str:
    """The text of queries/<name>.sql."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def names(folder: str) -> list[str]:
    """Names of all files below queries/<folder>, in order."""
    return sorted(str(path.relative_to(QUERIES).with_suffix("")) for path in (QUERIES / folder).rglob("*.sql"))
