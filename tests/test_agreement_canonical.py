"""What is written is read back as it was, and the bytes that signatures are of: the same wherever the document reads the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plumbline.agreement.canonical import canonical, seal, short
from plumbline.agreement.diff import diff
from plumbline.agreement.model import Agreement, Promise, Within
from plumbline.agreement.parse import parse
from plumbline.agreement.review import review_day
from plumbline.agreement.write import to_yaml
from plumbline.definition import Definition, FieldRule
from plumbline.text import clean
from tests.agreements import FULL, random_agreement

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda text: clean(" ".join(text.splitlines())) or "x")
PARTS = st.none() | st.binary(max_size=6)
SMALL = Agreement("Small", date(2027, 1, 4), Definition(fit=(FieldRule("need", "is", True),)), (Promise("reason", Decimal("0.9")),))


@pytest.mark.parametrize("part", range(8))
def test_what_is_written_is_read_back(part: int) -> None:
    for seed in range(part * 25, part * 25 + 25):
        made = random_agreement(seed)
        text = to_yaml(made)
        read = parse(text)
        assert read == made, text
        assert canonical(read) == canonical(made)
        assert to_yaml(read) == text
        assert diff(made, read).changes == ()


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(TEXTS, TEXTS, TEXTS, st.lists(TEXTS, min_size=1, max_size=3, unique=True))
@example("\x00", "\x07", "\u2028", ["\x85", "\x1b"])
@example("- a", "a: b", "#", ["*x", "&y"])
def test_any_text_is_read_back(name: str, description: str, value: str, fields: list[str]) -> None:
    fields = [clean(one) or "x" for one in fields]
    made = replace(
        SMALL,
        name=clean(name) or "x",
        description=clean(description) or "",
        qualified=Definition(fit=(FieldRule(clean(value) or "x", "is", clean(value) or "x"),)),
        promises=(Promise("evidence", Decimal("1"), fields=tuple(dict.fromkeys(fields))),),
    )
    assert parse(to_yaml(made)) == made


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.decimals(min_value=Decimal("1e-15"), max_value=1, places=15, allow_nan=False), st.integers(1, 3650), st.sampled_from("mhd"))
def test_any_share_and_limit_is_read_back(share: Decimal, number: int, unit: str) -> None:
    made = replace(SMALL, promises=(Promise("acceptance", share, Within(number, unit)),))
    read = parse(to_yaml(made))
    assert read == made and read.promises[0].share == share and canonical(read) == canonical(made)


def test_canonical_bytes_are_sorted_json_without_white_space() -> None:
    told = canonical(parse(FULL))
    read = json.loads(told)
    assert told == json.dumps(read, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert b"\n" not in told and b'": ' not in told and "name" not in read and "description" not in read
    assert read["effective"] == "2027-01-04" and read["sales"]["first_touch"] == {"clock": "working", "share": "0.8", "within": "30m"}


def test_canonical_bytes_do_not_change_with_the_product() -> None:
    """Seals of years ago are worked out again: a change here makes all of them fail."""
    assert hashlib.sha256(canonical(parse(FULL))).hexdigest() == CANONICAL
    assert seal(canonical(parse(FULL)), "snapshot", "0.1.0", 7, b"{}") == SEAL
    assert canonical(SMALL) == (
        b'{"effective":"2027-01-04","format":1,"qualified":{"behaviour":[],"criteria":{"at_least":0,"of":[]},"exclude":[],'
        b'"fit":[{"field":"need","operator":"is","value":true}],"name":"","required_fields":[],'
        b'"score":{"half_life_days":null,"points":[],"threshold":null}},"sales":{"reason":{"share":"0.9"}}}'
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Q1 2027", "name: Q1 of 2027"),
        ("name: Q1 2027", "name: Q1 2027\ndescription: Mended."),
        ("share: 0.95", "share: 0.950"),
        ("share: 0.95", "share: 95e-2"),
        ("share: 1.0", "share: 1"),
        ("{within: 24h, share: 0.9}", "{share: 0.9, within: 24h, clock: wall}"),
        ("at_least: 100", "at_least: 1e2"),
        ("at_least: 100", "at_least: 100.0"),
        ("fit: [{field: employees, at_least: 100}]", "fit:\n    - field: employees   # a remark\n      at_least: 100"),
        ("within_days: 90", "times: 1, within_days: 90.0"),
        ("leads: 390", "leads: 390.0"),
    ],
)
def test_what_reads_the_same_is_signed_the_same(old: str, new: str) -> None:
    assert old in FULL
    before, after = parse(FULL), parse(FULL.replace(old, new))
    assert canonical(before) == canonical(after)
    assert not diff(before, after).needs_signatures


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2027-01-04", "2027-01-05"),
        ("{within: 24h, share: 0.9}", "{within: 1d, share: 0.9}"),
        ("within: 30m", "within: 31m"),
        (", clock: working", ""),
        ("share: 0.95", "share: 0.951"),
        ("leads: 390", "leads: 391"),
        ("per_rep: 500", "per_rep: 501"),
        ("calls: 4", "calls: 5"),
        ("emails: 3", "emails: 0"),
        ("[need, budget]", "[budget, need]"),
        ("required_fields: {share: 0.95}", "required_fields: {share: 0.95, fields: [email, company]}"),
        ("name: Mid-size with intent", "name: Mid-size"),
        ("at_least: 100", "at_least: 100.5"),
        ("at_least: 100", "at_most: 100"),
        ("{field: employees, at_least: 100}", "{field: employees, is: '100'}"),
        ("{field: need, is: true}", "{field: need, is: 1}"),
        ("{field: need, is: true}", "{field: need, is: 'true'}"),
        ("{field: need, is: true}, {field: budget, present: true}", "{field: budget, present: true}, {field: need, is: true}"),
        ("at_least: 3", "at_least: 2"),
        ("accepted:\n  fit: [{field: need, present: true}]\n", ""),
        ("  reason: {share: 1.0}\n", ""),
        ("within_days: 90", "within_days: 91"),
        ("exclude: [", "exclude: [{field: need, is: no}, "),
    ],
)
def test_what_reads_otherwise_is_signed_anew(old: str, new: str) -> None:
    assert old in FULL
    before, after = parse(FULL), parse(FULL.replace(old, new))
    assert canonical(before) != canonical(after)
    assert diff(before, after).needs_signatures and diff(after, before).needs_signatures


@pytest.mark.parametrize("part", range(4))
def test_different_bytes_are_a_difference_in_words(part: int) -> None:
    made = [random_agreement(seed) for seed in range(part * 10, part * 10 + 10)]
    for one in made:
        for other in made:
            assert (canonical(one) != canonical(other)) == diff(one, other).needs_signatures


def test_a_seal_binds_each_part() -> None:
    parts = {"agreement": b"{}", "snapshot": "abc", "product": "0.1.0", "seed": 7, "simulation": b"[]"}
    base = seal(**parts)
    assert len(base) == 64 and base == seal(**parts) and short(base) == f"{base[:4]} {base[4:8]} {base[8:12]}"
    others = [
        seal(**parts | change)
        for change in (
            {"agreement": b"{ }"}, {"snapshot": "abd"}, {"product": "0.1.1"}, {"seed": 8}, {"simulation": b"[1]"}, {"snapshot": None},
            {"product": None}, {"seed": None}, {"simulation": None}, {"simulation": b""}, {"snapshot": ""}, {"snapshot": "ab", "product": "c0.1.0"},
            {"snapshot": "0.1.0", "product": "abc"}, {"seed": None, "simulation": b"7"},
        )
    ]  # fmt: skip
    assert len({base, *others}) == len(others) + 1
    assert seal(b"{}") != seal(b"{}", "") and seal(b"{}", "x") == seal(b"{}", b"x")


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.binary(max_size=6), st.none() | st.binary(max_size=6), st.none() | st.binary(max_size=6)), min_size=2, max_size=8, unique=True
    )
)
def test_no_two_sets_of_parts_share_a_seal(sets: list[tuple]) -> None:
    assert len({seal(agreement, snapshot, simulation=simulation) for agreement, snapshot, simulation in sets}) == len(sets)


@pytest.mark.parametrize(
    ("effective", "review"),
    [
        ("2027-01-04", "2027-04-04"),
        ("2026-11-30", "2027-02-28"),
        ("2027-11-30", "2028-02-29"),
        ("2027-10-01", "2028-01-01"),
        ("2027-12-31", "2028-03-31"),
    ],
)
def test_review_is_a_quarter_later(effective: str, review: str) -> None:
    assert review_day(date.fromisoformat(effective)) == date.fromisoformat(review)


CANONICAL = "a40cd2bf83cadb100aa80067b82dfd2cc0eb086276d1db6ae4220e790a648c44"
SEAL = "51a706deb2b1d8707150dedd425f59bf9d363a694d6646a52ac5b0d4c8cf7c50"
