"""SQL text lives in queries/. Elsewhere it is allowed only where statements are generated from the canonical schema."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from tests.guards.tree import code_files, under

GENERATED = {
    "plumbline/importing/": "staging tables are made from the columns of the mapping and of the canonical schema",
    "plumbline/history/": "tables, checks and settings of the history file are made from the canonical schema",
}
# Written in lower or in upper case throughout: "Select a week from the list" is a sentence.
SQL = re.compile(
    r"\b(select\b[^;]*\sfrom\s|create\s+(or\s+replace\s+)?(temp\s+|temporary\s+)?(table|view|macro|schema|type)\s|insert\s+into\s|delete\s+from\s"
    r"|update\s+\w+\s+set\s|drop\s+(table|view|schema)\s|alter\s+table\s|copy\s+\(|with\s+\w+\s+as\s*\()",
)


def sql_texts(name: str, tree: ast.Module) -> list[str]:
    """One line per string of the file that looks like SQL. Docstrings are no SQL."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
            text = node.value
        else:
            continue
        if looks_like_sql(text):
            found.append(f"{name}:{node.lineno}: SQL belongs into queries/: {' '.join(text.split())[:60]}")
    return found


def looks_like_sql(text: str) -> bool:
    """Whether a text holds a statement, in lower or upper case."""
    spaced = text + " "
    return bool(SQL.search(spaced)) or bool(SQL.search("".join(c.lower() if c.isupper() else c.upper() for c in spaced)))


def misplaced(files: Iterable[tuple[str, ast.Module]]) -> list[str]:
    return [line for name, tree in files if not under(name, tuple(GENERATED)) for line in sql_texts(name, tree)]


def test_sql_is_in_queries() -> None:
    assert misplaced(code_files()) == []


@pytest.mark.parametrize(
    "line",
    [
        'q = "select lead_id from leads"',
        'q = f"select {column} from {table}"',
        'q = "SELECT 1 FROM x"',
        'run("create or replace temp table t as")',
        'run("""\nwith a as (\n    select 1\n)\nselect * from a""")',
        'run("delete from leads")',
    ],
)
def test_misplaced_sql_is_seen(line: str) -> None:
    assert misplaced([("plumbline/simulation.py", ast.parse(line))])
    assert misplaced([("plumbline/importing/stage.py", ast.parse(line))]) == []


@pytest.mark.parametrize("line", ['"""select a from b"""', 'label = "Select a week from the list"', 'label = "Pick a source"', 'key = "selected"'])
def test_words_are_no_sql(line: str) -> None:
    assert misplaced([("pages/explore/funnel.py", ast.parse(line))]) == []
