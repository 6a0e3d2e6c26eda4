"""report weekly and report monthly on the shipped sample: in the screen's words, refused where there is nothing, written whole."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pptx import Presentation

from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.reports import monthly, weekly
from plumbline.reports.minutes import Minutes, words
from plumbline.reports.weekly_html import weekly_html
from plumbline.state import actions, audit
from plumbline.state.audit import Act
from plumbline.state.opening import reading, writing
from plumbline.words import actions as action_words
from plumbline.words import changes as change_words
from plumbline.words import scorecard as promise_words
from plumbline.words import weekly as week_words
from plumbline.words.parts import plain as as_text
from plumbline.workspace import Workspace, plain
from tests.cli_support import plumbline
from tests.minutes_support import published
from tests.test_minutes_documents import Read

WEEK, MONDAY = "2026-W45", date(2026, 11, 2)
ANN, BO = Act("Ann Lee", datetime(2026, 11, 16, 9)), Act("Bo", datetime(2026, 11, 16, 9, 31))


@pytest.fixture(scope="module")
def workspace(sample_file: Path) -> Workspace:
    return plain(History(sample_file))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PLUMBLINE_STATE", raising=False)
    return tmp_path / "home"


def _with_actions() -> None:
    published()
    with writing() as connection:
        done = actions.add(connection, ANN, "Give webinar leads to the inside team", "Bo", date(2026, 9, 28), "2026-W37", ("promise", "first_touch"))
        actions.settle(connection, ANN, done, 1, "done", date(2026, 9, 14), "since Monday")
        actions.add(connection, ANN, "Ask for the budget", "Cy", date(2026, 10, 28), "2026-W40")
        actions.add(connection, ANN, "Call <b>them</b>", "Cy", date(2026, 11, 28), WEEK)


def _now(workspace: Workspace, **more) -> Minutes:
    with reading() as connection:
        return weekly.afresh(workspace, MONDAY, connection, **more)


def test_minutes_say_every_sentence_of_the_screen(workspace: Workspace) -> None:
    from plumbline.agreement.versions import all_versions
    from plumbline.meeting.weekly import agreed, week

    _with_actions()
    with reading() as connection:
        found = all_versions(connection)
        kept = actions.listed(connection)
    its = week(workspace, agreed(MONDAY, found), MONDAY, kept)
    page = Read(weekly_html(_now(workspace))).text.replace("\xa0", " ")
    told = [as_text(week_words.verdict(its)), week_words.leaks_of(its), as_text(week_words.call_now(its)), as_text(week_words.rejections(its))]
    told += [as_text(week_words.wins(its)), as_text(action_words.open_actions(its)), *(as_text(change_words.sentence(one)) for one in its.changes)]
    for one in its.promises:
        told += [one.title, one.target, promise_words.actual(one.row), promise_words.counts(one.row), promise_words.status(one)]
        told += [promise_words.why(one.row), promise_words.quarter(one)]
    for leak in its.leaks.shown:
        told += [leak.named, leak.rates, week_words.lost(leak, its.currency)]
    for action in its.actions:
        told += [action.action.text, action.action.owner, action_words.became(action).rstrip("."), action_words.helped(action).rstrip(".")]
    squeezed = "".join(page.split())
    assert [said for said in told if "".join(said.split()) not in squeezed] == []
    assert len(its.promises) == 10 and len(its.actions) == 3
    assert "No meeting was held about this week." in page and "Sample data" in page
    with reading() as connection:
        assert audit.head(connection) in page


def test_the_bulletin_counts_promise_by_promise_and_week_by_week(workspace: Workspace) -> None:
    from plumbline.agreement import items, scorecard, weeks
    from plumbline.agreement.parse import parse
    from tests.minutes_support import AGREED

    _with_actions()
    with reading() as connection:
        made = monthly.bulletin(workspace, date(2026, 10, 1), connection)
    known = items.ground(workspace.history, parse(AGREED))
    its = [weeks.Week(date(2026, 9, 28) + 7 * (date(2026, 9, 8) - date(2026, 9, 7)) * n) for n in range(4)]
    rows = [scorecard.scorecard(known, week) for week in its]
    assert [one.judged for one in made.kept] == [sum(week[place].status in ("met", "missed") for week in rows) for place in range(10)]
    assert [one.kept for one in made.kept] == [sum(week[place].status == "met" for week in rows) for place in range(10)]
    assert [[point.status for point in one.weeks] for one in made.kept] == [[week[place].status for week in rows] for place in range(10)]
    won = workspace.history.query(
        "select count(*) as n from steps where stage_rank = 5 and observed_at >= timestamp '2026-10-01' and observed_at < timestamp '2026-11-01'"
    )["n"][0]
    assert sum(one.n for one in made.by_week) == sum(one.n for one in made.by_source) == won == 10
    assert "10 deals were won" in words(made.headline)
    (plugged,) = made.plugged
    assert plugged.is_better and len(plugged.shares) == 2 and plugged.helped.startswith("Better since")
    page = Read(monthly.page_of(made)).text
    assert all(one.title in page for one in made.kept) and plugged.text in page
    deck = Presentation(BytesIO(monthly.slides_of(made)))
    assert len(deck.slides) == 4 and sum(shape.has_chart for slide in deck.slides for shape in slide.shapes) == 4
    for slide in deck.slides:
        assert all(shape.left + shape.width <= deck.slide_width and shape.top + shape.height <= deck.slide_height for shape in slide.shapes)


def test_the_bulletin_goes_by_the_version_of_each_week(workspace: Workspace) -> None:
    from tests.minutes_support import AGREED

    published()
    published(AGREED.replace("2026-09-07", "2026-10-12").replace("Q4 2026", "Later").replace("  reason: {share: 1.0}\n", ""))
    with reading() as connection:
        made = monthly.bulletin(workspace, date(2026, 10, 1), connection)
    weeks = {one.title: [point.label for point in one.weeks] for one in made.kept}
    assert weeks["First touch"] == ["28 Sep", "5 Oct", "12 Oct", "19 Oct"]
    assert weeks["Reason for leaving"] == ["28 Sep", "5 Oct"]


def test_without_an_agreement_documents_say_so(workspace: Workspace) -> None:
    told = _now(workspace)
    assert told.promises == () and "No agreement has been written yet." in Read(weekly_html(told)).text
    with reading() as connection:
        made = monthly.bulletin(workspace, date(2026, 10, 1), connection)
    assert made.kept == () and "No agreement" in Read(monthly.page_of(made)).text


@pytest.mark.parametrize(
    ("text", "words_"),
    [("2026-W46", "not over in the data"), ("2026-W99", "no week 2026-W99"), ("soon", "is no week"), ("2001-W05", "lies before all")],
)
def test_a_week_that_is_none_or_not_over_is_refused(workspace: Workspace, text: str, words_: str) -> None:
    with pytest.raises(InputError, match=words_):
        weekly.asked_week(workspace, text)
    assert weekly.asked_week(workspace, "") == MONDAY


@pytest.mark.parametrize(
    ("text", "words_"),
    [("2026-11", "not over in the data"), ("2026-13", "is no month"), ("2026-1", "is no month"), ("2001-01", "lies before all"), ("Nov", "no month")],
)
def test_a_month_that_is_none_or_not_over_is_refused(workspace: Workspace, text: str, words_: str) -> None:
    with pytest.raises(InputError, match=words_):
        monthly.asked_month(workspace, text)
    assert monthly.asked_month(workspace, "") == date(2026, 10, 1)


def test_the_commands_write_whole_files_or_none(sample_file: Path, tmp_path: Path, home: Path) -> None:
    page = tmp_path / "week.html"
    done = plumbline("report", "weekly", "--to", page, "--history", sample_file, "--format", "json", PLUMBLINE_HOME=str(home))
    assert done.status == 0 and done.json == {"file": str(page), "week": WEEK, "days": "Mon 2 - Sun 8 Nov 2026", "frozen": False}
    assert "No meeting was held" in done.err and Read(page.read_bytes()).text
    slides = tmp_path / "month.pptx"
    done = plumbline(
        "report", "monthly", "--month", "2026-10", "--to", slides, "--history", sample_file, "--format", "json", PLUMBLINE_HOME=str(home)
    )
    assert done.json == {"file": str(slides), "month": "2026-10"} and len(Presentation(slides).slides) == 4
    theirs = tmp_path / "theirs.html"
    theirs.write_text("<p>mine</p>", encoding="utf-8")
    for options, said in (
        (("weekly", "--to", tmp_path / "week.pdf"), "neither .html nor .pptx"),
        (("weekly", "--to", theirs), "did not write it"),
        (("monthly", "--month", "2026-11", "--to", tmp_path / "x.html"), "not over in the data; the last that is: 2026-10"),
    ):
        refused = plumbline("report", *options, "--history", sample_file, PLUMBLINE_HOME=str(home))
        assert said in refused.refusal
    assert theirs.read_text(encoding="utf-8") == "<p>mine</p>"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["month.pptx", "theirs.html", "week.html"]
