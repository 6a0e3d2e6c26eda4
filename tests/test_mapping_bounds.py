"""A mapping is read in the server's own process: how much work its longest and worst texts make, counted and not timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from ruamel.yaml import YAML

from plumbline import plain_yaml
from plumbline.errors import InputError
from plumbline.importing import mapped
from plumbline.plain_yaml import MOST_DEEP, MOST_NODES, MOST_TEXT
from plumbline.ui.importing import form, mapping

LEADS = "files:\n  - file: f.csv\n    tables:\n      leads:\n        lead_id: a\n        created_at: b\n"
STAGES = "files:\n  - file: f.csv\n    tables:\n      stage_changes:\n        - lead_id: a\n          occurred_at: b\n"
TOUCHES = "files:\n  - file: f.csv\n    tables:\n      touches:\n        lead_id: a\n        channel: {value: call}\n        occurred_at: b\n"


def cut(text: str) -> str:
    return text[:MOST_TEXT]


NESTED = {
    "lists in a line": cut("[" * MOST_TEXT),
    "mappings in a line": cut("{a: " * MOST_TEXT),
    "dashes": cut("- " * MOST_TEXT),
    "lists as deep as may be": cut("a: [" + ("[" * (MOST_DEEP - 1) + "x" + "]" * (MOST_DEEP - 1) + ",") * MOST_TEXT),
    "steps to the right": cut("".join("  " * depth + "a:\n" for depth in range(400))),
    "many short values": cut("- x\n" * MOST_TEXT),
    "many values on one line": cut("a: [" + "x," * MOST_TEXT),
}
WIDE = {
    "attributes": LEADS + "".join(f"        attr{n}: c{n}\n" for n in range(4980)),
    "attributes in two spellings": LEADS + "".join(f"        {name}{n}: c{n}\n" for n in range(2400) for name in ("Attr", "bttr")),
    "columns beside a touch": TOUCHES
    + "".join(f"        xq{n}: c{n}\n" for n in range(4900)),
    "labels that mean nothing beside a long when": STAGES
    + "          when: {c: [" + ",".join(f"y{n}" for n in range(4900)) + "]}\n          stage:\n            column: c\n            labels:\n"
    + "".join(f"              l{n}:\n" for n in range(2500)),
    "labels": STAGES + "          stage:\n            column: c\n            labels:\n" + "".join(f"              l{n}: mql\n" for n in range(4980)),
    "feeds": STAGES + "          stage: {value: mql}\n" + "        - {lead_id: a, stage: {value: mql}, occurred_at: b}\n" * 1200,
    "files": "files:\n" + "".join(f"  - {{file: f{n}.csv, tables: {{leads: {{lead_id: a, created_at: b}}}}}}\n" for n in range(1240)),
}  # fmt: skip


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many events of the parser were taken."""
    taken = [0]

    class Counted(YAML):
        def parse(self, stream: str) -> Iterator:
            for event in super().parse(stream):
                taken[0] += 1
                yield event

    monkeypatch.setattr(plain_yaml, "YAML", Counted)
    return taken


@pytest.mark.parametrize("name", NESTED)
def test_reading_stops_at_the_bound(name: str, events: list[int]) -> None:
    with pytest.raises(InputError, match=r"nested too deeply|longer than any mapping|no YAML"):
        plain_yaml.read(NESTED[name], "m.yaml", "mapping", only_texts=True)
    assert len(NESTED[name]) <= MOST_TEXT
    assert events[0] <= 2 * MOST_NODES + MOST_DEEP + 3  # a list begins and ends


def test_a_text_that_is_too_long_is_not_parsed_at_all(events: list[int]) -> None:
    with pytest.raises(InputError, match="longer than any mapping"):
        plain_yaml.read("a: " + "x" * MOST_TEXT, "m.yaml", "mapping")
    assert events == [0]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often texts were brought into their compared form, and cells written."""
    found = {"common_form": 0, "_cell": 0, "times": 0}

    def counted(name: str, function: Callable) -> Callable:
        def call(*arguments: object, **named: object) -> object:
            found[name] += 1
            return function(*arguments, **named)

        return call

    monkeypatch.setattr(mapped, "common_form", counted("common_form", mapped.common_form))
    monkeypatch.setattr(form, "_cell", counted("_cell", form._cell))
    monkeypatch.setattr(form.FileForm, "times", counted("times", form.FileForm.times))
    return found


@pytest.mark.parametrize("name", WIDE)
def test_the_work_grows_with_the_text_and_no_faster(name: str, events: list[int], calls: dict[str, int]) -> None:
    assert len(WIDE[name]) <= MOST_TEXT
    mapped.check(WIDE[name], "m.yaml")
    assert events[0] <= 2 * MOST_NODES + 6
    assert calls["common_form"] <= 4 * MOST_NODES
    mapping.read(WIDE[name])
    assert calls["_cell"] <= MOST_NODES
    assert calls["times"] <= MOST_NODES
