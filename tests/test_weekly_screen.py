"""The weekly review on the shipped sample: without an agreement, with one, a week that runs, leads behind a promise, an action from open to done."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.identity import typed
from plumbline.state import actions
from plumbline.state.opening import reading
from tests import weekly_support

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def home(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(sample_file))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    monkeypatch.delenv("PLUMBLINE_STATE", raising=False)


def opened(**address: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).switch_page("pages/meet/weekly.py")
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    return "\n".join(str(element.value) for element in at.html)


def kept() -> list[actions.Action]:
    with reading() as connection:
        return actions.listed(connection)


def test_it_is_the_first_screen() -> None:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert not at.exception
    assert "No agreement is in force" in said(at)


def test_without_an_agreement_it_says_so_first_and_is_still_useful() -> None:
    told = said(opened())
    assert told.index("No agreement is in force") < told.index("No agreement has been written yet") < told.index("What leaks most")
    assert "Marketing promised" not in told
    for part in ("What changed", "Call now", "Actions", "Sent back by sales", "Wins of the week"):
        assert part in told


def test_both_sides_stand_side_by_side() -> None:
    weekly_support.in_force()
    at = opened()
    told = said(at)
    assert "Marketing kept <strong>" in told
    assert told.index("Both promised") < told.index("Marketing promised") < told.index("Sales promised") < told.index("What changed")
    assert "80 % within 30 minutes of working time" in told.replace("\u00a0", " ")
    assert [button.key for button in at.button if button.key.startswith("see_")] == [
        f"see_{name}"
        for name in (*("acceptance", "volume", "required_fields", "hand_over", "decision", "first_touch", "follow_up", "touches", "open_leads"),)
    ]
    assert told.count('class="pl-trend"') == 9


def test_a_promise_opens_its_leads_and_closes_them() -> None:
    weekly_support.in_force()
    at = opened()
    at.button(key="see_first_touch").click().run()
    assert at.query_params.get("promise") in ("first_touch", ["first_touch"])
    rows = at.dataframe[0].value
    assert {"lead_id", "company", "judged", "started_at", "due_at", "happened_at"} <= set(rows.columns)
    assert list(rows["judged"]) == sorted(rows["judged"], key=["not done", "too late", "in time"].index)
    at.button(key="behind.close").click().run()
    assert not at.dataframe


@pytest.mark.parametrize("kind", ["acceptance", "volume", "required_fields", "touches", "open_leads"])
def test_every_kind_of_promise_has_its_leads(kind: str) -> None:
    weekly_support.in_force()
    at = opened(promise=kind)
    assert at.dataframe[0].value.shape[0]


def test_a_week_that_runs_is_not_judged_early() -> None:
    weekly_support.in_force()
    told = said(opened(week="2026-W46"))
    assert "The week is not over: the data end on 14 Nov 2026" in told
    assert "too early" in told and ">broken<" not in told


@pytest.mark.parametrize("week", ["2026-W60", "x", "1900-W01", "2199-W52"])
def test_any_week_can_be_asked_for(week: str) -> None:
    weekly_support.in_force()
    assert "in force" in said(opened(week=week)) or week in ("2026-W60", "x", "2199-W52")


def test_a_week_before_the_agreement_says_which_day_it_begins() -> None:
    weekly_support.in_force()
    assert "in force from 28 Sep 2026 on" in said(opened(week="2026-W38"))


def test_an_action_is_made_of_a_leak_carried_over_and_done() -> None:
    weekly_support.in_force()
    at = opened()
    opener = next(button for button in at.button if button.key.startswith("act_leak_"))
    key = opener.key.removeprefix("act_leak_")
    opener.click().run()
    at.text_input(key=f"profile.action.leak.{key}.name").input("Ann Lee")
    next(button for button in at.button if button.label == "This is me").click().run()
    at.text_input(key=f"action.owner.leak.{key}").input("Bo Chan")
    next(button for button in at.button if button.label == "Add the action").click().run()
    assert not at.exception
    (made,) = kept()
    assert (made.owner, made.about_kind, made.about_key, made.opened_week, made.opened_by) == ("Bo Chan", "leak", key, "2026-W45", "Ann Lee")
    assert made.text.startswith("Region Asia Pacific: find out why")
    assert next(button for button in at.button if button.key == f"act_leak_{key}").label == "Make it an action (1 open)"
    at.button(key="done_1").click().run()
    at.text_input(key="settle.note.1").input("Assigned by hand")
    next(button for button in at.button if button.label == "It is done").click().run()
    (made,) = kept()
    assert (made.outcome, made.note) == ("done", "Assigned by hand")
    assert "Too early to say whether it helped" in said(at)


def test_an_action_without_an_owner_is_refused_and_the_form_stays() -> None:
    at = opened()
    at.session_state["weekly.form"] = ("", "")
    at.session_state["profile"] = typed("Ann")
    at.run()
    at.text_input(key="action.text..").input("Call them")
    next(button for button in at.button if button.label == "Add the action").click().run()
    assert "Who does it is missing" in said(at)
    assert kept() == []


def test_texts_of_actions_stay_text() -> None:
    at = opened()
    at.session_state["weekly.form"] = ("", "")
    at.session_state["profile"] = typed("<b>Ann</b>")
    at.run()
    at.text_input(key="action.text..").input("<img src=x onerror=alert(1)> ![x](http://y)")
    at.text_input(key="action.owner..").input("<script>1</script>")
    next(button for button in at.button if button.label == "Add the action").click().run()
    told = said(at)
    assert "&lt;img src=x onerror=alert(1)&gt; ![x](http://y)" in told and "&lt;script&gt;" in told
    assert "<script>" not in told and "<img src=x" not in told
