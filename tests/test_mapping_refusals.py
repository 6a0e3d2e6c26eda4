"""No mapping brings anything but a plan or one line, on the command line and on the Import screen alike."""

from __future__ import annotations

import copy
import json
import random
import time
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.importing import mapped
from plumbline.ui.importing import mapping
from tests.test_import_mapping import HEAD, LEADS

WRONG = {
    "a list for a time zone": (
        "time_zone: [UTC]\n" + HEAD.replace("time_zone: UTC\n", ""),
        "m.yaml, line 1, time_zone: is a list, and should be a text",
    ),
    "a number for a time zone": ("time_zone: 5\n" + HEAD.replace("time_zone: UTC\n", ""), "m.yaml, line 1, time_zone: no time zone is called '5'"),
    "a mapping for a pattern": ("date_format: {a: b}\n" + HEAD, "m.yaml, line 1, date_format: "),
    "a list of lists for missing": ("missing: [[a]]\n" + HEAD, "m.yaml, line 1, missing: is a list, and should be a text"),
    "a list for a label": (
        HEAD + f"      {LEADS}\n      stage_changes:\n        lead_id: Id\n        occurred_at: Created\n"
        "        stage: {column: S, labels: {web: [x]}}\n",
        "m.yaml, line 9, data.csv, stage_changes[1].stage, labels.web: is a list, and should be a text",
    ),
    "a text for tables": ("files: [{file: a.csv, tables: leads}]", "m.yaml, line 1, a.csv, tables: should be a mapping of names to values"),
    "a text for files": ("files: a.csv", "m.yaml, line 1, files[1]: should be a mapping of names to values"),
    "a list for a column": (
        HEAD + "      leads: {lead_id: [Id], created_at: C}\n",
        "m.yaml, line 5, data.csv, leads[1], lead_id: should be a mapping",
    ),
    "a table of nothing": (HEAD + "      leads:\n", "m.yaml, line 5, data.csv, leads[1]: should be a mapping of names to values"),
    "nothing for a column": (
        HEAD + "      leads: {lead_id: , created_at: C}\n",
        "m.yaml, line 5, data.csv, leads[1].lead_id: needs either a column or a value",
    ),
    "optional that is neither": (
        HEAD + "      leads: {lead_id: Id, created_at: {column: C, optional: maybe}}\n",
        "'maybe' is neither true nor false",
    ),
    "an end before time": ("organisation: {data_through: 0001-01-01T00:00:00+14:00}\n" + HEAD + f"      {LEADS}\n", "is no time from 1"),
    "an end that is a list": ("organisation: {data_through: [2026-01-01]}\n" + HEAD + f"      {LEADS}\n", "organisation.data_through: is a list"),
    "a pattern without a year": ('date_format: "%d/%m"\n' + HEAD + f"      {LEADS}\n", "year"),
    "a pattern of hours": ('date_format: "%H:%M"\n' + HEAD + f"      {LEADS}\n", "'%H:%M'"),
    "a NUL in a name": ('files: [{file: "a\\0b", tables: {leads: {lead_id: Id, created_at: C}}}]', "holds a NUL character"),
    "a text without end": (f"files: [{{file: {'x' * 2000}, tables: {{}}}}]", "holds a text that is too long"),
    "a circle": ("missing: &a [*a]\nfiles: []\n", "m.yaml, line 1: has an alias (*a)"),
    "aliases times aliases": (
        "files:\n- &f {file: d.csv, tables: {leads: &l [&e {lead_id: Id, created_at: C}" + ", *e" * 300 + "]}}\n" + "- *f\n" * 300,
        "m.yaml, line 2: has an alias (*e)",
    ),
    "half a character": ('time_zone: "\\ud800"\n' + HEAD, "half a character"),
    "deep": ("[" * 3000, "nested too deeply"),
    "a list": ("- a\n", "m.yaml: should be a mapping"),
    "nothing": ("", "m.yaml: should be a mapping"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_mapping_is_one_line_with_its_key_and_line(name: str, tmp_path: Path) -> None:
    text, words = WRONG[name]
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "data.csv").write_text("Id,C\nL1,2026-01-01\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        mapped.plan([tmp_path], tmp_path / "m.yaml")
    assert words in refused.value.one_line and "\n" not in refused.value.one_line
    problem = mapping.problem(text)
    assert problem is not None and "\n" not in problem.one_line


def test_a_file_of_any_size_is_read_no_further_than_a_mapping_goes(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("files: []\n" + "# more\n" * 2_000_000, encoding="utf-8")
    began = time.process_time()
    with pytest.raises(InputError, match="longer than any mapping"):
        mapped.plan([tmp_path], tmp_path / "m.yaml")
    assert mapping.read(mapping.text_from(tmp_path / "m.yaml")) is None
    assert time.process_time() - began < 5


# --- random mappings --------------------------------------------------------------------------------------------------

FULL = {
    "description": "all that there is",
    "time_zone": "Europe/Berlin",
    "date_format": "%d/%m/%Y",
    "missing": ["", "N/A"],
    "decimal": ",",
    "organisation": {"time_zone": "UTC", "currency": "EUR", "data_through": "2026-03-31"},
    "files": [
        {
            "file": "data.csv",
            "delimiter": ";",
            "encoding": "utf-8",
            "tables": {
                "leads": {"lead_id": "Id", "created_at": "C", "source": {"column": "S", "labels": {"a": "web", "b": None}, "missing": "-"}},
                "stage_changes": [
                    {"lead_id": "Id", "stage": {"value": "mql"}, "occurred_at": {"column": "M", "optional": "true", "date_format": "%Y-%m-%d"}},
                    {"lead_id": "Id", "stage": {"column": "T", "labels": {"Won": "won"}}, "occurred_at": "C", "when": {"T": ["Won", "x"]}},
                ],
                "touches": {
                    "lead_id": {"row": "true"},
                    "channel": {"value": "call"},
                    "occurred_at": "C",
                    "repeat": {"column": "N", "optional": "true"},
                },
                "deals": {"deal_id": {"row": "true"}, "lead_id": "Id", "amount": {"column": "A", "decimal": "."}, "currency": {"value": "EUR"}},
            },
        }
    ],
}
SIMPLE = {
    "time_zone": "UTC",
    "missing": ["", "N/A", "-"],
    "files": [
        {
            "file": "data.csv",
            "tables": {
                "leads": {"lead_id": "Id", "created_at": "C"},
                "stage_changes": [{"lead_id": "Id", "stage": {"value": "mql"}, "occurred_at": {"column": "M", "optional": "true"}}],
            },
        },
        {
            "file": "log.csv",
            "tables": {"stage_changes": {"lead_id": "Id", "stage": {"column": "T", "labels": {"Won": "won"}}, "occurred_at": "C"}},
        },
    ],
}
SCALARS = ["", "Id", "mql", "true", "NO", "5", "-1.5", "1e400", "9" * 400, "2026-01-01", "0001-01-01T00:00:00+14:00", "%d/%m/%Y", "%Q",
           "%", ";", "\\t", "UTC", "../x", "a/b.csv", "\u00e9", "e\u0301", "\u202e", "x" * 1200, "{}", "*a", "\0", "\ud800", "CON", ".", "..", None,
           True, 3, 2.5]  # fmt: skip
KEYS = ["files", "file", "tables", "leads", "touches", "lead_id", "stage", "labels", "when", "value", "column", "row", "repeat", "optional",
        "decimal",
        "missing", "time_zone", "date_format", "Lead_ID", "x", "", "1", "true", "<<", "\u00a0"]  # fmt: skip


def places(node: object, found: list | None = None) -> list[tuple]:
    """Every (container, key) below a node."""
    found = [] if found is None else found
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        found.append((node, key))
        places(value, found)
    return found


def random_value(draw: random.Random, depth: int = 0) -> object:
    kind = draw.random()
    if kind < 0.6 or depth > 3:
        return draw.choice(SCALARS)
    if kind < 0.8:
        return [random_value(draw, depth + 1) for _ in range(draw.randint(0, 3))]
    return {draw.choice(KEYS): random_value(draw, depth + 1) for _ in range(draw.randint(0, 3))}


def random_mapping(draw: random.Random) -> str:
    """A mapping with a few things about it changed, as YAML in JSON's form; sometimes with aliases, tags or a cut end."""
    document = copy.deepcopy(draw.choice([FULL, SIMPLE]))
    for _ in range(draw.randint(0, 3)):
        node, key = draw.choice(places(document))
        change = draw.random()
        if change < 0.6:
            node[key] = random_value(draw)
        elif change < 0.75 and isinstance(node, dict):
            node[draw.choice(KEYS)] = node.pop(key)
        elif change < 0.9 and isinstance(node, dict):
            node.pop(key)
        elif isinstance(node, list):
            node.append(random_value(draw))
        else:
            node[draw.choice(KEYS)] = random_value(draw)
        if not places(document):
            break
    text = json.dumps(document, ensure_ascii=draw.random() < 0.5)
    if draw.random() < 0.15:
        at = draw.randrange(len(text))
        text = text[:at] + draw.choice(["&a ", "*a", "!!str ", "!x ", "}", "[", "\n", "\t", "'", "# ", "- ", "? ", "%", "\x07", "---\n"]) + text[at:]
    if draw.random() < 0.05:
        text = text[: draw.randrange(len(text))]
    return text.encode("utf-8", "replace").decode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("files")
    for name in ("data.csv", "log.csv"):
        (place / name).write_text("Id;C;S;M;T;N;A\nL1;2026-01-01;a;;Won;1;5\n", encoding="utf-8")
    return place


@pytest.mark.parametrize("seed", range(4))
def test_random_mappings_give_a_plan_or_one_line_and_a_form_or_none(seed: int, folder: Path, tmp_path: Path) -> None:
    draw = random.Random(seed)
    plans = forms = 0
    for number in range(500):
        text = random_mapping(draw)
        path = tmp_path / "m.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            mapped.plan([folder], path)
            plans += 1
            is_plan = True
        except InputError as refusal:
            assert "\n" not in refusal.one_line, (number, text)
            is_plan = False
        problem = mapping.problem(text)
        assert problem is None or "\n" not in problem.one_line
        assert not (is_plan and problem), (number, text)
        form = mapping.read(text, ("data.csv",))
        if form is not None:
            forms += 1
            assert mapping.read(mapping.text_of(form), ("data.csv",)) == form, (number, text)
    assert plans > 50 and forms > 20, "too few of them are mappings at all: the test would show nothing"
