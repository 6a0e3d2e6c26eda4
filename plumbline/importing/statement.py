"""A select over a file's records under construction, and its cells as text: empty ones null, odd ones cleaned."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from plumbline.importing.feed import Cell
from plumbline.text import clean, common_form

UNIT = "\x1f"
ODD = "[^!-~ ]|^ | $|  "  # what cleaning would change, or might


def add_functions(con) -> None:
    """Gives a connection the function that `common` needs."""
    con.create_function("common_form", common_form, ["VARCHAR"], "VARCHAR")


def common(text: str) -> str:
    """text.common_form as an expression. Plain texts never leave SQL."""
    return f"(case when regexp_matches({text}, '{ODD}') then common_form({text}) else lower({text}) end)"


def forms(texts: Iterable[str]) -> list[str]:
    """The forms of texts, each once: what `common` is held against."""
    return list(dict.fromkeys(common_form(text) for text in texts))


class Statement:
    """A select list under construction, with its joins and bound values."""

    def __init__(self, header: dict[str, str]) -> None:
        self.header = header  # name of a file's column -> c0..cn
        self.joins: list[str] = []
        self.values: dict[str, object] = {}
        self.lookups = 0
        self.odd: frozenset[str] = frozenset()  # columns of which cleaning might change a text

    def next(self) -> int:
        """A number for a lookup table of this statement."""
        self.lookups += 1
        return self.lookups

    def bind(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f"${name}"

    def bind_once(self, value: object) -> str:
        """The same for a value that a statement needs in several places."""
        name = next((name for name, known in self.values.items() if known is value or (isinstance(known, str) and known == value)), "")
        return f"${name}" if name else self.bind(value)


def run_with(con, statement: str, values: dict[str, object]) -> list[tuple]:
    """Runs a statement with those of `values` that it names (DuckDB refuses others)."""
    named = set(re.findall(r"\$(v\d+)\b", statement))
    return con.execute(statement, {name: value for name, value in values.items() if name in named}).fetchall()


def text_of(statement: Statement, cell: Cell, types: dict[str, str]) -> str:
    """The cell as text, null where it is empty or says that nothing is known."""
    if cell.constant is not None:
        return f"{statement.bind(cell.constant)}::varchar"
    column = statement.header[cell.column]
    is_text = types[column] == "VARCHAR"
    text = column if is_text else f"{column}::varchar"
    if cell.missing:
        return f"(case when list_contains({statement.bind(forms([*cell.missing, '']))}::varchar[], {common(text)}) then null else {text} end)"
    return f"nullif({column}, '')" if is_text else text


def odd_columns(con, raw: str, columns: Iterable[str]) -> frozenset[str]:
    """Those of the columns of texts that hold any that cleaning might change. One statement: one for each would be slow where there are thousands."""
    names = list(dict.fromkeys(columns))
    if not names:
        return frozenset()
    told = ", ".join(f"bool_or(regexp_matches({name}, $odd))" for name in names)
    return frozenset(name for name, is_odd in zip(names, con.execute(f"select {told} from {raw}", {"odd": ODD}).fetchall()[0], strict=True) if is_odd)


def cleaned(con, raw: str, statement: Statement, cell: Cell, text: str) -> str:
    """Text cleaned once: the few values that cleaning changes are looked up, the others pass as they are."""
    if cell.constant is not None:
        return f"{statement.bind(clean(cell.constant))}::varchar"
    column = statement.header[cell.column]
    if cell.labels is not None:
        pairs = [(common_form(label), clean(ours)) for label, ours in cell.labels.items()]
        lookup = lookup_table(con, f"labels_{statement.next()}", pairs)
        statement.joins.append(f"left join {lookup} on {lookup}.raw = {common(f'{column}::varchar')}")
        return f"{lookup}.clean"
    if column not in statement.odd:
        return text
    odd = con.execute(f"select distinct {column} from {raw} where regexp_matches({column}, $odd)", {"odd": ODD}).fetchall()
    lookup = lookup_table(con, f"clean_{statement.next()}", [(value, clean(value)) for (value,) in odd])
    statement.joins.append(f"left join {lookup} on {lookup}.raw = {column}")
    if not cell.missing:
        return f"(case when {lookup}.raw is null then {text} else {lookup}.clean end)"
    return f"(case when {text} is null then null when {lookup}.raw is null then {text} else {lookup}.clean end)"


def lookup_table(con, name: str, pairs: list[tuple[str, str | None]]) -> str:
    """A temporary table (raw, clean)."""
    frame = pl.DataFrame(pairs, schema={"raw": pl.String, "clean": pl.String}, orient="row").unique("raw", keep="first")
    con.register("pairs", frame)
    con.execute(f"create or replace temp table {name} as select * from pairs")
    con.unregister("pairs")
    return name
