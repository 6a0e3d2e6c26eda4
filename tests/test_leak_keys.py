"""What stands for a leak in an address is read back as it was written, whatever signs a value holds."""

from __future__ import annotations

import random

import pytest

from plumbline.leaks import keys

FIELDS = ("source", "region", "source_today", "lead rep", "a.b")


@pytest.mark.parametrize(
    "segment",
    [
        (),
        (("source", "webinar"),),
        (("source", ""),),
        (("source", "a|b=c"), ("region", "x=y|z")),
        (("source_today", "Won"), ("lead rep", "Bo | Chan")),
        (("a.b", "|"), ("source", "=")),
    ],
)
def test_a_key_is_read_back(segment: keys.Segment) -> None:
    for step in range(1, 5):
        assert keys.read(keys.written(step, segment), FIELDS) == (step, segment)


def test_random_values_are_read_back() -> None:
    draw = random.Random(7)
    for _ in range(2_000):
        names = draw.sample(FIELDS, draw.choice((1, 2)))
        segment = tuple((name, "".join(draw.choice("ab|=>-. é") for _ in range(draw.randrange(8)))) for name in names)
        if any(f"|{name}=" in f"|{value}" for _, value in segment for name in FIELDS):
            continue  # a value that writes a pair itself cannot be told from one
        assert keys.read(keys.written(2, segment), FIELDS) == (2, segment)


@pytest.mark.parametrize("key", ["", "mql", "mql->sal|", "mql->sql|source=x", "mql->sal|colour=red", "mql->sal|x|source=y", "mql->sal||"])
def test_what_is_no_key(key: str) -> None:
    assert keys.read(key, FIELDS) is None
