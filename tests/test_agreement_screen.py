"""The Agreement screen without a browser: each state of a version, each refusal, on a real store in a home of its own."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.agreement import feedback, signing, versions
from plumbline.agreement.parse import parse
from plumbline.history.connection import History
from plumbline.state import agreements as kept
from plumbline.state.opening import writing
from tests import agreement_homes as homes
from tests.agreement_homes import ANN, BO, Q1, Q2, TODAY

ROOT = Path(__file__).parents[1]


@pytest.fixture
def history(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(sample_file))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    on_day(monkeypatch, TODAY)
    return History(sample_file)


def on_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setenv("PLUMBLINE_TODAY", day.isoformat())


def opened(version: int = 0, look: str = "", who: str = "", side: str = "") -> AppTest:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    if version:
        at.query_params["version"] = str(version)
    if look:
        at.query_params["look"] = look
    at.switch_page("pages/agree/agreement.py").run()
    if who:
        named(at, who, side)
    assert not at.exception
    return at


def named(at: AppTest, who: str, side: str) -> None:
    """Says who sits at the screen, in the first form that asks."""
    box = next(one for one in at.text_input if one.key and one.key.startswith("profile."))
    box.input(who)
    part = box.key.removesuffix(".name")
    if side:
        next(one for one in at.get("button_group") if one.key == f"{part}.side").set_value(side)
    next(one for one in at.button if one.label == "This is me").click()
    at.run()


def said(at: AppTest) -> str:
    assert not at.exception
    return "\n".join(str(element.value) for element in at.html).replace("\u00a0", " ")


def text_of(at: AppTest) -> str:
    """What is read, without tags."""
    words = re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>", "", said(at), flags=re.DOTALL))
    return re.sub(r"\s+", " ", html.unescape(words))


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


def test_without_a_version_a_first_one_is_proposed_and_becomes_a_draft(history: History) -> None:
    at = opened()
    told = text_of(at)
    assert "No agreement is in force: a first one can be proposed from your own history" in told
    assert "that your own history can measure" in told and "in 9 of 12 weeks" in told and "14 Dec 2026" in told
    assert not versions.all_versions()
    named(at, ANN, "marketing")
    press(at, "agreement.propose")
    made = versions.version(1)
    assert made.edited_by == ANN and made.effective == date(2026, 12, 14) and 7 <= len(made.agreement().promises) <= 10
    assert list(at.query_params["version"]) == ["1"] and "Proposed from your own history" in text_of(at)


def test_a_draft_is_simulated_signed_by_two_published_and_in_force_on_its_day(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    homes.drafted()
    at = opened(1, who=ANN, side="marketing")
    assert "is a draft that nobody has simulated yet" in text_of(at)
    assert "agreement.sign.marketing" not in [one.key for one in at.button]
    press(at, "agreement.simulate")
    told = text_of(at)
    assert "would have qualified" in told and "Nobody knows what would have become of" in told and "not a qualified one" in told
    assert "Changes of email and company were not recorded" in at.checkbox[0].label
    press(at, "agreement.sign.marketing")
    assert "the simulation knows their values of today alone: tick the line above where that is acceptable." in text_of(at)
    assert not versions.version(1).signatures
    at.checkbox[0].check().run()
    press(at, "agreement.sign.marketing")
    assert f"{ANN} signed for marketing. Hand the screen over to sales." in text_of(at)
    assert versions.version(1).signature("marketing").acknowledged == ("email", "company")
    press(at, "agreement.someone")
    named(at, BO, "sales")
    at.checkbox[0].check().run()
    press(at, "agreement.sign.sales")
    press(at, "agreement.publish")
    assert "will be in force from 4 Jan 2027 on" in text_of(at)
    assert "No agreement is in force yet: Q1 2027 begins on 4 Jan 2027, signed by Ann Lee for marketing and Bo Ek for sales" in text_of(opened())
    on_day(monkeypatch, date(2027, 1, 4))
    told = text_of(opened())
    assert "In force since 4 Jan 2027: Q1 2027, signed by Ann Lee for marketing and Bo Ek for sales" in told
    assert "Sales tries a lead for the first time within 30 minutes of working time after hand-over" in told
    assert "Measured by the first outbound touch of a person" in told
    assert "a simple electronic signature, sealed by a hash, not a qualified one. A typed name is not verified by a log-in." in told


def test_nobody_signs_for_both_sides_in_whatever_spelling(history: History) -> None:
    homes.drafted()
    homes.simulated(history, 1)
    homes.signed(1, ("marketing", ANN))
    at = opened(1, who=ANN.upper(), side="sales")
    at.checkbox[0].check().run()
    press(at, "agreement.sign.sales")
    assert "ANN LEE signed for marketing, and nobody signs for both sides: let somebody else sign for sales." in text_of(at)
    assert versions.version(1).signature("sales") is None


def test_what_was_signed_is_what_the_screen_showed(history: History) -> None:
    homes.drafted()
    homes.simulated(history, 1)
    at = opened(1, who=BO, side="sales")
    at.checkbox[0].check().run()
    with writing() as connection:
        kept.change(connection, 1, {"seal": "0" * 64})  # somebody simulates anew meanwhile
    press(at, "agreement.sign.sales")
    assert "What you saw is not what stands there now (another seal)." in text_of(at)
    assert not versions.version(1).signatures


def test_who_acts_for_neither_side_is_told_to_hand_over(history: History) -> None:
    homes.drafted()
    homes.simulated(history, 1)
    at = opened(1, who="Olga Ops", side="")
    assert "hand the screen over" in text_of(at)
    assert not [one for one in at.button if one.key and one.key.startswith("agreement.sign")]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("declined", "was declined by Bo Ek for sales: “The limit is too short”"),
        ("withdrawn", "was withdrawn by Ann Lee on 1 Dec 2026"),
        ("needs attention", "needs attention: Ann Lee, who signed for marketing, no longer holds the role"),
        ("superseded", "was in force 4 Jan 2027 until 5 Apr 2027, when the next one begins"),
        ("ended", "was in force 4 Jan 2027 to 31 Jan 2027"),
    ],
)
def test_each_state_is_said(history: History, monkeypatch: pytest.MonkeyPatch, state: str, told: str) -> None:
    if state in ("declined", "withdrawn", "needs attention"):
        homes.drafted()
        homes.simulated(history, 1)
        homes.signed(1, ("marketing", ANN))
        if state == "declined":
            signing.decline(1, "sales", "The limit is too short", TODAY, homes.act(BO))
        elif state == "withdrawn":
            signing.withdraw(1, TODAY, homes.act(ANN))
        else:
            signing.leave(ANN, homes.act("Olga Ops"))
    else:
        homes.published(history)
        if state == "ended":
            homes.ended(1, date(2027, 1, 31), date(2027, 1, 10))
        else:
            homes.published(history, Q2, date(2027, 3, 1))
        on_day(monkeypatch, date(2027, 5, 3))
    at = opened(1)
    assert told in text_of(at)
    looks = [one for one in at.get("button_group") if one.key and one.key.startswith("agreement.look")]
    assert any(option.content == "Edit" for one in looks for option in one.proto.options) == (state == "needs attention")
    listed = text_of(opened())
    assert {"superseded": "superseded", "ended": "ended"}.get(state, state) in listed
    if state == "ended":
        assert "No agreement is in force: Q1 2027 ended on 31 Jan 2027" in listed


def test_a_review_is_said_two_weeks_before(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    homes.published(history)
    on_day(monkeypatch, date(2027, 3, 20))
    assert "Review due" not in text_of(opened())
    on_day(monkeypatch, date(2027, 3, 21))
    assert "Review due on 4 Apr 2027" in text_of(opened())
    on_day(monkeypatch, date(2027, 4, 5))
    assert "Review due since 4 Apr 2027" in text_of(opened())


def test_the_difference_to_the_one_in_force_with_what_it_does(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    homes.published(history)
    on_day(monkeypatch, day := date(2027, 3, 1))
    homes.drafted(Q2)
    assert "is known once the version is simulated" in text_of(opened(2))
    homes.simulated(history, 2, day)
    told = text_of(opened(2))
    assert "Against the one in force: version 1, Q1 2027" in told
    assert "Employees: at least 100 → at least 200" in told and "Without it, " in told
    assert "First touch within 30 minutes → 1 hour of working time" in told


def test_publishing_is_refused_once_the_day_is_past(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    homes.drafted()
    homes.simulated(history, 1)
    homes.signed(1, ("marketing", ANN), ("sales", BO))
    on_day(monkeypatch, date(2027, 1, 5))
    at = press(opened(1, who=BO, side="sales"), "agreement.publish")
    assert "Version 1 begins on 2027-01-04, which is past: sign a new draft with a day from 2027-01-05 on." in text_of(at)
    assert not versions.version(1).published_at


def test_the_form_and_the_text_are_two_views_of_one_value(history: History) -> None:
    homes.drafted()
    at = opened(1, look="edit")
    key = "agreement.form.1.0"
    at.number_input(key=f"{key}.first_touch.share").set_value(40.0).run()
    assert "First touch, share: 25 % → 40 %" in text_of(at) or "first touch, share: 25 % → 40 %" in text_of(at)
    view(at, "Text")
    assert "share: 0.4" in at.text_area[0].value
    at.text_area[0].set_value(at.text_area[0].value.replace("48h", "2d")).run()
    view(at, "Form")
    assert at.number_input(key=f"{key}.follow_up.number").value == 2
    named(at, ANN, "marketing")
    press(at, "agreement.save")
    saved = versions.version(1)
    assert saved.agreement() == parse(Q1.replace("25", "4").replace("48h", "2d")) and saved.edition == 2


def view(at: AppTest, name: str) -> None:
    next(one for one in at.get("button_group") if one.key == "agreement.edit.view").set_value(name).run()
    assert not at.exception


def test_every_fault_stands_beside_its_field_and_all_at_once(history: History) -> None:
    homes.drafted()
    at = opened(1, look="edit")
    view(at, "Text")
    broken = (
        Q1.replace("share: 0.25", "share: 25").replace("within: 4h", "within: 4w").replace("leads: 260", "leads: 0").replace("employees", "staff")
    )
    at.text_area[0].set_value(broken).run()
    told = text_of(at)
    assert "3 faults to mend before it can be saved" in told
    for fault in ("First touch: Share is 25; write 0.25 for 25 %.", "Hand-over: Within is '4w'", "Qualified leads: Leads is '0'"):
        assert fault in told
    view(at, "Form")
    beside = [one.value for one in at.html if "pl-amiss" in one.value]
    assert any("write 0.25 for 25" in one for one in beside)
    assert at.number_input(key="agreement.form.1.0.first_touch.share").value is None  # and what is written stays until somebody fills it
    view(at, "Text")
    assert at.text_area[0].value == broken
    at.text_area[0].set_value(Q1.replace("employees", "staff")).run()
    assert "One fault" in text_of(at) and "No lead has a field 'staff'" in text_of(at)
    assert at.button(key="agreement.save").disabled


def test_editing_a_signed_draft_takes_no_signature_along(history: History) -> None:
    homes.drafted()
    homes.simulated(history, 1)
    homes.signed(1, ("marketing", ANN))
    at = opened(1, look="edit")
    assert "Ann Lee signed version 1. Any change but of name and description makes a new draft without signatures" in text_of(at)
    at.number_input(key="agreement.form.1.0.volume.leads").set_value(300).run()
    named(at, BO, "sales")
    press(at, "agreement.save")
    assert "Saved as a new draft, version 2: nobody has signed it yet." in text_of(at)
    assert versions.version(1).signature("marketing") and not versions.version(2).signatures
    assert list(at.query_params["version"]) == ["2"]


def test_two_who_edit_one_draft_overwrite_nothing(history: History) -> None:
    homes.drafted()
    one, other = opened(1, look="edit"), opened(1, look="edit")
    one.number_input(key="agreement.form.1.0.volume.leads").set_value(300).run()
    other.number_input(key="agreement.form.1.0.volume.leads").set_value(400).run()
    named(one, ANN, "marketing")
    named(other, BO, "sales")
    press(one, "agreement.save")
    press(other, "agreement.save")
    told = text_of(other)
    assert "Ann Lee changed it at" in told and "after you opened it" in told and "300 → 400" in told
    assert versions.version(1).agreement().promise("volume").leads == 300
    press(other, "agreement.save.own")
    assert versions.version(1).agreement().promise("volume").leads == 300
    assert versions.version(2).agreement().promise("volume").leads == 400


def test_a_rep_speaks_once_of_a_version_and_may_change_it(history: History) -> None:
    homes.drafted()
    feedback.give(1, "Kim Ono", True, "A need <b>and</b> a date", {"employees is 100 or more": "fine"}, homes.act("Kim Ono"))
    feedback.give(1, "kim ono", False, "On second thoughts, a budget", {}, homes.act("Kim Ono"))
    feedback.give(1, "Lars Berg", True, "", {}, homes.act("Lars Berg"))
    told = text_of(opened(1))
    assert "1 rep agrees and 1 disagrees." in told and "On second thoughts, a budget" in told


def test_names_that_are_markup_are_shown_as_they_stand(history: History) -> None:
    homes.drafted(Q1.replace("name: Q1 2027", "name: '<img src=x onerror=1> ![x](http://elsewhere) **b**'"), by="<script>1</script>")
    for at in (opened(), opened(1), opened(1, look="edit")):
        assert "<img src=x" not in said(at) and "<script>" not in said(at)
        assert "&lt;img src=x" in said(at)


def test_an_unknown_version_is_said(history: History) -> None:
    homes.drafted()
    assert "There is no version 7: these are all." in text_of(opened(7))
