"""An agreement against a history: what it does not have or cannot measure is refused, line by line; what should be known beforehand is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from plumbline.agreement.check import advice, check, notes, untracked
from plumbline.agreement.parse import parse
from plumbline.agreement.promises import KINDS
from plumbline.errors import SettingError
from plumbline.history.connection import History
from plumbline.working_time import parse as hours
from tests.agreements import FULL
from tests.importing_support import build_history, write_table

HEAD = "name: Test\neffective: 2027-01-04\nqualified: {fit: [{field: source, is: web}]}\n"
EVERY = FULL[: FULL.index("qualified:")] + HEAD[HEAD.index("qualified:") :] + FULL[FULL.index("acceptance:") :]
EVERY = EVERY.replace("required_fields: {share: 0.95}", "required_fields: {share: 0.95, fields: [source]}").replace("[need, budget]", "[source]")
LEADS = "lead_id,created_at,source\nL1,2026-03-02T09:00:00Z,web\nL2,2026-03-03T10:00:00Z,fair"
STAGES = """lead_id,stage,occurred_at
    L1,mql,2026-03-02T09:10:00Z
    L1,sal,2026-03-03T09:40:00Z
    L2,mql,2026-03-04T11:00:00Z
    L2,rejected,2026-03-05T12:20:00Z"""
OWNERS = "lead_id,rep_id,occurred_at\nL1,R1,2026-03-02T09:30:00Z\nL2,R2,2026-03-04T12:10:00Z"
TOUCHES = """lead_id,channel,occurred_at,direction,is_automated
    L1,call,2026-03-02T10:00:00Z,outbound,false
    L2,email,2026-03-04T13:15:00Z,outbound,true"""
REPS = "rep_id,team\nR1,East\nR9,West"
CALENDARS = "team,day,opens,closes\nEast,mon,09:00,17:00\nEast,tue,09:00,17:00"
WHOLE = {"stage_changes": STAGES, "assignments": OWNERS, "touches": TOUCHES, "reps": REPS, "calendars": CALENDARS}
BY_TOUCHES = {"first_touch", "follow_up", "touches", "first_week_calls", "recycled"}
BY_OWNERS = {"required_fields", "hand_over", "decision", "first_touch", "touches", "first_week_calls", "status", "open_leads"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """Builds a small history, with the tables given in place of WHOLE's; the same one once."""
    opened: dict[tuple, History] = {}

    def build(**tables: str | None) -> History:
        key = tuple(sorted(tables.items(), key=str))
        if key not in opened:
            place = tmp_path_factory.mktemp("small")
            for name, text in ({"leads": LEADS} | WHOLE | tables).items():
                if text is not None:
                    write_table(place / "in", name, text)
            opened[key] = build_history(place / "in", place / "h.duckdb", data_through="2026-06-30")
        return opened[key]

    yield build
    for one in opened.values():
        one.close()


def refused(agreement: str, history: History, settings: str = "teams: {}") -> dict[str, list[str]]:
    """Promise -> its lines."""
    found: dict[str, list[str]] = {}
    for line in check(parse(agreement), history, hours(settings), "q1.yaml"):
        assert line.startswith("q1.yaml, ") and "; " in line and "\n" not in line
        names = [part for part in line.split(":")[0].split(", ") if part in KINDS]
        found.setdefault(names[0] if names else line.split(", ")[1], []).append(line)
    return found


def test_the_example_fits_the_sample(sample_file: Path) -> None:
    history = History(sample_file)
    agreement = parse(FULL)
    assert check(agreement, history, {}) == []
    assert untracked(agreement, history) == ["email", "company"]
    assert notes(agreement, history) == [
        "Value of today: changes of email and company were not recorded, so what was known at the time is what is known now."
    ]
    history.close()


def test_unknown_names_are_refused_with_the_nearest(sample_file: Path) -> None:
    history = History(sample_file)
    text = FULL.replace("[email, company]", "[e_mail, company]").replace("{field: employees", "{field: employes").replace("unsubscribe", "webinarr")
    text = text.replace("accepted:\n  fit: [{field: need", "accepted:\n  fit: [{field: nede").replace("{field: timeline", "{field: time_line")
    text = text.replace("fields: [need, budget]", "fields: [need, budgets]")
    text = text.replace("required_fields: {share: 0.95}", "required_fields: {share: 0.95, fields: [Email]}")
    assert check(parse(text), history, {}, "q1.yaml") == [
        "q1.yaml, qualified, required_fields: no lead has a field 'e_mail'; did you mean 'email'",
        "q1.yaml, qualified, fit, rule 1: no lead has a field 'employes'; did you mean 'employees'",
        "q1.yaml, qualified, exclude, rule 2: no lead ever did 'webinarr'; did you mean 'webinar'",
        "q1.yaml, accepted, fit, rule 1: no lead has a field 'nede'; did you mean 'need'",
        "q1.yaml, sales_qualified, criteria, rule 4: no lead has a field 'time_line'; did you mean 'timeline'",
        "q1.yaml, marketing, required_fields, fields: no lead has a field 'Email'; did you mean 'email'",
        "q1.yaml, sales, evidence, fields: no lead has a field 'budgets'; did you mean 'budget'",
    ]
    history.close()


def test_a_whole_small_history_measures_every_promise(built) -> None:
    history = built()
    assert refused(EVERY, history) == {}
    said = notes(parse(EVERY), history)
    assert "Value of today: changes of source were not recorded, so what was known at the time is what is known now." in said
    assert "Recycled leads: nothing to judge so far, for the history has no recyclings." in said


def test_usual_names_that_this_history_lacks_are_refused_too(built) -> None:
    text = HEAD.replace("source, is: web", "employees, at_least: 3") + "sales: {reason: {share: 1}}\n"
    assert "no lead has a field 'employees'" in refused(text, built())["qualified"][0]


def test_without_acts_no_rule_on_them_is_known(built) -> None:
    asked = HEAD.replace("qualified: {", "qualified: {exclude: [{activity: unsubscribe}], ") + "sales: {reason: {share: 1}}\n"
    assert "acts of leads are not recorded" in refused(asked, built())["qualified"][0]
    done = built(activities="lead_id,activity,occurred_at\nL1,webinar,2026-03-02T08:00:00Z")
    assert refused(asked, done) == {}
    assert "did you mean 'webinar'" in refused(asked.replace("unsubscribe", "Webinars"), done)["qualified"][0]
    assert refused(asked.replace("unsubscribe", "WEBINAR"), done) == {}


def test_without_touches_nothing_is_promised_by_them(built) -> None:
    found = refused(EVERY, built(touches=None))
    assert set(found) == BY_TOUCHES
    assert all(len(lines) == 1 and "there is no touch" in lines[0] and "import touches" in lines[0] for lines in found.values())
    assert "marketing, recycled: cannot be measured" in found["recycled"][0]


def test_without_assignments_nothing_starts_at_the_hand_over(built) -> None:
    found = refused(EVERY, built(assignments=None))
    assert set(found) == BY_OWNERS
    assert all("there is no assignment" in lines[0] for lines in found.values())


def test_assignments_to_queues_alone_are_no_hand_over(built) -> None:
    assert set(refused(EVERY, built(reps="rep_id,team\nR7,East\nR9,West"))) == BY_OWNERS
    assert refused(EVERY.replace(", clock: working", ""), built(reps=None)) == {}


def test_working_time_wants_hours(built) -> None:
    without = built(calendars=None)
    assert refused(EVERY, without) == {"first_touch": [
        "q1.yaml, sales, first_touch, clock: cannot be measured: no team has hours; import calendars, give hours on the Speed screen, or clock: wall"
    ]}  # fmt: skip
    assert refused(EVERY, without, 'teams: {East: {mon: "09:00-17:00"}}') == {}
    assert "first_touch" in refused(EVERY, without, "teams: {East: {mon: closed}}")
    assert "first_touch" in refused(EVERY, without, "teams: {East: {time_zone: Europe/Berlin}}")
    assert "first_touch" in refused(EVERY, built(calendars="team,day,opens,closes\nEast,2026-03-02,09:00,17:00"))  # one day is no week
    assert "first_touch" in refused(EVERY, built(calendars="team,day,opens,closes\nEast,mon,,"))


def test_hours_of_this_installation_count(built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = built(calendars=None)
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    assert len(check(parse(EVERY), history)) == 1
    (tmp_path / "calendars.yaml").write_text('teams: {East: {mon: "09:00-17:00"}}\n')
    assert check(parse(EVERY), history) == []
    (tmp_path / "calendars.yaml").write_text("teams: {East: {mon: never}}\n")
    with pytest.raises(SettingError):
        check(parse(EVERY), history)


def test_dates_without_times_bear_no_limit_under_a_day(built) -> None:
    days = re.sub(r"T\d\d:\d\d:00Z", "", STAGES)
    found = refused(EVERY, built(stage_changes=days))
    assert set(found) == {"hand_over", "first_touch"}
    assert found["hand_over"] == ["q1.yaml, marketing, hand_over, within: is 4h, and MQLs are dates without times; write a limit of 1d or more"]
    assert "is 30m, and MQLs and exits are dates without times; write a limit of 1d or more, and clock: wall" in found["first_touch"][0]
    longer = EVERY.replace("{within: 4h,", "{within: 1d,").replace("{within: 30m, share: 0.8, clock: working}", "{within: 24h, share: 0.8}")
    assert refused(longer, built(stage_changes=days)) == {}
    assert "decision" in refused(longer.replace("{within: 24h, share: 0.9}", "{within: 16h, share: 0.9, clock: working}"), built(stage_changes=days))


def test_equal_times_of_a_small_history_are_no_dates(built) -> None:
    same = re.sub(r"T\d\d:\d\d", "T09:00", STAGES)
    assert refused(EVERY, built(stage_changes=same)) == {}


def test_advice_on_too_many_and_too_few() -> None:
    whole = parse(FULL)
    fifteen, eight, three = (replace(whole, promises=whole.promises[:n]) for n in (15, 8, 3))
    assert len(advice(whole)) == 1 and "16 promises" in advice(whole)[0]
    assert advice(fifteen) == advice(eight, True) == advice(three) == []
    assert "does best with 7 to 10" in advice(three, True)[0] and "15 promises" in advice(fifteen, True)[0]
