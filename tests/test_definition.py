"""What a definition may say: every mistake is one line that names the rule, and what is written is read back as it was."""

from __future__ import annotations

import json

import pytest

from plumbline.definition import ActivityRule, Definition, FieldRule, Points, parse, to_yaml
from plumbline.errors import InputError
from tests.oracle.random_definitions import random_definition

FIT = "fit:\n  - {field: employees, at_least: 100}\n"
ALIASES = "a: &a [x, x]\n" + "".join(f"{c}: &{c} [{', '.join([f'*{p}'] * 9)}]\n" for p, c in zip("abcdefghi", "bcdefghij", strict=True))
EXAMPLE = """\
name: Q4 2026
required_fields: [email, company]          # present at the decision
fit:                                       # every one holds
  - {field: employees, at_least: 100}
  - {field: country, one_of: [US, CA]}
behaviour:                                 # every one holds
  - {activity: demo_request, times: 1, within_days: 30}
criteria:                                  # k of n
  at_least: 4
  of:
    - {field: need, is: true}
    - {field: budget, at_least: 10000}
    - {activity: pricing_page, times: 2, within_days: 14}
    - {field: seniority, one_of: [director, vp, c_level]}
    - {field: industry, none_of: [education]}
exclude:
  - {field: is_competitor, is: true}
  - {activity: unsubscribe, times: 1, within_days: 90}
score:
  threshold: 60
  half_life_days: 30
  points:
    - {field: seniority, one_of: [vp, c_level], points: 15}
    - {activity: webinar, points: 10, cap: 30}
    - {activity: unsubscribe, points: -20}
    - {activity: demo_request, points: 40}
"""


def refusal(text: str) -> str:
    """The one line with which a definition is refused."""
    with pytest.raises(InputError) as caught:
        parse(text, "bar.yaml")
    told = str(caught.value)
    assert "\n" not in told and "Traceback" not in told
    assert "bar.yaml" in told
    assert len(told) < 400
    return told


def test_the_example_of_the_design_page_is_read() -> None:
    assert parse(EXAMPLE) == Definition(
        name="Q4 2026",
        required_fields=("email", "company"),
        fit=(FieldRule("employees", "at_least", 100), FieldRule("country", "one_of", ("US", "CA"))),
        behaviour=(ActivityRule("demo_request", 1, 30.0),),
        criteria=(
            FieldRule("need", "is", True),
            FieldRule("budget", "at_least", 10000),
            ActivityRule("pricing_page", 2, 14.0),
            FieldRule("seniority", "one_of", ("director", "vp", "c_level")),
            FieldRule("industry", "none_of", ("education",)),
        ),
        at_least=4,
        exclude=(FieldRule("is_competitor", "is", True), ActivityRule("unsubscribe", 1, 90.0)),
        points=(
            Points(FieldRule("seniority", "one_of", ("vp", "c_level")), 15.0),
            Points(ActivityRule("webinar"), 10.0, 30.0),
            Points(ActivityRule("unsubscribe"), -20.0),
            Points(ActivityRule("demo_request"), 40.0),
        ),
        threshold=60.0,
        half_life_days=30.0,
    )


def rule(part: str, text: str) -> str:
    """A definition with one rule, in one part."""
    return {
        "fit": f"fit:\n  - {text}\n",
        "behaviour": f"behaviour:\n  - {text}\n",
        "criteria": f"criteria:\n  at_least: 1\n  of:\n    - {text}\n",
        "exclude": f"{FIT}exclude:\n  - {text}\n",
        "points": f"score:\n  threshold: 1\n  points:\n    - {text}\n",
    }[part]


@pytest.mark.parametrize(
    ("part", "text", "words"),
    [
        ("fit", "{field: employees, at_least: 1, at_most: 5}", ["fit, rule 1", "2 operators", "at_least", "at_most"]),
        ("points", "{field: employees, is: 1, is_not: 5, points: 3}", ["rule 1", "2 operators"]),
        ("fit", "{field: employees}", ["fit, rule 1", "no operator"]),
        ("fit", "{field: employees, at_leest: 5}", ["fit, rule 1", "'at_leest'", "'at_least'"]),
        ("criteria", "{field: employees, oneof: [5]}", ["criteria, rule 1", "'oneof'", "'one_of'"]),
        ("fit", "{field: employees, at_least: many}", ["fit, rule 1", "at_least takes a number"]),
        ("fit", "{field: employees, at_least: '5'}", ["fit, rule 1", "at_least takes a number"]),
        ("fit", "{field: employees, at_least: true}", ["at_least takes a number"]),
        ("fit", "{field: employees, at_least: [1, 2]}", ["at_least takes a number"]),
        ("fit", "{field: employees, at_most: }", ["at_most takes a number"]),
        ("fit", "{field: country, is: [US, CA]}", ["fit, rule 1", "is takes one"]),
        ("fit", "{field: country, is: }", ["is takes one"]),
        ("fit", "{field: country, is: ''}", ["is takes one"]),
        ("fit", "{field: country, one_of: US}", ["fit, rule 1", "one_of takes a list"]),
        ("fit", "{field: country, one_of: []}", ["one_of takes a list"]),
        ("fit", "{field: country, none_of: [US, null]}", ["none_of takes a list"]),
        ("fit", "{field: country, one_of: [[US]]}", ["one_of takes a list"]),
        ("fit", "{field: employees, between: [500, 100]}", ["fit, rule 1", "nothing lies between"]),
        ("fit", "{field: employees, between: [1, 2, 3]}", ["between takes two numbers"]),
        ("fit", "{field: employees, between: 5}", ["between takes two numbers"]),
        ("fit", "{field: employees, at_least: .nan}", ["at_least takes a number"]),
        ("fit", "{field: employees, at_least: .inf}", ["at_least takes a number"]),
        ("fit", "{field: employees, between: [-.inf, 5]}", ["between takes two numbers"]),
        ("fit", "{field: employees, is: .NaN}", ["is takes one"]),
        ("fit", "{field: employees, at_least: 1e999}", ["at_least takes a number"]),
        ("fit", "{field: email, present: false}", ["fit, rule 1", "present", "missing: true"]),
        ("fit", "{field: email, missing: false}", ["missing takes only true"]),
        ("fit", "{field: email, present: yes}", ["present takes only true"]),
        ("exclude", "{field: email, missing: true}", ["exclude, rule 1", "missing"]),
        ("points", "{activity: webinar, within_days: 30, points: 5}", ["rule 1", "within_days does not go with points"]),
        ("points", "{activity: webinar, times: 2, points: 5}", ["rule 1", "times does not go with points"]),
        ("points", "{activity: webinar}", ["rule 1", "no points"]),
        ("points", "{activity: webinar, points: lots}", ["rule 1", "points should be a number"]),
        ("points", "{activity: webinar, points: .nan}", ["points should be a number"]),
        ("points", "{activity: webinar, points: 5, cap: 0}", ["cap should be a number above 0"]),
        ("points", "{activity: webinar, points: 5, cap: -5}", ["cap should be a number above 0"]),
        ("points", "{activity: webinar, points: 5, cap: .inf}", ["cap should be a number above 0"]),
        ("points", "{field: email, present: true, points: 5, cap: 3}", ["cap does not go with a field"]),
        ("fit", "{activity: webinar}", ["fit, rule 1", "is about an activity", "behaviour"]),
        ("behaviour", "{field: email, present: true}", ["behaviour, rule 1", "is about a field", "fit"]),
        ("criteria", "{field: email, activity: webinar, present: true}", ["criteria, rule 1", "both a field and an activity"]),
        ("criteria", "{times: 3}", ["criteria, rule 1", "neither a field nor an activity"]),
        ("criteria", "email", ["criteria, rule 1", "mapping"]),
        ("fit", "{field: email, within_days: 3}", ["within_days does not go with a field"]),
        ("behaviour", "{activity: webinar, time: 3}", ["behaviour, rule 1", "'time'", "'times'"]),
        ("behaviour", "{activity: webinar, times: 0}", ["behaviour, rule 1", "times is 0"]),
        ("behaviour", "{activity: webinar, times: 1.5}", ["times is 1.5"]),
        ("behaviour", "{activity: webinar, times: -1}", ["times is -1"]),
        ("behaviour", "{activity: webinar, times: '2'}", ["times is '2'"]),
        ("behaviour", "{activity: webinar, times: true}", ["times is True"]),
        ("behaviour", "{activity: webinar, times: }", ["times"]),
        ("behaviour", "{activity: webinar, times: .inf}", ["times"]),
        ("behaviour", "{activity: webinar, within_days: 0}", ["within_days is 0"]),
        ("behaviour", "{activity: webinar, within_days: -3}", ["within_days is -3"]),
        ("behaviour", "{activity: webinar, within_days: month}", ["within_days is 'month'"]),
        ("behaviour", "{activity: webinar, within_days: }", ["within_days"]),
        ("behaviour", "{activity: webinar, within_days: .nan}", ["within_days is nan"]),
        ("behaviour", "{activity: , times: 2}", ["activity takes a name"]),
        ("behaviour", "{activity: [a, b]}", ["activity takes a name"]),
        ("fit", "{field: '  ', present: true}", ["field takes a name"]),
    ],
)
def test_a_mistake_in_a_rule_is_named(part: str, text: str, words: list[str]) -> None:
    told = refusal(rule(part, text))
    for word in words:
        assert word in told, told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("required_fields: [email]\n", ["nothing that a lead could meet", "fit, behaviour, criteria, score"]),
        ("exclude:\n  - {activity: unsubscribe}\n", ["nothing that a lead could meet"]),
        ("required_fields: [email]\nexclude:\n  - {activity: unsubscribe}\n", ["nothing that a lead could meet"]),
        ("name: nothing\n", ["nothing that a lead could meet"]),
        ("fit: []\n", ["nothing that a lead could meet"]),
        ("fit:\nbehaviour:\n", ["nothing that a lead could meet"]),
        (FIT + "behavior:\n  - {activity: webinar}\n", ["'behavior'", "'behaviour'"]),
        (FIT + "required: [email]\n", ["'required'", "'required_fields'"]),
        ("fit: {field: email, present: true}\n", ["fit", "should be a list"]),
        (FIT + "required_fields: email\n", ["required_fields", "should be a list"]),
        (FIT + "required_fields: [email, true]\n", ["required_fields", "takes names of fields"]),
        (FIT + "required_fields: [email, null]\n", ["required_fields", "takes names of fields"]),
        (FIT + "name: [a]\n", ["name takes a text"]),
        ("criteria:\n  at_least: 3\n  of:\n    - {field: email, present: true}\n    - {activity: webinar}\n", ["criteria", "3 of 2 rules"]),
        ("criteria:\n  at_least: 0\n  of:\n    - {activity: webinar}\n", ["criteria", "at_least should be a whole number"]),
        ("criteria:\n  at_least: 1.5\n  of:\n    - {activity: webinar}\n    - {activity: demo}\n", ["at_least should be a whole number"]),
        ("criteria:\n  of:\n    - {activity: webinar}\n", ["has no at_least"]),
        ("criteria:\n  at_least: 1\n", ["lists no rules"]),
        ("criteria:\n  at_least: 1\n  of: []\n", ["lists no rules"]),
        ("criteria:\n  - {activity: webinar}\n", ["criteria", "mapping"]),
        ("criteria:\n  at_most: 1\n  of:\n    - {activity: webinar}\n", ["'at_most'", "'at_least'"]),
        ("score:\n  points:\n    - {activity: webinar, points: 5}\n", ["score", "no threshold"]),
        ("score:\n  threshold: high\n  points:\n    - {activity: webinar, points: 5}\n", ["threshold should be a number"]),
        ("score:\n  threshold: .nan\n  points:\n    - {activity: webinar, points: 5}\n", ["threshold should be a number"]),
        ("score:\n  threshold: -.inf\n  points:\n    - {activity: webinar, points: 5}\n", ["threshold should be a number"]),
        ("score:\n  threshold: 5\n", ["gives no points"]),
        ("score:\n  threshold: 5\n  points: []\n", ["gives no points"]),
        ("score:\n  threshold: 31\n  points:\n    - {activity: webinar, points: 10, cap: 30}\n", ["threshold of 31", "out of reach", "30"]),
        ("score:\n  threshold: 1\n  points:\n    - {activity: webinar, points: -10}\n", ["out of reach"]),
        ("score:\n  threshold: 1\n  half_life: 5\n  points:\n    - {activity: webinar, points: 10}\n", ["'half_life'", "'half_life_days'"]),
        *(
            (f"score:\n  threshold: 1\n  half_life_days: {value}\n  points:\n    - {{activity: webinar, points: 10}}\n", ["half_life_days is"])
            for value in ("0", "-3", ".nan", ".inf", "soon", "true", "")
        ),
    ],
)
def test_a_mistake_in_the_whole_is_named(text: str, words: list[str]) -> None:
    told = refusal(text)
    for word in words:
        assert word in told, told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["mapping"]),
        ("# nothing\n", ["mapping"]),
        ("---\n", ["mapping"]),
        ("- {activity: webinar}\n", ["mapping"]),
        ("just words\n", ["mapping"]),
        ("5\n", ["mapping"]),
        (FIT + FIT, ["no YAML", "line 3", "duplicate key"]),
        ("fit:\n  - {field: email, present: true, present: true}\n", ["no YAML", "line 2", "duplicate key"]),
        ("fit:\n\t- {field: email, present: true}\n", ["no YAML", "line 2"]),
        ("fit: [\n", ["no YAML"]),
        ("fit: {{}: 5}\n", ["bar.yaml"]),
        ("fit: &a\n  - *a\n", ["has an alias (*a)"]),
        ("fit:\n  - *nowhere\n", ["has an alias", "line 2"]),
        (FIT + "---\n" + FIT, ["no YAML"]),
        ("fit:\n  - !!python/object/apply:os.system ['true']\n", ["bar.yaml"]),
        ("fit:\n  - !mine {field: email, present: true}\n", ["bar.yaml"]),
        ("fit: " + "[" * 5000 + "]" * 5000, ["nested too deeply"]),
        ("fit: " + "[" * 60 + "]" * 60, ["bar.yaml"]),
        ("fit: " + "{a: " * 3000 + "1" + "}" * 3000, ["nested too deeply"]),
        ("# " + "x" * 300_000 + "\n" + FIT, ["longer than any definition"]),
        ("criteria:\n  at_least: 1\n  of:\n" + "    - {activity: webinar}\n" * 65, ["more than 64 rules"]),
        *(("%YAML " + version + "\n---\n" + FIT, ["%YAML " + version, "YAML 1.2"]) for version in ("1.1", "1.3", "2.0", "1.20")),
        ("fit:\n  - {field: a\x07, present: true}\n", ["no YAML"]),
        ('fit:\n  - {field: "\\ud83d", present: true}\n', ["line 2", "half a character"]),
        ("fit:\n  - {<<: {field: x}, present: true}\n", ["fit, rule 1"]),
        ("fit:\n  - {field: x, one_of: !!set {a, b}}\n", ["line 2", "tag"]),
        ("fit:\n  - {field: x, is: !!binary aGVsbG8=}\n", ["line 2", "tag"]),
        ("fit:\n  - {field: a, at_least: 1" + "0" * 5000 + "}\n", ["line 2", "digits"]),
        ("fit:\n  - {? [a, b] : 5, field: x, present: true}\n", ["bar.yaml"]),
        (
            "a: &a [x, x]\n" + "".join(f"{c}: &{c} [*{p}, *{p}, *{p}, *{p}]\n" for p, c in zip("abcdefghijk", "bcdefghijkl", strict=True)),
            ["bar.yaml"],
        ),
    ],
)
def test_what_is_no_definition_is_refused(text: str, words: list[str]) -> None:
    told = refusal(text)
    for word in words:
        assert word in told, told


@pytest.mark.parametrize(
    "word", ["NO", "no", "ON", "Yes", "off", "y", "N", "2026-01-31", "1:30", "0o17x", "Null and void", "12abc", "1_000", "=", "<<"]
)
def test_words_are_texts_as_in_yaml_1_2(word: str) -> None:
    assert parse(f"fit:\n  - {{field: country, is: {word}}}\n").fit == (FieldRule("country", "is", word),)


@pytest.mark.parametrize(
    ("word", "value"), [("true", True), ("False", False), ("1", 1), ("1e2", 100.0), ("-0.5", -0.5), ("'1'", "1"), ("+5", 5), ("007", 7)]
)
def test_numbers_and_booleans_are_what_they_are(word: str, value: object) -> None:
    told = parse(f"fit:\n  - {{field: country, is: {word}}}\n").fit[0].value
    assert told == value and type(told) is type(value)


def test_names_are_cleaned_as_cells_are() -> None:
    told = parse("required_fields: ['  job   title ', job title]\nbehaviour:\n  - {activity: ' web  visit '}\n")
    assert told.required_fields == ("job title",)
    assert told.behaviour == (ActivityRule("web visit"),)


def test_any_part_alone_is_enough() -> None:
    for part, text in (
        ("fit", "{field: email, missing: true}"),
        ("behaviour", "{activity: a}"),
        ("criteria", "{activity: a}"),
        ("points", "{activity: a, points: 1}"),
    ):
        assert parse(rule(part, text)).rules()


def test_a_threshold_that_can_just_be_reached_is_taken() -> None:
    text = "score:\n  threshold: 0.6\n  points:\n" + "".join(f"    - {{field: f{n}, present: true, points: 0.{n}}}\n" for n in (1, 2, 3))
    assert parse(text).threshold == 0.6
    assert parse("score:\n  threshold: 0\n  points:\n    - {activity: webinar, points: -10}\n").threshold == 0.0
    assert parse("score:\n  threshold: 1000\n  points:\n    - {activity: webinar, points: 1}\n").threshold == 1000.0


def booleans(definition: Definition) -> list[bool]:
    """Which of the values that rules on fields name are booleans."""
    values = [rule.value if isinstance(rule.value, tuple) else (rule.value,) for _, rule in definition.rules() if isinstance(rule, FieldRule)]
    return [isinstance(one, bool) for told in values for one in told]


def test_what_is_written_is_read_back_as_it_was() -> None:
    for seed in range(500):
        definition = parse(json.dumps(random_definition(f"written {seed}"), ensure_ascii=False))
        written = to_yaml(definition)
        again = parse(written)
        assert again == definition, f"{seed}:\n{written}"
        assert booleans(again) == booleans(definition), f"{seed}:\n{written}"  # 1 == True, which are not alike in a rule


ODD_TEXTS = [
    "NO", "true", "Null", "~", "1e4", "007", "0x1F", "0o7", ".5", "5.", "2026-01-31", "12:30:45", ".inf", ".nan", "1_000", "=", "<<", "- a", "a: b",
    "# x", "'", '"', "[", "{a}", "&a", "*a", "!a", "%", "%YAML 1.1", "@", "`", ": ", "?", "-", "---", "...", "|", ">", "é", "日本", "\U0001f600",
    "a" * 500, "a\u2028b", "\u0085x", "\ufeffx", "two\u00a0words", "a\tb", "a\nb", "a\x07b", "a\\b", "  a  ",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD_TEXTS)
@pytest.mark.parametrize("is_escaped", [False, True])
def test_odd_texts_come_back(text: str, is_escaped: bool) -> None:
    rules = {"name": text, "fit": [{"field": text, "is": text}, {"field": "x", "one_of": [text, "b"]}], "behaviour": [{"activity": text}]}
    definition = parse(json.dumps(rules, ensure_ascii=is_escaped))
    said = " ".join(text.strip("\ufeff").split())  # as cells are cleaned
    assert definition.name == said
    assert definition.fit == (FieldRule(said, "is", said), FieldRule("x", "one_of", (said, "b")))
    assert parse(to_yaml(definition)) == definition


@pytest.mark.parametrize(("first", "second"), [(True, 1), (1, 1.5), (0, False), (1e22, 1e-7), (0.1, 12345678.9), (-5.0, 10**15), (2**53 + 1, "1")])
def test_numbers_come_back(first: object, second: object) -> None:
    definition = Definition(fit=(FieldRule("a", "is", first), FieldRule("a", "one_of", (first, second))))
    again = parse(to_yaml(definition))
    assert again == definition
    assert [type(one) is bool for one in again.fit[1].value] == [type(one) is bool for one in (first, second)]


def test_rules_that_look_alike_to_python_are_different_definitions() -> None:
    assert str(parse("fit:\n  - {field: a, is: true}\n")) != str(parse("fit:\n  - {field: a, is: 1}\n"))
