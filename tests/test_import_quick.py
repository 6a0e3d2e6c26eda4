"""The quick way of event files: a record is known by its place, so nothing may change their order."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from plumbline.history.schema import TABLES
from plumbline.importing import quick
from plumbline.importing.csv_file import CsvFile, records_of
from plumbline.importing.feed import Cell, Feed
from plumbline.importing.statement import Statement
from plumbline.importing.values import flag_value


@pytest.mark.parametrize("name", [table.name for table in TABLES.values() if table.is_event])
def test_no_join_lies_between_the_file_and_its_rows(name: str, tmp_path: Path) -> None:
    """DuckDB keeps the order of a file through projections, not through joins, and makes joins of `in` lists."""
    columns = tuple(column.name for column in TABLES[name].columns)
    path = tmp_path / f"{name}.csv"
    path.write_text(",".join(columns) + "\n" + ",".join("x" for _ in columns) + "\n", encoding="utf-8")
    con = duckdb.connect()
    con.execute("create table lead_ids as select 'L1' as lead_id, 0 as lead_no")
    quick.name_leads(con)
    statement = Statement({column: f"c{number}" for number, column in enumerate(columns)})
    reader, values = records_of(CsvFile(path, path, columns, ",", 1, 1))
    parsed = quick._parsed(statement, Feed(name, {column: Cell(column) for column in columns}), reader)
    plan = con.execute(f"explain {parsed}", {**values, **statement.values}).fetchall()[0][1]
    con.close()
    assert "csv" in plan.lower()
    assert "join" not in plan.lower()


@pytest.mark.parametrize(
    ("text", "flag"),
    [(text, True) for text in ("true", " Yes ", "1", "T", "Y")]
    + [(text, False) for text in ("FALSE", "no", "0", "f", "n")]
    + [(text, None) for text in ("", "maybe", "truer", "11", "yes|1", "true\n", None)],
)
def test_flags(text: str | None, flag: bool | None) -> None:
    assert duckdb.execute(f"select {flag_value('given')} from (select $text::varchar as given)", {"text": text}).fetchall() == [(flag,)]
