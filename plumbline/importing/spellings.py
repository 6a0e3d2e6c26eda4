"""One spelling for what is one name: activities, fields and reasons that differ in case or white space alone are called as most rows call them."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from plumbline.history.schema import KNOWN_ATTRIBUTES, TABLES
from plumbline.text import common_form

_NAMED = (("activities", "activity"), ("lead_changes", "field"), ("stage_changes", "reason"))


def settle_spellings(stage) -> None:
    """Rewrites the names of typed tables that are spellings of another. A field is called as the attribute of leads is."""
    for table, column in _NAMED:
        counted = stage.con.execute(f"select {column}::varchar, count(*) from typed_{table} where {column} is not null group by 1").fetchall()
        first = [*stage.attributes, *KNOWN_ATTRIBUTES] if column == "field" else ()
        changed = other_spellings(dict(counted), first)
        if not changed:
            continue
        stage.as_table(table)
        stage.con.register("pairs", pl.DataFrame(list(changed.items()), schema={"other": pl.String, "usual": pl.String}, orient="row"))
        stage.con.execute(f"update typed_{table} set {column} = pairs.usual from pairs where typed_{table}.{column} = pairs.other")
        stage.con.unregister("pairs")


def other_spellings(counts: dict[str, int], first: Iterable[str] = ()) -> dict[str, str]:
    """Each spelling that is not the usual one -> the usual one: of `first`, else the most frequent, then the first by alphabet. What is of `first`
    itself stays as it is: attributes of leads may differ in case alone."""
    own = list(first)
    usual = {common_form(name): name for name in reversed(own)}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        usual.setdefault(common_form(name), name)
    return {name: usual[common_form(name)] for name in counts if name not in own and name != usual[common_form(name)]}


def attribute_forms() -> dict[str, str]:
    """common_form -> how the attributes that Plumbline knows are called."""
    own = {column.name for column in TABLES["leads"].columns}
    return {common_form(one): one for one in KNOWN_ATTRIBUTES if one not in own}
