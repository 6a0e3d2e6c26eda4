"""An agreement in sentences, what changes between two, and the data contract that is made of it."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from plumbline.agreement.diff import diff
from plumbline.agreement.odcs import to_odcs
from plumbline.agreement.parse import parse
from plumbline.agreement.promises import KINDS
from plumbline.agreement.words import told
from tests.agreements import FULL, random_agreement

SENTENCES = [
    ("both", "The agreement is in force from 4 Jan 2027 on: it judges the weeks that begin on that day or later."),
    ("both", "On 4 Apr 2027 both sides look at it again, promise by promise: raise, keep, loosen or drop."),
    ("both", "A lead qualifies only with email and company on record."),
    ("both", "A lead qualifies only while employees is 100 or more."),
    ("both", "A lead never qualifies while is competitor is yes or unsubscribe at least once in the last 90 days."),
    ("both", "A lead should be accepted only while need is known."),
    (
        "both",
        "A lead should become an SQL only while at least 3 of these 4 are so: need is yes; budget is known; authority is known; timeline is known.",
    ),
    ("both", "Sales accepts a lead within 14 days after it became an MQL, for at least 90 % of the leads."),
    ("marketing", "Marketing brings 390 qualified leads a quarter: leads that meet the definition when they become an MQL."),
    ("marketing", "At least 95 % of the leads meet the definition of a qualified lead when they become an MQL."),
    ("marketing", "Marketing hands a lead over with email and company on record, for at least 95 % of the leads."),
    ("marketing", "Marketing hands a lead over to a rep within 4 hours after it became an MQL, for at least 90 % of the leads."),
    (
        "marketing",
        "Marketing hands a rejected lead over again, or gives it up, within 10 days after the rejection, for at least 80 % of the rejected leads.",
    ),
    (
        "marketing",
        "Marketing writes to a recycled lead, or brings it back, within 60 days after it was recycled, for at least 50 % of the recycled leads.",
    ),
    ("sales", "Sales accepts a lead or lets it go within 24 hours after hand-over, for at least 90 % of the leads."),
    ("sales", "Sales tries a lead for the first time within 30 minutes of working time after hand-over, for at least 80 % of the leads."),
    ("sales", "Sales gets back to an accepted lead within 48 hours after it was accepted, for at least 90 % of the accepted leads."),
    (
        "sales",
        "Sales makes at least 3 calls and 3 emails to a lead within 14 days after hand-over, unless the lead is reached, becomes an SQL or leaves"
        " before, for at least 80 % of the leads.",
    ),
    (
        "sales",
        "Sales calls a lead at least 4 times within 7 days after hand-over, unless the lead is reached, becomes an SQL or leaves before, for at least"
        " 80 % of the leads.",
    ),
    ("sales", "Sales moves a lead on, or lets it go, within 14 days after it entered a stage, for at least 90 % of the stages entered."),
    ("sales", "Sales says why a lead left (rejected, recycled, disqualified or lost), for every lead that left."),
    ("sales", "Sales has need and budget on record when a lead becomes an SQL, for at least 90 % of the SQLs."),
    ("sales", "No rep has more than 500 open leads at the end of a week."),
]
UNLESS = "unless the lead is reached, becomes an SQL or leaves before"
HEAD = "name: Test\neffective: 2027-01-04\nqualified: {required_fields: [email], fit: [{field: employees, at_least: 100}]}\n"


def one(text: str) -> str:
    """The sentence of the only promise."""
    return told(parse(HEAD + text))[-1].sentence


def test_the_whole_example_in_sentences() -> None:
    assert [(line.side, line.sentence) for line in told(parse(FULL))] == SENTENCES


def test_how_it_is_measured_stands_behind_every_sentence() -> None:
    for agreement in [parse(FULL), *(random_agreement(seed) for seed in range(60))]:
        for line in told(agreement):
            assert line.measured == "not measured" or line.measured.startswith("measured b"), line
            assert line.sentence.endswith(".") and line.sentence[0].isupper() and "\n" not in line.sentence and "None" not in line.sentence
            assert "_" not in line.sentence.replace("is_not", "") or line.kind in ("qualified", "never", "accepted", "sales_qualified"), line


def test_who_qualifies_is_measured_where_it_is_promised() -> None:
    volume, meets, none = (parse(f"{HEAD}{text}\n") for text in ("marketing: {volume: {leads: 3}}", "marketing: {meets_definition: {share: 1}}",
                                                                 "sales: {reason: {share: 1}}"))  # fmt: skip
    said = [next(line.measured for line in told(made) if line.kind == "qualified") for made in (volume, meets, none)]
    assert said == ["measured by the promise “Qualified leads”", "measured by the promise “Meets the definition”", "not measured"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("acceptance: {within: 1d, share: 1}", "Sales accepts a lead within 1 day after it became an MQL, for every lead."),
        ("marketing: {volume: {leads: 1}}", "Marketing brings 1 qualified lead a quarter: leads that meet the definition when they become an MQL."),
        ("marketing: {meets_definition: {share: 1.0}}", "Every lead meets the definition of a qualified lead when it becomes an MQL."),
        ("marketing: {required_fields: {share: 0.925, fields: [annual_revenue]}}",
         "Marketing hands a lead over with annual revenue on record, for at least 92.5 % of the leads."),
        ("marketing: {hand_over: {within: 1h, share: 0.5, clock: working}}",
         "Marketing hands a lead over to a rep within 1 hour of working time after it became an MQL, for at least 50 % of the leads."),
        ("sales: {touches: {calls: 1, emails: 0, within: 1d, share: 1}}",
         f"Sales makes at least 1 call to a lead within 1 day after hand-over, {UNLESS}, for every lead."),
        ("sales: {first_week_calls: {calls: 1, share: 1}}",
         f"Sales calls a lead at least once within 7 days after hand-over, {UNLESS}, for every lead."),
        ("sales: {open_leads: {per_rep: 1500, share: 0.9}}", "At least 90 % of the reps have no more than 1,500 open leads at the end of a week."),
        ("sales: {evidence: {fields: [need], share: 1}}", "Sales has need on record when a lead becomes an SQL, for every SQL."),
        ("sales: {reason: {share: 0.001}}",
         "Sales says why a lead left (rejected, recycled, disqualified or lost), for at least 0.1 % of the leads that left."),
    ],
)  # fmt: skip
def test_sentences_read_well_at_the_edges(text: str, sentence: str) -> None:
    assert one(text) == sentence


def changes(old: str, new: str) -> list[str]:
    assert old in FULL
    return [change.sentence for change in diff(parse(FULL), parse(FULL.replace(old, new))).changes]


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        ("at_least: 100", "at_least: 200", ["employees: at least 100 → at least 200"]),
        ("at_least: 100", "between: [100, 5000]", ["employees: at least 100 → between 100 and 5,000"]),
        ("{field: employees, at", "{field: country, one_of: [US, CA]}, {field: employees, at", ["country: one of US or CA, added"]),
        ("fit: [{field: employees, at_least: 100}]", "fit: [{field: country, is: US}]", ["employees: at least 100, dropped", "country: US, added"]),
        ("within_days: 90", "within_days: 30",
         ["never while unsubscribe: at least once in the last 90 days → at least once in the last 30 days"]),
        ("[email, company]", "[company, phone]", ["email: on record, dropped", "phone: on record, added"]),
        ("name: Mid-size with intent", "name: Mid-size", ["name of the definition: Mid-size with intent → Mid-size"]),
        ("at_least: 3", "at_least: 4", ["at SQL, criteria that must hold: 3 of 4 → 4 of 4"]),
        (", {field: timeline, present: true}", "",
         ["at SQL, criteria that must hold: 3 of 4 → 3 of 3", "at SQL, criterion timeline: known, dropped"]),
        ("accepted:\n  fit: [{field: need, present: true}]", "accepted:\n  exclude: [{activity: webinar}]\n  fit: [{field: need, is: true}]",
         ["at acceptance, need: known → yes", "at acceptance, never while webinar: at least once, added"]),
        ("accepted:\n  fit: [{field: need, present: true}]\n", "", ["at acceptance, need: known, dropped"]),
        ("  fit: [{field: employees, at_least: 100}]\n", "  criteria: {at_least: 1, of: [{field: employees, at_least: 100}]}\n",
         ["criteria that must hold: 1 of 1, added", "employees: at least 100, moved from who it is to the criteria"]),
        ("{field: need, is: true}, {field: budget, present: true}", "{field: budget, present: true}, {field: need, is: true}",
         ["at SQL, the same rules in another order"]),
        ("{field: need, is: true}", "{field: need, is: 1}", ["at SQL, criterion need: yes → 1"]),
        ("at_least: 100", "at_least: 100.00000001", ["employees: at least 100 (100) → at least 100 (100.00000001)"]),
        ("name: Q1 2027", "name: Q2", ["name: Q1 2027 → Q2"]),
        ("name: Q1 2027", "name: Q1 2027\ndescription: New", ["description added"]),
        ("2027-01-04", "2027-04-05", ["effective day: 4 Jan 2027 → 5 Apr 2027"]),
        ("30m", "1h", ["first touch within 30 minutes → 1 hour of working time"]),
        (", clock: working", "", ["first touch within 30 minutes of working time → 30 minutes by the clock"]),
        ("{within: 24h, share: 0.9}", "{within: 16h, share: 0.95, clock: working}",
         ["decision within 24 hours by the clock → 16 hours of working time", "decision, share: 90 % → 95 %"]),
        ("{within: 4h, share: 0.9}", "{within: 240m, share: 0.9}", ["hand-over within 4 hours → 240 minutes"]),
        ("leads: 390", "leads: 1200", ["qualified leads a quarter: 390 → 1,200"]),
        ("per_rep: 500", "per_rep: 400", ["open leads a rep: 500 → 400"]),
        ("calls: 3, emails: 3", "calls: 4, emails: 0", ["calls and emails: 3 calls → 4 calls", "calls and emails: 3 emails → 0 emails"]),
        ("calls: 4", "calls: 1", ["calls in the first week: 4 calls → 1 call"]),
        ("fields: [need, budget]", "fields: [need]", ["evidence at SQL, fields: need and budget → need"]),
        ("required_fields: {share: 0.95}", "required_fields: {share: 0.95, fields: [phone]}",
         ["required fields, fields: those of the definition → phone"]),
        ("  evidence: {fields: [need, budget], share: 0.9}\n", "",
         ["Evidence at SQL, no longer promised: Sales has need and budget on record when a lead becomes an SQL, for at least 90 % of the SQLs."]),
        ("share: 0.95", "share: 0.950", []),
    ],
)  # fmt: skip
def test_changes_in_plain_words(old: str, new: str, sentences: list[str]) -> None:
    assert changes(old, new) == sentences


def test_points_and_thresholds_in_plain_words() -> None:
    def scored(text: str) -> str:
        return FULL.replace("  exclude: [{field: is", f"  score: {text}\n  exclude: [{{field: is")

    old = scored("{threshold: 50, half_life_days: 30, points: [{activity: webinar, points: 10, cap: 60}, {field: seniority, is: vp, points: 15}]}")
    new = scored(
        "{threshold: 60, points: [{field: seniority, is: vp, points: 20}, {activity: webinar, points: 10, cap: 60}, {activity: demo, points: -5}]}"
    )
    assert [change.sentence for change in diff(parse(old), parse(new)).changes] == [
        "score needed: 50 → 60",
        "points fade by half: after 30 days → never",
        "points for seniority: vp, +15 → vp, +20",
        "points for demo: at least once, −5 each, added",
    ]
    assert [change.sentence for change in diff(parse(new), parse(FULL)).changes][:2] == [
        "score needed: 60, dropped",
        "points fade by half: never, dropped",
    ]


def test_rules_of_one_field_are_matched_by_what_they_ask() -> None:
    old = FULL.replace("{field: employees, at_least: 100}", "{field: employees, at_most: 900}, {field: employees, at_least: 100}")
    new = FULL.replace("{field: employees, at_least: 100}", "{field: employees, at_least: 50}, {field: employees, at_most: 900}")
    found = diff(parse(old), parse(new))
    assert [change.sentence for change in found.changes] == ["employees: at least 100 → at least 50"]
    assert found.changes[0].path == "qualified.fit.employees" and found.changes[0].kind == "changed"


def test_what_stays_is_listed_apart() -> None:
    found = diff(parse(FULL), parse(FULL.replace("30m", "1h").replace("at_least: 100", "at_least: 200")))
    assert [change.path for change in found.changes] == ["qualified.fit.employees", "sales.first_touch.within"]
    same = dict(found.same)
    assert len(same) == len(found.same) == 1 + 2 + 2 + 1 + 4 + 15
    assert same["effective"] == "effective day: 4 Jan 2027" and same["qualified.exclude.is_competitor"] == "never while is competitor: yes"
    assert same["sales.reason"].startswith("Sales says why") and "sales.first_touch" not in same


def test_a_promise_more_or_less_is_told_with_its_sentence() -> None:
    without = parse(FULL.replace("  volume: {leads: 390}\n", ""))
    added, dropped = diff(without, parse(FULL)).changes, diff(parse(FULL), without).changes
    assert [(one.path, one.kind) for one in (*added, *dropped)] == [("marketing.volume", "added"), ("marketing.volume", "dropped")]
    assert added[0].sentence.startswith("Qualified leads, a new promise: Marketing brings 390") and added[0].new == dropped[0].old


@pytest.mark.parametrize("part", range(3))
def test_changes_there_are_changes_back(part: int) -> None:
    for seed in range(part * 40, part * 40 + 40):
        one, other = random_agreement(seed), random_agreement(seed + 1)
        there, back = diff(one, other), diff(other, one)
        assert bool(there.changes) == bool(back.changes) and there.needs_signatures == back.needs_signatures
        kinds = {"added": "dropped", "dropped": "added"}
        assert sorted((c.path, kinds.get(c.kind, c.kind)) for c in there.changes if c.kind in kinds) == sorted(
            (c.path, c.kind) for c in back.changes if c.kind in kinds
        )
        assert all(c.sentence and "None" not in c.sentence for c in there.changes)


def test_the_data_contract_says_what_the_agreement_does() -> None:
    agreement = parse(FULL)
    contract = YAML(typ="safe").load(to_odcs(agreement, "7d1", "3", "published", "ab12"))
    assert {name: contract[name] for name in ("apiVersion", "kind", "id", "name", "version", "status")} == {
        "apiVersion": "v3.1.0", "kind": "DataContract", "id": "7d1", "name": "Q1 2027", "version": "3", "status": "active",
    }  # fmt: skip
    assert set(contract) == {"apiVersion", "kind", "id", "name", "version", "status", "description", "schema", "slaProperties", "customProperties"}
    fields = {field["name"]: field for field in contract["schema"][0]["properties"]}
    assert list(fields) == ["lead_id", "email", "company", "employees", "is_competitor", "need", "budget", "authority", "timeline"]
    assert [fields[name]["logicalType"] for name in ("email", "employees", "is_competitor", "need")] == ["string", "number", "boolean", "boolean"]
    assert fields["email"]["required"] is False and fields["email"]["quality"][0]["mustBeLessOrEqualTo"] == 5
    assert fields["need"]["quality"] == [{"type": "text", "description": dict(SENTENCES_BY_KIND)["evidence"]}]
    levels = {level["property"]: level for level in contract["slaProperties"]}
    assert list(levels) == ["generalAvailability", *KINDS]
    assert (levels["first_touch"]["value"], levels["first_touch"]["unit"], levels["first_touch"]["valueExt"]) == (30, "minutes", 80)
    assert (levels["volume"]["value"], levels["volume"]["unit"]) == (390, "leads per quarter") and "valueExt" not in levels["volume"]
    assert (levels["reason"]["value"], levels["reason"]["unit"]) == (100, "percent")
    assert levels["first_touch"]["description"].startswith("Sales tries a lead") and "Measured by" in levels["first_touch"]["description"]
    assert contract["customProperties"] == [{"property": "reviewDue", "value": "2027-04-04"}, {"property": "seal", "value": "ab12"}]


@pytest.mark.parametrize(
    ("state", "status"), [("draft", "draft"), ("simulated", "proposed"), ("signed", "proposed"), ("superseded", "deprecated"), ("ended", "retired")]
)
def test_the_state_of_a_version_is_a_status_of_the_standard(state: str, status: str) -> None:
    assert YAML(typ="safe").load(to_odcs(random_agreement(1), "x", "1", state))["status"] == status


def test_every_agreement_is_a_data_contract() -> None:
    for seed in range(60):
        agreement = random_agreement(seed)
        contract = YAML(typ="safe").load(to_odcs(agreement, "x", "1"))
        assert contract["name"] == agreement.name and len(contract["slaProperties"]) == 1 + len(agreement.promises)
        for level in contract["slaProperties"]:
            assert set(level) <= {"property", "value", "valueExt", "unit", "element", "driver", "description"} and level["value"] is not None


SENTENCES_BY_KIND = [(line.kind, line.sentence) for line in told(parse(FULL))]
