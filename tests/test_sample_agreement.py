"""What the sample comes with: two agreements signed and published, one on the table, eight meetings, actions whose verdicts differ."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from plumbline.agreement import feedback, versions
from plumbline.agreement.check import check
from plumbline.agreement.items import ground, items, micros
from plumbline.agreement.parse import load
from plumbline.agreement.scorecard import scorecard
from plumbline.agreement.signing import seal_of
from plumbline.agreement.weeks import week_of
from plumbline.history.connection import History
from plumbline.meeting.did_it_help import of_a_promise, of_a_step
from plumbline.sample.agreement import ACTIONS, FOLDER, MEETINGS, fill_store
from plumbline.state import actions, audit, meetings
from plumbline.state.opening import reading

DAYS = {"mql_days": 14.0, "sal_days": 45.0, "sql_days": 45.0, "opportunity_days": 180.0}


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    monkeypatch.delenv("PLUMBLINE_STATE", raising=False)
    assert fill_store()


@pytest.fixture(scope="module")
def history(sample_file: Path) -> History:
    return History(sample_file)


@pytest.mark.usefixtures("filled")
def test_the_store_is_as_if_the_teams_had_used_it() -> None:
    today = date(2026, 11, 14)
    found = versions.all_versions()
    assert [one.state(today) for one in found] == ["superseded", "published", "draft"]
    assert versions.version_in_force(date(2026, 7, 5)).number == 1
    assert versions.version_in_force(today).number == 2
    assert all(one.seal == seal_of(one.canonical, one.frozen) for one in found)
    assert [len(feedback.given(one.number)) for one in found] == [0, 3, 3]
    with reading() as connection:
        held = [meetings.numbered(connection, number) for number in range(1, MEETINGS + 1)]
        assert [one.week for one in held if one and one.closed_at] == [f"2026-W{number}" for number in range(38, 38 + MEETINGS)]
        assert meetings.running(connection) is None
        kept = actions.listed(connection)
    assert len(kept) == len(ACTIONS) and sum(one.is_open for one in kept) == 2
    assert audit.verify() == []


@pytest.mark.usefixtures("filled")
def test_a_store_that_holds_something_stays_as_it_is() -> None:
    assert not fill_store()
    assert len(versions.all_versions()) == 3


@pytest.mark.parametrize("name", ["first", "second", "third"])
def test_the_agreements_fit_the_sample(name: str, history: History) -> None:
    assert check(load(FOLDER / f"{name}.yaml"), history) == []


def test_some_promises_of_the_last_week_were_kept_and_some_were_not(history: History) -> None:
    rows = scorecard(ground(history, load(FOLDER / "second.yaml")), week_of(date(2026, 11, 2)))
    kept = {status: sum(row.status == status for row in rows) for status in ("met", "missed")}
    assert kept["met"] >= 4 and kept["missed"] >= 4 and sum(kept.values()) == len(rows)


def test_one_action_helped_one_did_not_and_of_one_it_is_too_early_to_say(history: History) -> None:
    known = ground(history, load(FOLDER / "second.yaml"))
    verdicts = set()
    for _, _, _, _, (kind, key), outcome, on, _ in ACTIONS:
        if outcome != "done":
            continue
        if kind == "leak":
            step, name_value = key.split("|")
            assert step == "mql->sal"
            name, value = name_value.split("=")
            verdicts.add(of_a_step(history, 1, {name: (value,)}, on, DAYS).verdict)
            continue
        around = [micros(datetime(on.year, on.month, on.day) + sign * timedelta(weeks=10)) for sign in (-1, 1)]
        told = items(known, known.agreement.promise(key), *around).frame().with_columns(pl.col("start").cast(pl.Datetime("us")))
        verdicts.add(of_a_promise(told.select("start", "outcome"), on, history.about.time_zone).verdict)
    assert verdicts == {"helped", "chance", "too_early"}
