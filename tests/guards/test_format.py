"""A snapshot whose tables look otherwise has another format: an older one is then moved, and not read wrongly."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from plumbline.history.schema import FORMAT

# format -> what its tables and columns are, as a hash. A change of schema wants a new line here, and the format before it in history/migrate.py.
SCHEMAS = {2: "a6390ef4d0b0ae1d", 3: "45dca8cd79518ac2", 4: "8a6e8e2bf84fc4af", 5: "3d73c7b8ced42f18", 6: "e43042e8ee836b3a"}


def test_the_format_says_what_the_tables_are(sample_file: Path) -> None:
    with duckdb.connect(str(sample_file), read_only=True) as con:
        rows = con.execute(
            "select schema_name, table_name, column_name, split_part(data_type, '(', 1) from duckdb_columns()"
            " where schema_name in ('main', 'canonical') and not internal order by all"
        ).fetchall()
    told = hashlib.sha256("\n".join(":".join(row) for row in rows).encode()).hexdigest()[:16]
    assert SCHEMAS[FORMAT] == told
