"""The Quarterly review without a browser: no version, too early, a whole quarter, two versions; a review begun, decided, closed, and its minutes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.agreement.parse import parse
from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.state import audit, meetings
from plumbline.state.opening import reading, writing
from tests import histories_derived
from tests.quarterly_support import TEXT, drafted, published, whole
from tests.state_support import ANN

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, sample_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(sample_file))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))


@pytest.fixture
def history(sample_file: Path) -> History:
    return History(sample_file)


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.switch_page("pages/meet/quarterly.py")
    for name, value in address.items():
        page.query_params[name] = value
    return run(page)


def run(page: AppTest) -> AppTest:
    page.run()
    assert [one.message for one in page.exception] == []
    return page


def said(page: AppTest) -> str:
    html = [one.proto.body for one in page.main if one.type == "html"]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(html))).replace("\u00a0", " ")


def labels(page: AppTest) -> list[str]:
    return [one.label for one in page.selectbox]


def test_without_a_version_it_says_so_and_shows_what_there_is(history: History) -> None:
    told = said(opened())
    assert "Nothing was signed and published for Q4 2026" in told and "See the agreement" in told
    assert "35 of 144 leads that sales decided were sent back" in told and "there is no rule to hold them against" in told
    assert "No draft is on the table" in told and "Begin the review" not in told
    drafted(parse(TEXT.replace("2026-07-06", "2027-01-04")), history, date(2026, 11, 12))
    told = said(opened())
    assert "1 draft is on the table" in told and "Draft 1, “Mid-size, with intent”, would have barred" in told


def test_a_whole_quarter_and_the_leads_behind_a_cell(history: History) -> None:
    whole(history)
    page = opened(quarter="2026-Q3", behind_week="first_touch.2026-08-03", against="Draft 4, “No webinars”")
    told = said(page)
    assert "In Q3 2026, 2 of 11 promises were kept in nearly every week and 4 were broken in nearly every one" in told
    assert "Version 1, “Mid-size, with intent”: in force from 6 Jul 2026 to 18 Oct 2026" in told
    assert "Acceptance and the load of reps lay below what was signed" in told
    assert "First touch · Mon 3 - Sun 9 Aug: 10 of 32, 31 %: broken" in told
    assert "Draft 4, “No webinars”, would have barred 52 of the 94 sent back" in told
    assert "2 drafts are on the table" in told and "Version 2, “Mid-size, with intent”, is published" in told
    assert "Version" not in [one.label for one in page.main if one.type == "button_group"]


def test_a_quarter_with_two_versions_has_a_control_and_says_what_is_too_early(history: History) -> None:
    whole(history)
    told = said(opened())
    assert "Only 3 weeks of Q4 2026 are over under version 2: too early to say" in told
    assert "Version 2, “Mid-size, with intent”: in force from 19 Oct 2026 on" in told and "2 of 3 reps agree with version 2" in told
    assert (
        "3 weeks can be judged; nothing is advised under 4." in told and "Became SQL in time" not in told.split("How this")[0].split("was signed")[0]
    )
    told = said(opened(version="Version 1"))
    assert "Version 1, “Mid-size, with intent”: in force from 6 Jul 2026 to 18 Oct 2026" in told and "Version 2, “Mid" not in told


def test_an_address_that_names_no_quarter_shows_the_last() -> None:
    for named in ("2026-Q9", "1999-Q1", "<b>", ""):
        assert "for Q4 2026" in said(opened(quarter=named))


def test_a_review_is_begun_decided_and_closed(history: History) -> None:
    whole(history)
    page = opened(quarter="2026-Q3")
    page.text_input[0].set_value("Ann Marsh")
    next(one for one in page.button if one.label == "This is me").click()
    run(page)
    page.button(key="quarterly.begin").click()
    run(page)
    next(one for one in page.selectbox if one.label == "First touch").set_value("loosen")
    run(page)
    page.text_area[0].set_value("An hour <b>at most</b>.")
    run(page)
    page.date_input[0].set_value(date(2027, 1, 11))
    run(page)
    page.button(key="quarterly.close").click()
    run(page)
    told = said(page)
    assert "The review of Q3 2026 was closed by Ann Marsh" in told and "Version 1: loosen “First touch”." in told
    assert "Next review: 11 Jan 2027." in told and "Review Q3 2026 again" in [one.label for one in page.button]
    with reading() as connection:
        kept = meetings.of_week(connection, "2026-Q3")
        assert meetings.running(connection, "quarterly") is None
    html = kept.minutes.decode()
    assert "An hour &lt;b&gt;at most&lt;/b&gt;." in html and "loosen “First touch”" in html and "180 of 435, 41\u00a0%" in html
    with writing() as connection:
        assert meetings.close(connection, ANN, kept.meeting_id, b"another").minutes == kept.minutes
    assert audit.verify() == []
    assert "An hour &lt;b&gt;at most&lt;/b&gt;." in " ".join(one.proto.body for one in opened(quarter="2026-Q3").main if one.type == "html")


def test_a_review_of_another_quarter_is_closed_first(history: History) -> None:
    with writing() as connection:
        meetings.begin(connection, ANN, "2026-Q3", "s", "c", None, "quarterly")
    assert "Ann has begun the review of 2026-Q3 : it is closed first." in said(opened())
    told = said(opened(quarter="2026-Q3"))
    assert "The data that the review began with are not there any more" in told


def test_one_meeting_of_each_kind_may_go_on() -> None:
    with writing() as connection:
        weekly = meetings.begin(connection, ANN, "2026-W46", "s", "c", None)
        quarterly = meetings.begin(connection, ANN, "2026-Q4", "s", "c", None, "quarterly")
        assert (meetings.running(connection), meetings.running(connection, "quarterly")) == (weekly, quarterly)
    with pytest.raises(InputError, match="goes on"), writing() as connection:
        meetings.begin(connection, ANN, "2026-Q3", "s", "c", None, "quarterly")
    with writing() as connection:
        meetings.close(connection, ANN, quarterly.meeting_id, b"q")
        assert meetings.latest(connection) is None and meetings.running(connection) == weekly
        assert meetings.of_week(connection, "2026-Q4").minutes == b"q"


@pytest.mark.parametrize(
    ("name", "says", "never"),
    [
        ("no_touches", "It cannot be measured: who was called or written to is not recorded", r"never tried|not tried|First touch[^.]{0,60}kept in"),
        ("no_exits", "rejections are not recorded", r"were sent back"),
        ("no_sal", "", r"Accepted in time:"),
        ("one_instant", "all leads became an MQL at one instant", r"kept in \d+ of [1-9]"),
    ],
)
def test_what_is_not_recorded_is_never_told(name: str, says: str, never: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = histories_derived.build(name, tmp_path)
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(file))
    opened_ = History(file)
    effective = "2026-03-02" if name == "one_instant" else "2026-07-06"
    published(parse(TEXT.replace("2026-07-06", effective)), opened_)
    told = said(opened(quarter="2026-Q1" if name == "one_instant" else "2026-Q3"))
    assert says.casefold() in told.casefold() and not re.search(never, told)
