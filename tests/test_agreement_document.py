"""What an agreement's file may say: every fault is one line that names the promise and the key, and all of them are found at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plumbline.agreement.check import ROWS
from plumbline.agreement.faults import AgreementFaults
from plumbline.agreement.model import Agreement, Promise, Within
from plumbline.agreement.parse import load, parse
from plumbline.agreement.promises import KINDS, SIDES, kinds_of
from plumbline.definition import Definition, FieldRule
from plumbline.errors import InputError
from plumbline.history.record_tables import THINGS
from plumbline.history.recorded import WORDS
from tests.agreements import FULL

HEAD = "name: Test\neffective: 2027-01-04\nqualified: {fit: [{field: employees, at_least: 100}]}\n"
ONE = "acceptance: {within: 14d, share: 0.9}\n"


def faults(text: str) -> tuple[str, ...]:
    """The lines with which an agreement is refused."""
    with pytest.raises(AgreementFaults) as caught:
        parse(text, "q1.yaml")
    lines = caught.value.lines
    assert lines and caught.value.one_line.startswith(lines[0])
    assert len(set(lines)) == len(lines)
    for line in lines:
        assert line.startswith("q1.yaml") and "; " in line and "\n" not in line and "Traceback" not in line and len(line) < 400
    return lines


def sales(text: str) -> str:
    return f"{HEAD}sales:\n  {text}\n"


def marketing(text: str) -> str:
    return f"{HEAD}marketing:\n  {text}\n"


def test_the_whole_example_is_read() -> None:
    read = parse(FULL)
    assert (read.name, read.effective, read.description) == ("Q1 2027", date(2027, 1, 4), "")
    assert read.qualified.name == "Mid-size with intent" and read.accepted == Definition(fit=(FieldRule("need", "present"),))
    assert read.sales_qualified and read.sales_qualified.at_least == 3
    assert [one.kind for one in read.promises] == list(KINDS)
    assert read.promise("first_touch") == Promise("first_touch", Decimal("0.8"), Within(30, "m"), "working")
    assert read.promise("touches") == Promise("touches", Decimal("0.8"), Within(14, "d"), calls=3, emails=3)
    assert read.promise("evidence") == Promise("evidence", Decimal("0.9"), fields=("need", "budget"))
    assert read.promise("volume") == Promise("volume", leads=390)
    assert read.promise("open_leads") == Promise("open_leads", Decimal("1"), per_rep=500)
    assert read.required_fields() == ("email", "company")


def test_the_order_of_the_file_does_not_matter() -> None:
    text = f"{HEAD}sales: {{reason: {{share: 1}}, decision: {{within: 24h, share: 0.9}}}}\nmarketing: {{volume: {{leads: 3}}}}\n{ONE}"
    assert [one.kind for one in parse(text).promises] == ["acceptance", "volume", "decision", "reason"]


def test_the_table_of_promises_is_whole() -> None:
    assert [name for side in SIDES for name in kinds_of(side)] == list(KINDS)
    assert {name for name, kind in KINDS.items() if not kind.has_share} == {"volume"}
    assert {name for name, kind in KINDS.items() if kind.has_clock} == {"hand_over", "decision", "first_touch", "follow_up"}
    for name, kind in KINDS.items():
        place = f"{kind.side}: {{{name}: {kind.example}}}" if kind.side != "both" else f"{name}: {kind.example}"
        fields = HEAD.replace("{fit:", "{required_fields: [email], fit:")
        assert parse(f"{fields}{place}\n").promise(name), name
        assert kind.measured.startswith("measured by ") and not set(kind.required) & set(kind.optional)
        assert kind.limit(parse(f"{fields}{place}\n").promises[0]) if "within" in kind.keys or name == "first_week_calls" else True


def test_what_a_promise_needs_is_something_that_a_history_records() -> None:
    for kind in KINDS.values():
        assert set(kind.needs) <= set(WORDS) & set(THINGS)
        assert {*kind.between, *([kind.items] if kind.items else [])} <= set(ROWS) & set(THINGS)


@pytest.mark.parametrize(
    ("told", "exact"),
    [("0.9", "0.9"), ("0.90", "0.9"), (".9", "0.9"), ("9e-1", "0.9"), ("+0.9", "0.9"), ("1", "1"), ("1.", "1"), ("1.0", "1"), ("0.1", "0.1"),
     ("0.333333333333333", "0.333333333333333"), ("0.000000000000001", "0.000000000000001"), ("100e-2", "1")],
)  # fmt: skip
def test_a_share_is_the_decimal_as_written(told: str, exact: str) -> None:
    assert parse(f"{HEAD}acceptance: {{within: 14d, share: {told}}}\n").promises[0].share == Decimal(exact)


@pytest.mark.parametrize(("told", "micros"), [("1m", 60_000_000), ("90m", 5_400_000_000), ("24h", 86_400_000_000), ("1d", 86_400_000_000)])
def test_a_limit_is_a_number_and_its_unit(told: str, micros: int) -> None:
    limit = parse(f"{HEAD}acceptance: {{within: {told}, share: 1}}\n").promises[0].within
    assert limit and limit.micros == micros and limit.text == told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # the file
        ("", ["should be a mapping"]),
        ("- a\n", ["should be a mapping"]),
        ("just a text\n", ["should be a mapping"]),
        (HEAD, ["promises nothing", "acceptance"]),
        (f"{HEAD}marketing:\nsales: {{}}\n", ["promises nothing"]),
        (HEAD.replace("name: Test\n", "") + ONE, ["has no name"]),
        (HEAD.replace("Test", "''") + ONE, ["has no name"]),
        (HEAD.replace("Test", "[a]") + ONE, ["name takes a text"]),
        (HEAD.replace("Test", "x" * 201) + ONE, ["name is longer than 200"]),
        (f"description: {{a: 1}}\n{HEAD}{ONE}", ["description takes a text"]),
        (HEAD.replace("effective: 2027-01-04\n", "") + ONE, ["has no effective", "2027-01-04"]),
        (HEAD.replace("2027-01-04", "2027-02-30") + ONE, ["effective is '2027-02-30'"]),
        (HEAD.replace("2027-01-04", "04.01.2027") + ONE, ["effective is '04.01.2027'"]),
        (HEAD.replace("2027-01-04", "2027") + ONE, ["effective is 2027"]),
        (HEAD.replace("2027-01-04", "20270104") + ONE, ["effective is 20270104"]),
        (HEAD.replace("2027-01-04", "2027-01-04T00:00:00Z") + ONE, ["effective is"]),
        (HEAD.replace("2027-01-04", "1970-01-01") + ONE, ["effective is '1970-01-01'"]),
        (f"{HEAD}{ONE}nmae: x\n", ["nothing is called 'nmae' here", "did you mean 'name'"]),
        (f"{HEAD}{ONE}markting: {{}}\n", ["nothing is called 'markting' here", "'marketing'"]),
        (f"{HEAD}{ONE}1: x\n", ["nothing is called '1' here"]),
        (f"{HEAD}{ONE}fit: []\n", ["fit is part of a definition", "under qualified"]),
        # the definitions
        ("name: Test\neffective: 2027-01-04\n" + ONE, ["has no qualified", "definitions.md"]),
        ("name: Test\neffective: 2027-01-04\nqualified:\n" + ONE, ["has no qualified"]),
        ("name: Test\neffective: 2027-01-04\nqualified: big ones\n" + ONE, ["qualified", "should be a mapping"]),
        ("name: Test\neffective: 2027-01-04\nqualified: {}\n" + ONE, ["qualified", "says nothing that a lead could meet"]),
        (HEAD.replace("at_least", "at_leest") + ONE, ["qualified, fit, rule 1", "'at_leest'", "'at_least'"]),
        (f"{HEAD}{ONE}accepted:\n", ["accepted says nothing"]),
        (f"{HEAD}{ONE}accepted: {{fit: [{{activity: webinar}}]}}\n", ["accepted, fit, rule 1", "is about an activity"]),
        (f"{HEAD}{ONE}sales_qualified: {{criteria: {{at_least: 3, of: [{{field: need, is: true}}]}}}}\n", ["sales_qualified, criteria", "3 of 1"]),
        (f"{HEAD}{ONE}sales_qualified: {{score: {{points: [{{activity: webinar, points: 5}}]}}}}\n", ["sales_qualified, score", "no threshold"]),
        # where a promise stands
        (f"{HEAD}first_touch: {{within: 30m, share: 0.8}}\n", ["first_touch", "is a promise of sales", "under sales"]),
        (f"{HEAD}volume: {{leads: 3}}\n", ["volume", "is a promise of marketing", "under marketing"]),
        (marketing("decision: {within: 24h, share: 0.9}"), ["marketing, decision", "is a promise of sales"]),
        (sales("volume: {leads: 390}"), ["sales, volume", "is a promise of marketing"]),
        (sales("acceptance: {within: 14d, share: 0.9}"), ["sales, acceptance", "both sides", "left edge"]),
        (sales("effective: 2027-01-04"), ["sales", "effective is no promise", "left edge"]),
        (sales("exclude: []"), ["sales", "exclude is part of a definition"]),
        (sales("frist_touch: {within: 30m, share: 0.8}"), ["sales", "'frist_touch'", "'first_touch'"]),
        (f"{HEAD}sales: 5\n", ["sales", "should be a mapping of promises", "decision"]),
        (f"{HEAD}marketing: [volume]\n", ["marketing", "should be a mapping of promises"]),
        # what is behind it
        (sales("decision:"), ["sales, decision", "promises nothing", "decision: {within: 24h, share: 0.9}"]),
        (sales("decision: 24h"), ["sales, decision", "should be a mapping"]),
        (sales("decision: [24h, 0.9]"), ["sales, decision", "should be a mapping"]),
        (sales("decision: {within: 24h}"), ["sales, decision, share", "has no share"]),
        (sales("decision: {within: 24h, share: }"), ["sales, decision, share", "has no share"]),
        (sales("decision: {share: 0.9}"), ["sales, decision, within", "has no within"]),
        (sales("evidence: {share: 0.9}"), ["sales, evidence, fields", "has no fields"]),
        (sales("open_leads: {share: 0.9}"), ["sales, open_leads, per_rep", "has no per_rep"]),
        (sales("first_week_calls: {share: 0.9}"), ["sales, first_week_calls, calls", "has no calls"]),
        (marketing("volume: {}"), ["marketing, volume, leads", "has no leads"]),
        # keys that do not belong there
        (marketing("volume: {leads: 390, share: 0.9}"), ["marketing, volume, share", "takes no share", "a number"]),
        (marketing("meets_definition: {within: 4h, share: 0.9}"), ["marketing, meets_definition, within", "takes no within"]),
        (sales("reason: {share: 1.0, within: 1d}"), ["sales, reason, within", "takes no within"]),
        (sales("first_week_calls: {calls: 4, share: 0.8, within: 7d}"), ["first_week_calls, within", "takes no within", "7d"]),
        (sales("first_week_calls: {calls: 4, share: 0.8, emails: 2}"), ["first_week_calls, emails", "takes no emails"]),
        (sales("touches: {calls: 3, emails: 3, within: 14d, share: 0.8, clock: working}"), ["touches, clock", "takes no clock", "first_touch"]),
        (f"{HEAD}acceptance: {{within: 14d, share: 0.9, clock: wall}}\n", ["acceptance, clock", "takes no clock"]),
        (marketing("returned: {within: 10d, share: 0.8, clock: working}"), ["returned, clock", "takes no clock"]),
        (sales("decision: {within: 24h, share: 0.9, fields: [need]}"), ["decision, fields", "takes no fields", "within, share and clock"]),
        (sales("decision: {within: 24h, share: 0.9, shares: 0.9}"), ["sales, decision", "'shares'", "'share'"]),
        (sales("decision: {within: 24h, share: 0.9, clok: working}"), ["sales, decision", "'clok'", "'clock'"]),
        # limits
        (sales("decision: {within: 24, share: 0.9}"), ["decision, within", "is '24'", "m, h or d"]),
        (sales("decision: {within: 1.5h, share: 0.9}"), ["decision, within", "is '1.5h'"]),
        (sales("decision: {within: 24 h, share: 0.9}"), ["decision, within", "is '24 h'"]),
        (sales("decision: {within: 24H, share: 0.9}"), ["decision, within", "is '24H'"]),
        (sales("decision: {within: 2w, share: 0.9}"), ["decision, within", "is '2w'"]),
        (sales("decision: {within: 0h, share: 0.9}"), ["decision, within", "is 0h", "over 0"]),
        (sales("decision: {within: -1h, share: 0.9}"), ["decision, within", "is '-1h'"]),
        (sales("decision: {within: ٣h, share: 0.9}"), ["decision, within", "is '٣h'"]),
        (sales("decision: {within: true, share: 0.9}"), ["decision, within", "is 'true'"]),
        (sales("decision: {within: [1h], share: 0.9}"), ["decision, within", "is ['1h']"]),
        (sales("decision: {within: 999999999d, share: 0.9}"), ["decision, within", "more than ten years"]),
        (sales("decision: {within: 87601h, share: 0.9}"), ["decision, within", "more than ten years"]),
        (sales("decision: {within: 2d, share: 0.9, clock: working}"), ["decision, within", "number of days", "16h"]),
        (sales("first_touch: {within: 30m, share: 0.9, clock: business}"), ["first_touch, clock", "is 'business'", "working", "wall"]),
        (sales("first_touch: {within: 30m, share: 0.9, clock: true}"), ["first_touch, clock", "is True"]),
        # shares
        (sales("reason: {share: 0}"), ["reason, share", "is 0"]),
        (sales("reason: {share: 0.0}"), ["reason, share", "is 0.0"]),
        (sales("reason: {share: -0.5}"), ["reason, share", "is -0.5"]),
        (sales("reason: {share: 90}"), ["reason, share", "is 90", "write 0.9 for 90 %"]),
        (sales("reason: {share: 92.5}"), ["reason, share", "write 0.925 for 92.5 %"]),
        (sales("reason: {share: 1.0000001}"), ["reason, share", "is 1.0000001", "up to 1"]),
        (sales("reason: {share: 1e999}"), ["reason, share", "is 1e999"]),
        (sales("reason: {share: 1e-999999999}"), ["reason, share"]),
        (sales("reason: {share: 0.1234567890123456}"), ["reason, share", "15 places"]),
        (sales("reason: {share: 90 %}"), ["reason, share", "is '90 %', no number"]),
        (sales("reason: {share: '0.9'}"), ["reason, share", "is '0.9', no number"]),
        (sales("reason: {share: true}"), ["reason, share", "is True, no number"]),
        (sales("reason: {share: .nan}"), ["reason, share", "is .nan"]),
        (sales("reason: {share: .inf}"), ["reason, share", "is .inf"]),
        (sales("reason: {share: 0x0}"), ["reason, share", "is 0x0"]),
        (sales("reason: {share: [0.9]}"), ["reason, share", "no number"]),
        # counts
        (marketing("volume: {leads: 0}"), ["volume, leads", "is '0'", "1 or more"]),
        (marketing("volume: {leads: 3.5}"), ["volume, leads", "is '3.5'", "whole number"]),
        (marketing("volume: {leads: -3}"), ["volume, leads", "is '-3'"]),
        (marketing("volume: {leads: many}"), ["volume, leads", "is 'many'"]),
        (marketing("volume: {leads: '390'}"), ["volume, leads", "is '390'"]),
        (marketing("volume: {leads: 1e300}"), ["volume, leads", "more than 10,000,000"]),
        (marketing("volume: {leads: .inf}"), ["volume, leads", "is '.inf'"]),
        (sales("open_leads: {per_rep: 0, share: 1}"), ["open_leads, per_rep", "1 or more"]),
        (sales("open_leads: {per_rep: true, share: 1}"), ["open_leads, per_rep", "is 'true'"]),
        (sales("first_week_calls: {calls: 0, share: 0.8}"), ["first_week_calls, calls", "1 or more"]),
        (sales("touches: {calls: 0, emails: 0, within: 14d, share: 0.8}"), ["touches, calls", "neither calls nor emails"]),
        (sales("touches: {within: 14d, share: 0.8}"), ["touches, calls", "neither calls nor emails"]),
        (sales("touches: {calls: -1, emails: 3, within: 14d, share: 0.8}"), ["touches, calls", "is '-1'", "0 or more"]),
        (sales("touches: {calls: 3, emails: 5000, within: 14d, share: 0.8}"), ["touches, emails", "more than 1,000"]),
        # fields
        (marketing("required_fields: {share: 0.9}"), ["marketing, required_fields, fields", "names no field", "required_fields to qualified"]),
        (marketing("required_fields: {share: 0.9, fields: []}"), ["required_fields, fields", "at least one"]),
        (marketing("required_fields: {share: 0.9, fields: email}"), ["required_fields, fields", "should be a list"]),
        (sales("evidence: {fields: [need, null], share: 0.9}"), ["evidence, fields", "an empty entry"]),
        (sales("evidence: {fields: [need, '  '], share: 0.9}"), ["evidence, fields", "in place of the name of a field"]),
        (sales("evidence: {fields: [true], share: 0.9}"), ["evidence, fields", "has True"]),
        (sales("evidence: {fields: [[need]], share: 0.9}"), ["evidence, fields", "in place of the name of a field"]),
        (sales(f"evidence: {{fields: [{', '.join(f'f{n}' for n in range(65))}], share: 0.9}}"), ["evidence, fields", "more than 64"]),
    ],
)  # fmt: skip
def test_a_fault_is_one_line(text: str, words: list[str]) -> None:
    lines = faults(text)
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0], lines[0]


def test_all_faults_are_found_at_once() -> None:
    text = """\
        naem: x
        effective: soon
        qualified:
          fit: [{field: a, at_leest: 3}, {activity: x}, {field: b, is: 1, is_not: 2}]
          exclude: [{field: c, missing: true}]
          exlude: []
          criteria: {at_least: 9, of: [{field: z}]}
          score: {points: [{field: q, present: true}, {field: r, present: true, points: lots}]}
        accepted: {fit: {field: a}, behaviour: [{field: x, present: true}]}
        acceptance: {within: 1.5d, share: 90, calls: 3}
        marketing: {volume: {share: 0.3}, hand_over: {within: 2d, clock: working, share: 0.9}}
        sales: {touches: {calls: 0, emails: 0, within: 5d, share: .9}, evidence: {fields: [a, null], share: 2}, foo: 1}
        """
    lines = faults(text)
    words = (
        "'naem'", "has no name", "effective is 'soon'", "qualified, fit, rule 1", "fit, rule 2", "fit, rule 3", "exclude, rule 1", "'exlude'",
        "criteria, rule 1", "points rule 1", "points rule 2", "score: has no threshold", "accepted, fit: should be a list",
        "accepted, behaviour, rule 1", "acceptance, within", "acceptance, share", "acceptance, calls", "volume, share", "volume, leads",
        "hand_over, within", "touches, calls", "evidence, fields", "evidence, share", "'foo'",
    )  # fmt: skip
    for word in words:
        assert sum(word in line for line in lines) == 1, (word, lines)
    assert len(lines) == 24


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "is no YAML"),
        ("name: a\nname: b\n", "duplicate key 'name'"),
        ("name: &x a\neffective: *x\n", "alias"),
        ("%YAML 1.1\n---\nname: a\n", "YAML 1.2"),
        ("name: !!python/object:os.system x\n", "tag"),
        ("name: " + "x" * 100_001, "longer than any agreement"),
        (f"{HEAD}acceptance: {{within: 14d, share: 0.{'9' * 400}}}\n", "digits"),
    ],
)
def test_what_is_no_yaml_is_refused_by_the_reader(text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(text, "q1.yaml")
    assert words in refused.value.one_line and "q1.yaml" in refused.value.one_line and "\n" not in refused.value.one_line


def test_a_file_is_read_or_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "q1.yaml"
    file.write_text("\ufeff" + FULL, encoding="utf-8")
    assert load(file) == parse(FULL)
    file.write_bytes("name: Größe\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"q1.yaml: is not UTF-8"):
        load(file)
    with pytest.raises(InputError, match="No such file"):
        load(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("told", "name", "description"),
    [
        ("name: 1.10\n", "1.10", ""),
        ("name: NO\ndescription: |\n  First.\n\n  Second  line \n", "NO", "First.\n\nSecond line"),
        ("name: '  two   blanks '\ndescription: 2027\n", "two blanks", "2027"),
    ],
)
def test_name_and_description_are_texts(told: str, name: str, description: str) -> None:
    read = parse(HEAD.replace("name: Test\n", told) + ONE)
    assert (read.name, read.description) == (name, description)


def test_fields_of_a_promise_are_names_each_once() -> None:
    read = parse(sales("evidence: {fields: [need, ' need ', 1.10, 2024], share: 1}"))
    assert read.promises[0].fields == ("need", "1.10", "2024")


def test_required_fields_are_its_own_or_those_of_the_definition() -> None:
    assert parse(marketing("required_fields: {share: 1, fields: [phone]}")).required_fields() == ("phone",)
    assert parse(FULL.replace("required_fields: {share: 0.95}", "required_fields: {share: 0.95, fields: [phone]}")).required_fields() == ("phone",)
    assert Agreement("x", date(2027, 1, 4), Definition(required_fields=("email",)), ()).required_fields() == ()
