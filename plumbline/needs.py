"""What a metric needs of a history, and what it says where that is not recorded.

The header of a query names it in one line:

    -- needs: touches                                  without them it has no rows
    -- needs: touches (attempted, median), owners (late_hand_over)      these columns are empty without them, the others stay
    -- needs: touches (said by class)                  the rows say so themselves
    -- needs: none (why a table of tries is read all the same)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from plumbline import wording
from plumbline.errors import MetricError
from plumbline.history.recorded import WORDS, Recorded

_LINE = re.compile(r"-- needs: (?P<needs>.+)$", re.MULTILINE)
_NEED = re.compile(r"(?P<thing>\w+)(?: \((?P<columns>[^)]*)\))?$")
_SAID_BY = "said by "


@dataclass(frozen=True)
class Need:
    """`columns`: empty without the thing; none: the metric has no rows. `said_by`: the column in which the rows say so themselves."""

    thing: str
    columns: tuple[str, ...] = ()
    said_by: str = ""


def read_needs(text: str, where: str) -> tuple[Need, ...]:
    """The needs that a query's header names. Raises MetricError for a line that cannot be read."""
    line = _LINE.search("\n".join(row for row in text.splitlines() if row.startswith("--")))
    if not line or line["needs"].startswith("none"):
        return ()
    needs = []
    for part in re.split(r", (?![^(]*\))", line["needs"]):
        found = _NEED.fullmatch(part.strip())
        if not found or found["thing"] not in WORDS:
            raise MetricError(f"cannot read the need {part!r}", where, f"write one of {', '.join(WORDS)}, and its columns in brackets")
        told = found["columns"] or ""
        is_said = told.startswith(_SAID_BY)
        columns = () if is_said else tuple(name.strip() for name in told.split(",") if name.strip())
        needs.append(Need(found["thing"], columns, told.removeprefix(_SAID_BY) if is_said else ""))
    return tuple(needs)


def as_recorded(rows: pl.DataFrame, needs: Iterable[Need], recorded: Recorded) -> pl.DataFrame:
    """The rows with nothing in them that the history cannot know: null, not nought."""
    for need in needs:
        if need.said_by or recorded.has(need.thing):
            continue
        if not need.columns:
            return rows.clear()
        rows = rows.with_columns(pl.lit(None, rows.schema[name]).alias(name) for name in need.columns)
    return rows


def not_recorded(needs: Iterable[Need], recorded: Recorded) -> str:
    """One line that says what is not recorded and what that means for the metric; '' where all is there."""
    lacking = [need for need in needs if not recorded.has(need.thing)]
    if not lacking:
        return ""
    whys = list(dict.fromkeys(recorded.why(need.thing) for need in lacking))
    empty = list(dict.fromkeys(name for need in lacking for name in need.columns))
    if any(not need.columns and not need.said_by for need in lacking):
        so = "so there are no rows"
    elif empty:
        so = f"so {wording.listing(empty)} {'is' if len(empty) == 1 else 'are'} empty"
    else:
        so = "the rows say so"
    return f"not recorded: {'; '.join(whys)}; {so}"


def described(needs: Iterable[Need]) -> str:
    """'touches (attempted, median), owners'."""
    told = [
        f"{need.thing} ({', '.join(need.columns)})" if need.columns else f"{need.thing} ({_SAID_BY}{need.said_by})" if need.said_by else need.thing
        for need in needs
    ]
    return ", ".join(told)
