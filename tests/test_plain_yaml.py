"""The one reader of YAML: what it takes, where it stops, and that nothing but one line ever leaves it."""

from __future__ import annotations

import random
import time

import pytest

from plumbline.errors import InputError
from plumbline.plain_yaml import MOST_DEEP, MOST_NODES, MOST_TEXT, Items, Names, read

HOSTILE = {
    "a list in a list without end": ("[" * MOST_TEXT, "nested too deeply"),
    "a mapping in a mapping": ("{a: " * 50_000, "nested too deeply"),
    "dashes": ("- " * 100_000, "nested too deeply"),
    "nodes on one line": ("a: [" + "x, " * 60_000 + "]", "longer than any mapping"),
    "nodes on many lines": ("- x\n" * 50_000, f"line {MOST_NODES}: is longer than any mapping"),
    "characters": ("a" * (MOST_TEXT + 1), "longer than any mapping"),
    "an alias": ("a: &x [1]\nb: *x\n", "line 2: has an alias (*x)"),
    "a circle": ("a: &x [*x]\n", "has an alias (*x)"),
    "a merge": ("a: &x {b: 1}\nc: {<<: *x}\n", "has an alias (*x)"),
    "an alias for a name": ("a: &x b\n*x : 1\n", "has an alias for a name"),
    "a billion laughs": ("a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(99)), "has an alias"),
    "digits": (f"a: {'9' * 5000}", "has a number of 5000 digits"),
    "a tag": ("a: !!python/object:os.system x", "has a tag"),
    "two documents": ("a: 1\n---\nb: 2\n", "line 2: is no YAML (expected a single document"),
    "half a character": ('a: "\\ud800"', "has half a character"),
    "a name twice": ("a: 1\na: 2\n", "line 2: is no YAML (found duplicate key 'a')"),
    "another version": ("%YAML 1.1\n---\na: NO\n", "mappings are YAML 1.2"),
    "a control character": ("a: \x00", "is no YAML"),
    "a list for a name": ("? [a]\n: 1\n", "has a list or a mapping for a name"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_one_line_soon(name: str) -> None:
    text, words = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(InputError) as refused:
        read(text, "m.yaml", "mapping")
    assert words in refused.value.one_line and "\n" not in refused.value.one_line
    assert refused.value.where.startswith("m.yaml")
    assert time.process_time() - began < 10


def test_values_and_the_lines_on_which_they_stand() -> None:
    found = read("a: 1\nb:\n  - NO\n  - 0x10\n\nc: {d: true, e: 2026-01-31}\n", "m.yaml")
    assert found == {"a": 1, "b": ["NO", 16], "c": {"d": True, "e": "2026-01-31"}}
    assert isinstance(found, Names) and found.lines == {"a": 1, "b": 2, "c": 6}
    assert isinstance(found["b"], Items) and found["b"].lines == [3, 4]
    assert found["c"].lines == {"d": 6, "e": 6}


def test_texts_stay_as_they_are_written() -> None:
    text = "a: 1.50\nb: True\nc: 007\nd: null\ne: 'null'\nf:\ng: 1e3\nh: " + "9" * 5000
    found = read(text, "m.yaml", only_texts=True)
    assert list(found.values()) == ["1.50", "True", "007", None, "null", None, "1e3", "9" * 5000]


def test_nothing_at_all_is_nothing() -> None:
    assert [read(text, "m.yaml") for text in ("", "# only a remark\n", "---\n...\n", "null")] == [None] * 4


def test_as_deep_as_may_be() -> None:
    assert read("[" * MOST_DEEP + "]" * MOST_DEEP, "m.yaml") is not None
    with pytest.raises(InputError, match="nested too deeply"):
        read("[" * (MOST_DEEP + 2) + "]" * (MOST_DEEP + 2), "m.yaml")


@pytest.mark.parametrize("seed", range(4))
def test_no_text_brings_anything_but_one_line(seed: int) -> None:
    draw = random.Random(seed)
    parts = [
        *"[]{}:,-?&*!|>'\"%@`#~ \n\t",
        ": ",
        "- ",
        "---",
        "...",
        "&a ",
        "*a",
        "!!str ",
        "<<: ",
        "\\u0000",
        "\ufeff",
        "\u2028",
        "\ud800",
        "é",
        "a",
        "1",
    ]
    for _ in range(500):
        text = "".join(draw.choices(parts, k=draw.randint(1, 60)))
        try:
            read(text, "m.yaml", "mapping", only_texts=draw.random() < 0.5)
        except InputError as refusal:
            assert "\n" not in refusal.one_line
