"""Dates without a time of day: whose day they are, where they stand within it, and that no hour is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from plumbline.clock import DAY, time_zone
from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.importing.job import Outcome
from plumbline.importing.migrate import migrate
from plumbline.metrics import run
from plumbline.speed.delays import DATED_LIMITS, HOUR, delays, within
from plumbline.speed.waits import from_frame
from plumbline.ui.funnel_words import stray_note
from tests.cli_support import plumbline
from tests.importing_support import build_file, write_table

BERLIN = "Europe/Berlin"


class Desk:
    """Files, an import of them, and the history that it gives."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.opened: list[History] = []

    def imported(self, mapping: str = "", previous: bool = False, tables: dict[str, str | pl.DataFrame] | None = None, **options: object) -> Outcome:
        """tables: name -> lines of a CSV, header first, or a frame written as Parquet."""
        folder = self.place / f"in{len(list(self.place.iterdir()))}"
        folder.mkdir()
        for name, told in (tables or {}).items():
            if isinstance(told, pl.DataFrame):
                told.write_parquet(folder / f"{name}.parquet")
            else:
                write_table(folder, name, told)
        if mapping:
            (self.place / "map.yaml").write_text(mapping, encoding="utf-8")
            options |= {"preset": "csv", "mapping": self.place / "map.yaml"}
        before = self.target if previous else None
        self.target = self.place / f"h{len(list(self.place.iterdir()))}.duckdb"
        return build_file(folder, self.target, previous=before, **options)

    def history(self) -> History:
        self.opened.append(History(self.target))
        return self.opened[-1]

    def rows(self, query: str) -> list[tuple]:
        return self.history().query(query).rows()

    def passes(self) -> list[tuple]:
        """lead, which pass, day of the opening, exit, whether implied."""
        return self.rows(
            "select lead_id, pass_no, opened_day::varchar, exit_stage, is_implied from episodes join leads using (lead_no) order by 1, 2"
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    case = Desk(tmp_path)
    yield case
    for history in case.opened:
        history.close()


def changes(*rows: str) -> str:
    return "\n".join(["lead_id,stage,occurred_at", *rows])


def leads(*ids: str, created: str = "2026-01-01T08:00:00Z") -> str:
    return "\n".join(["lead_id,created_at", *(f"{lead_id},{created}" for lead_id in ids or ("A",))])


def by_metric(history: History, name: str, **parameters: object) -> dict[str, dict]:
    return {row["stage"]: row for row in run(history, name, parameters=parameters).to_dicts()}


# Within its day a date stands by the rank of its stage


def test_a_conversion_dated_the_day_of_the_mql_belongs_to_that_pass(desk: Desk) -> None:
    desk.imported(
        tables={"leads": leads(), "stage_changes": changes("A,mql,2026-02-03T15:00:00Z", "A,opportunity,2026-02-03", "A,sal,2026-02-03T16:00:00Z")}
    )
    assert desk.passes() == [("A", 1, "2026-02-03", None, False)]
    assert desk.rows("select opportunity_at >= sal_at, is_out_of_order, opportunity_is_day, sal_is_day from episodes") == [(True, False, True, False)]


def test_a_closing_dated_the_day_of_the_mql_closes_it(desk: Desk) -> None:
    mapping = """
time_zone: Europe/Berlin
organisation: {time_zone: Europe/Berlin, data_through: 2026-06-30}
files:
  - file: deals.csv
    tables:
      leads: {lead_id: Id, created_at: Created}
      stage_changes:
        - {lead_id: Id, stage: {value: mql}, occurred_at: Created}
        - {lead_id: Id, stage: {column: Stage, labels: {Lost: lost}}, occurred_at: Closed, when: {Stage: Lost}}
"""
    deals = "Id,Created,Closed,Stage\nD1,2026-03-02 10:30,2026-03-02,Lost\nD2,2026-03-02 10:30,2026-03-03,Lost\nD3,2026-03-02 10:30,,Open"
    outcome = desk.imported(mapping, tables={"deals": deals})
    assert outcome.days == {"stage_changes": 2}
    assert not any("close nothing" in line for line in outcome.warnings)
    row = by_metric(desk.history(), "funnel/stages")["mql"]
    assert (row["lost"], row["open_past_window"]) == (2, 1)


def test_an_open_pass_is_left_by_a_dated_exit_before_it_comes_again_that_day(desk: Desk) -> None:
    rows = changes("A,mql,2026-02-01T09:00:00Z", "A,recycled,2026-02-03", "A,mql,2026-02-03T15:00:00Z")
    desk.imported(tables={"leads": leads(), "stage_changes": rows})
    assert desk.passes() == [("A", 1, "2026-02-01", "recycled", False), ("A", 2, "2026-02-03", None, False)]


def test_an_mql_dated_the_day_of_its_acceptance_comes_first(desk: Desk) -> None:
    rows = changes("A,sal,2026-02-03T10:00:00Z", "A,mql,2026-02-03", "A,inquiry,2026-02-03T18:00:00Z")
    desk.imported(tables={"leads": leads(), "stage_changes": rows})
    assert desk.passes() == [("A", 1, "2026-02-03", None, False)]


def test_dates_alone_stand_by_rank_whatever_the_order_of_lines(desk: Desk) -> None:
    rows = changes("A,rejected,2026-02-03", "A,sql,2026-02-03", "A,mql,2026-02-03", "A,sal,2026-02-03", "B,won,2026-02-03", "B,mql,2026-02-03")
    desk.imported(tables={"leads": leads("A", "B"), "stage_changes": rows})
    assert desk.passes() == [("A", 1, "2026-02-03", "rejected", False), ("B", 1, "2026-02-03", None, False)]


def test_sixty_seconds_are_measured_between_times_and_not_to_a_date(desk: Desk) -> None:
    """A won dated the day after a loss shortly before midnight is another pass; a won with a time half a minute later is not."""
    rows = changes(
        "A,mql,2026-02-01T09:00:00Z", "A,lost,2026-02-03T23:59:50Z", "A,won,2026-02-04",
        "B,mql,2026-02-01T09:00:00Z", "B,lost,2026-02-03T23:59:50Z", "B,won,2026-02-04T00:00:20Z",
    )  # fmt: skip
    desk.imported(tables={"leads": leads("A", "B"), "stage_changes": rows})
    assert [row[:2] for row in desk.passes()] == [("A", 1), ("A", 2), ("B", 1)]


def test_a_date_is_out_of_order_by_its_day_alone(desk: Desk) -> None:
    """A: accepted on the day on which an SQL has a time. B: the day after one."""
    rows = changes(
        "A,sql,2026-02-03T11:00:00Z", "A,mql,2026-02-03T15:00:00Z", "A,sal,2026-02-03",
        "B,mql,2026-02-03T15:00:00Z", "B,sql,2026-02-05T09:00:00Z", "B,sal,2026-02-06",
    )  # fmt: skip
    desk.imported(tables={"leads": leads("A", "B"), "stage_changes": rows})
    assert desk.rows("select lead_id, is_out_of_order from episodes join leads using (lead_no) order by 1") == [("A", False), ("B", True)]


# Whose day it is


@pytest.mark.parametrize("zone", ["America/Bogota", "Asia/Kathmandu", "Pacific/Apia", BERLIN])
def test_a_date_is_a_day_of_the_organisation_whatever_zone_the_file_declares(desk: Desk, zone: str) -> None:
    mapping = f"""
time_zone: UTC
organisation: {{time_zone: {zone}, data_through: 2026-06-30}}
files:
  - file: people.csv
    tables:
      leads: {{lead_id: id, created_at: day}}
      stage_changes: [{{lead_id: id, stage: {{value: mql}}, occurred_at: {{column: german, date_format: "%d.%m.%Y"}}}}]
      deals: [{{deal_id: id, lead_id: id, closed_at: day}}]
"""
    days = [date(2026, 3, 2) + timedelta(days=number) for number in range(40)]
    people = "\n".join(["id,day,german", *(f"L{number:02},{day},{day:%d.%m.%Y}" for number, day in enumerate(days))])
    outcome = desk.imported(mapping, tables={"people": people})
    assert outcome.days == {"leads": 40, "stage_changes": 40}
    assert [row[2] for row in desk.passes()] == [str(day) for day in days]
    local = f"timezone('{zone}', timezone('UTC', closed_at))"
    assert desk.rows(f"select {local}::varchar from history.canonical.deals order by deal_id") == [(f"{day} 00:00:00",) for day in days]


@pytest.mark.parametrize("zone", ["UTC", "America/Bogota"])
def test_the_quick_and_the_careful_way_and_parquet_agree_on_dates(desk: Desk, zone: str) -> None:
    texts = ["2026-03-02", "2026-03-03T00:00:00", "2026-03-04 10:00:00Z", "2026-03-05"]
    rows = [f"A,mql,{text}" for text in texts]
    seen = []
    for told in (changes(*rows), changes(*rows, "A,mql,nonsense"), changes(*rows, "A,mql,2026-W10-1")):
        desk.imported(tables={"leads": leads(), "stage_changes": told}, time_zone=zone)
        seen.append(desk.rows("select occurred_at, is_day from stage_changes order by row_no"))
    assert seen[0] == seen[1] == seen[2][:4]
    assert [is_day for _, is_day in seen[2]] == [True, False, False, True, True]
    assert seen[2][4] == seen[2][0]
    typed = pl.DataFrame({"lead_id": ["A"] * 2, "stage": ["mql"] * 2, "occurred_at": [date(2026, 3, 2), date(2026, 3, 5)]})
    desk.imported(tables={"leads": leads(), "stage_changes": typed}, time_zone=zone)
    assert desk.rows("select occurred_at, is_day from stage_changes order by row_no") == [seen[0][0], seen[0][3]]


# Midnights that an export pads

MAPPED = """time_zone: UTC
files:
  - file: leads.csv
    tables: {leads: {lead_id: lead_id, created_at: created_at}}
  - file: stage_changes.csv
    tables: {stage_changes: {lead_id: lead_id, stage: {column: stage, labels: {mql: mql, opportunity: opportunity}}, occurred_at: occurred_at}}
"""


def padded(stage: str, count: int, first: int = 0, text: str = " 00:00:00") -> list[str]:
    return [f"L{number:03},{stage},{date(2026, 2, 1) + timedelta(days=number % 50)}{text}" for number in range(first, first + count)]


def test_a_stage_of_midnights_alone_is_of_days(desk: Desk) -> None:
    ids = [f"L{number:03}" for number in range(60)]
    mqls = [f"{lead_id},mql,{date(2026, 2, 1) + timedelta(days=number % 50)}T15:00:00Z" for number, lead_id in enumerate(ids)]
    outcome = desk.imported(MAPPED, tables={"leads": leads(*ids), "stage_changes": changes(*mqls, *padded("opportunity", 25))})
    assert outcome.days == {"stage_changes": 25}
    assert "times that all stand at midnight are taken for days without a time of day: stage_changes opportunity 25" in outcome.warnings
    history = desk.history()
    assert run(history, "speed/without_clock").rows() == [(60, 0)]
    assert run(history, "funnel/time_in_stage")["n"].to_list() == [0, 0, 0, 0]
    assert by_metric(history, "funnel/stages")["mql"]["reached_next"] == 25


@pytest.mark.parametrize(("midnights", "others", "days"), [(19, 0, 0), (20, 0, 20), (49, 1, 49), (40, 1, 0)])
def test_twenty_of_which_98_in_100_stand_at_midnight(desk: Desk, midnights: int, others: int, days: int) -> None:
    ids = [f"L{number:03}" for number in range(60)]
    rows = [*padded("mql", midnights), *padded("mql", others, midnights, "T11:07:00Z")]
    outcome = desk.imported(MAPPED, tables={"leads": leads(*ids), "stage_changes": changes(*rows)})
    assert outcome.days.get("stage_changes", 0) == days


@pytest.mark.parametrize("text", [" 00:00:00", "T00:00:00Z", "T00:00:00-05:00"])
def test_padded_days_keep_their_day_in_the_zone_of_the_organisation(desk: Desk, text: str) -> None:
    ids = [f"L{number:03}" for number in range(30)]
    outcome = desk.imported(
        MAPPED, tables={"leads": leads(*ids), "stage_changes": changes(*padded("mql", 30, text=text))}, time_zone="America/Bogota"
    )
    assert outcome.days == {"stage_changes": 30}
    assert [row[2] for row in desk.passes()] == [str(date(2026, 2, 1) + timedelta(days=number)) for number in range(30)]


@pytest.mark.parametrize("text", [" 00:00:00", "T00:00:00Z"])
def test_a_midnight_written_in_a_canonical_file_is_an_instant(desk: Desk, text: str) -> None:
    ids = [f"L{number:03}" for number in range(30)]
    outcome = desk.imported(tables={"leads": leads(*ids), "stage_changes": changes(*padded("mql", 30, text=text), *padded("sal", 30, text=text))})
    assert outcome.days == {}
    assert run(desk.history(), "funnel/time_in_stage")["n"].to_list()[0] == 30


def test_a_kind_at_midnight_beside_kinds_with_times_is_of_days_in_a_canonical_file_too(desk: Desk) -> None:
    ids = [f"L{number:03}" for number in range(30)]
    mqls = [f"{lead_id},mql,{date(2026, 2, 1) + timedelta(days=number)}T15:00:00Z" for number, lead_id in enumerate(ids)]
    desk.imported(tables={"leads": leads(*ids), "stage_changes": changes(*mqls, *padded("opportunity", 25))})
    assert run(desk.history(), "speed/without_clock").rows() == [(30, 0)]


def test_a_few_padded_rows_more_are_days_too_and_the_same_rows_bring_nothing(desk: Desk) -> None:
    ids = [f"L{number:03}" for number in range(40)]
    first = {"leads": leads(*ids), "stage_changes": changes(*padded("mql", 30))}
    desk.imported(MAPPED, tables=first, time_zone="America/Bogota")
    again = desk.imported(
        MAPPED, previous=True, append=True, time_zone="America/Bogota", tables={**first, "stage_changes": changes(*padded("mql", 5))}
    )
    assert (again.has_news, again.tables["stage_changes"]["kept"]) == (False, 0)


# No hour is made of a date


def test_a_touch_dated_the_day_of_the_mql_is_an_attempt_after_it(desk: Desk) -> None:
    touches = "lead_id,channel,occurred_at\nA,call,2026-02-03\nB,call,2026-02-02\nC,call,2026-02-03T15:20:00Z\nC,call,2026-02-05"
    rows = changes(*(f"{lead_id},mql,2026-02-03T15:00:00Z" for lead_id in "ABC"), "A,sal,2026-02-03T17:00:00Z", "C,won,2026-03-20T10:00:00Z")
    desk.imported(tables={"leads": leads("A", "B", "C"), "stage_changes": rows, "touches": touches})
    history = desk.history()
    [speed] = run(history, "speed/first_attempt").to_dicts()
    assert (speed["episodes"], speed["attempted"], speed["median"], speed["within_1h"], speed["within_5m"]) == (3, 2, 1200.0, 0.5, 0.0)
    assert history.query("select attempts, accepted_attempts, is_dated from follow_ups order by lead_no").rows() == [
        (1, 1, True),
        (0, 0, False),
        (2, 0, False),
    ]
    assert run(history, "persistence/gaps").rows() == []


def test_a_clock_of_dates_alone_is_none(desk: Desk) -> None:
    touches = "lead_id,channel,occurred_at\nA,call,2026-02-03T10:00:00Z"
    desk.imported(tables={"leads": leads(), "stage_changes": changes("A,mql,2026-02-03", "A,won,2026-03-20"), "touches": touches})
    [speed] = run(desk.history(), "speed/first_attempt").to_dicts()
    assert (speed["episodes"], speed["attempted"], speed["median"], speed["within_5m"], speed["within_24h"]) == (1, 1, None, None, None)


def test_a_window_counts_days_where_an_end_is_a_date(desk: Desk) -> None:
    """14 days later by the calendar, an hour longer than 14 x 24 where clocks go back, or to whatever time of that day."""
    rows = changes("A,mql,2026-10-15", "A,sal,2026-10-29", "B,mql,2026-10-15", "B,sal,2026-10-29T18:00:00Z", "C,mql,2026-10-15", "C,sal,2026-10-30")
    desk.imported(tables={"leads": leads("A", "B", "C"), "stage_changes": rows}, time_zone=BERLIN, data_through="2026-12-31")
    assert (by_metric(desk.history(), "funnel/stages")["mql"]["converted"]) == 2


def test_a_curve_of_dates_rises_at_whole_days(desk: Desk) -> None:
    rows = changes(
        "A,mql,2026-02-03", "A,sal,2026-02-03T18:00:00Z", "B,mql,2026-02-03T18:00:00Z", "B,rejected,2026-02-05",
        "C,mql,2026-02-03T18:00:00Z", "C,sal,2026-02-03T19:30:00Z",
    )  # fmt: skip
    desk.imported(tables={"leads": leads("A", "B", "C"), "stage_changes": rows})
    told = run(desk.history(), "funnel/incidence", parameters={"stage": "mql"}).rows()
    assert told == [("advanced", 0, 1), ("advanced", 2, 1), ("rejected", 48, 1)]


def test_a_history_of_before_days_were_marked_has_them_found_when_it_is_moved(desk: Desk) -> None:
    ids = [f"L{number:03}" for number in range(30)]
    tables = {"leads": leads(*ids), "stage_changes": changes(*padded("mql", 30, text=""), *padded("sal", 30, text="T11:00:00Z"))}
    desk.imported(tables=tables, time_zone=BERLIN)
    present = desk.rows("select occurred_at, is_day from stage_changes order by row_no")
    desk.opened.pop().close()
    old = duckdb.connect(str(desk.target))
    for name in ("leads", "stage_changes", "lead_changes", "assignments", "touches", "activities"):
        old.execute(f"alter table canonical.{name} drop column is_day")
    old.execute("update about set format = 5")
    old.close()
    migrate(desk.target)
    assert desk.rows("select occurred_at, is_day from stage_changes order by row_no") == present


# What is said of it


def test_closings_that_close_nothing_are_said(desk: Desk) -> None:
    outcome = desk.imported(
        tables={"leads": leads("A", "B"), "stage_changes": changes("A,lost,2026-02-03", "B,rejected,2026-02-03", "B,mql,2026-02-04")}
    )
    assert outcome.warnings == ["closings with no pass open before them, which close nothing: 2 (lost 1, rejected 1)"]


# The end of the extract


def test_a_history_that_ends_on_a_date_reaches_over_what_has_a_time_that_day(desk: Desk) -> None:
    tables = {
        "leads": leads(),
        "stage_changes": changes("A,mql,2026-02-01", "A,won,2026-02-03"),
        "touches": "lead_id,channel,occurred_at\nA,call,2026-02-03T10:00:00Z",
    }
    assert desk.imported(tables=tables).data_through == datetime(2026, 2, 3, 23, 59, 59, 999999)
    assert desk.imported(tables=tables, time_zone="America/Bogota").data_through == datetime(2026, 2, 4, 4, 59, 59, 999999)
    del tables["touches"]
    assert desk.imported(tables=tables).data_through == datetime(2026, 2, 3)


def test_a_date_on_the_day_of_the_end_counts(desk: Desk) -> None:
    desk.imported(tables={"leads": leads(), "stage_changes": changes("A,mql,2026-02-03", "A,sal,2026-02-04")}, data_through="2026-02-03T10:00:00Z")
    assert desk.passes() == [("A", 1, "2026-02-03", None, False)]


def events(count: int, *late: str) -> str:
    return changes(
        *(f"L{number % 100:03},mql,{datetime(2026, 1, 1, 9) + timedelta(hours=19 * number):%Y-%m-%dT%H:%M:%SZ}" for number in range(count)), *late
    )


@pytest.mark.parametrize(("count", "late", "is_refused"), [(300, 2, True), (300, 3, True), (297, 3, False), (99, 0, False), (290, 4, False)])
def test_a_few_events_far_behind_all_others_are_refused(desk: Desk, count: int, late: int, is_refused: bool) -> None:
    """Fewer than 1 in 100, more than 180 days later."""
    stragglers = [f"L00{number},won,2027-03-07T1{number}:00:00Z" for number in range(late)]
    tables = {"leads": leads(*(f"L{number:03}" for number in range(100))), "stage_changes": events(count, *stragglers)}
    if not is_refused:
        assert desk.imported(tables=tables).data_through.year == (2027 if late else 2026)
        return
    with pytest.raises(InputError, match="--data-through"):
        desk.imported(tables=tables)
    assert desk.imported(tables=tables, data_through="2026-09-01").data_through.year == 2026


def test_stages_that_all_stand_at_one_instant_have_no_times(desk: Desk) -> None:
    """Not so where touches have times of their own: then the leads were handed over at once, and what came after took its time."""
    ids = [f"L{number:02}" for number in range(60)]
    rows = changes(*(f"{lead_id},mql,2026-01-05T09:30:00Z" for lead_id in ids), *(f"{lead_id},won,2026-01-06T09:30:00Z" for lead_id in ids[:20]))
    tables = {"leads": leads(*ids), "stage_changes": rows}
    outcome = desk.imported(tables=tables, data_through="2026-12-31")
    assert "all stand at one instant" in outcome.warnings[0]
    assert run(desk.history(), "funnel/time_in_stage")["n"].to_list() == [0, 0, 0, 0]
    assert desk.history().recorded.thing("stage:mql").grain == "one_instant"
    hour_later = tables | {"stage_changes": rows.replace("2026-01-06T09:30:00Z", "2026-01-05T10:30:00Z")}
    assert desk.imported(tables=hour_later, data_through="2026-12-31").days == {}
    assert run(desk.history(), "funnel/time_in_stage")["median"].to_list()[0] == 3600.0
    tables["touches"] = "lead_id,channel,occurred_at\nL00,call,2026-01-05T10:30:00Z\nL01,call,2026-01-05T11:00:00Z"
    assert desk.imported(tables=tables, data_through="2026-12-31").days == {}
    assert run(desk.history(), "speed/first_attempt")["within_1h"].to_list() == [1 / 60]


def test_the_account_says_of_each_thing_whether_it_has_times(desk: Desk) -> None:
    ids = [f"L{number:02}" for number in range(60)]
    rows = [f"{lead_id},mql,2026-02-{number % 28 + 1:02}T{number % 24:02}:11:00Z" for number, lead_id in enumerate(ids)]
    rows += [f"{lead_id},won,2026-03-{number % 28 + 1:02}" for number, lead_id in enumerate(ids[:30])]
    desk.imported(tables={"leads": leads(*ids), "stage_changes": changes(*rows)}, time_zone=BERLIN)
    recorded = desk.history().recorded
    assert [(recorded.thing(f"stage:{name}").grain, recorded.thing(f"stage:{name}").day_rows) for name in ("mql", "won")] == [
        ("instant", 0),
        ("day", 30),
    ]


# The screens' words, and the command line


def test_waits_in_days_are_of_the_calendar(desk: Desk) -> None:
    zone = time_zone("America/Bogota")

    def local(at: np.ndarray) -> np.ndarray:
        return at - 5 * HOUR

    days = [date(2026, 3, 2) + timedelta(days=number) for number in range(30)]
    rows = changes(*(f"L{number:02},mql,{day}" for number, day in enumerate(days)))
    touches = "\n".join(
        ["lead_id,channel,occurred_at", *(f"L{number:02},call,{day + timedelta(days=number % 2)}T23:10:00-05:00" for number, day in enumerate(days))]
    )
    tables = {"leads": leads(*(f"L{number:02}" for number in range(30))), "stage_changes": rows, "touches": touches}
    desk.imported(tables=tables, time_zone=zone.key, data_through="2026-06-30")
    waits = from_frame(run(desk.history(), "speed/waits"), 1_782_000_000_000_000)
    assert (waits.share_dated("mql"), waits.share_dated("attempt"), waits.has_no_clock.all()) == (1.0, 0.0, True)
    told = waits.by_day(local)
    assert sorted({int(wait) for wait in told.attempt - told.mql}) == [0, DAY]
    assert within(delays(told, "total"), DATED_LIMITS["the day itself"]) == (15, 30)


def test_an_import_counts_dates_and_a_check_counts_closings_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("lead_id,created_at\nA,2026-01-01\nB,2026-01-02\n", encoding="utf-8")
    (tmp_path / "stage_changes.csv").write_text("lead_id,stage,occurred_at\nA,mql,2026-01-03\nB,lost,2026-01-04T10:00:00Z\n", encoding="utf-8")
    target = tmp_path / "h.duckdb"
    first, again = (plumbline("import", "canonical", tmp_path, "--history", target, "--format", "json").json for _ in range(2))
    assert first["days"] == again["days"] == {"leads": 2, "stage_changes": 1}
    assert (first["is_new"], again["is_new"]) == (True, False)
    told = {row["name"]: row for row in plumbline("check", "--history", target, "--format", "json").json}
    assert told["data"]["ok"]
    assert told["data"]["detail"].endswith("exits with no pass open before them, which close nothing: 1")


def test_the_funnel_says_which_exits_close_nothing() -> None:
    rows = pl.DataFrame({"stage": ["lost", "rejected"], "n": [2, 1]})
    assert stray_note(rows) == "3 exits have no pass open before them (2 lost and 1 rejected): they close nothing and are in no figure."
    assert stray_note(rows[1:]) == "1 exit has no pass open before it (1 rejected): it closes nothing and is in no figure."
    assert stray_note(rows[:0]) == ""


def test_a_pattern_without_a_time_of_day_says_that_a_column_holds_days(desk: Desk) -> None:
    """However few: midnights that an export pads are named as such by a pattern that holds them as they stand."""
    mapping = """
time_zone: UTC
organisation: {time_zone: America/Bogota, data_through: 2026-06-30}
files:
  - file: leads.csv
    tables:
      leads: {lead_id: Id, created_at: Created}
      stage_changes:
        - {lead_id: Id, stage: {value: mql}, occurred_at: Created}
        - {lead_id: Id, stage: {value: opportunity}, occurred_at: {column: Converted, date_format: "%Y-%m-%d 00:00:00"}}
"""
    desk.imported(mapping, tables={"leads": "Id,Created,Converted\nA,2026-03-02 20:00:00,2026-03-02 00:00:00"})
    assert desk.rows("select pass_no, mql_is_day, opportunity_is_day, mql_day = opportunity_day, is_out_of_order from episodes") == [
        (1, False, True, True, False)
    ]


def test_a_merged_lead_keeps_the_day_on_which_it_was_created(desk: Desk) -> None:
    """The earliest creation counts, a day or not; from a day on the 90 days until the MQL are counted by the calendar."""
    tables = {
        "leads": "lead_id,created_at\nA,2026-01-05T09:00:00Z\nB,2026-01-01\nC,2026-01-01T00:00:00Z",
        "merges": "lead_id,into_lead_id,merged_at\nB,A,2026-01-06",
        "stage_changes": changes("A,mql,2026-04-01T18:00:00Z", "C,mql,2026-04-01T18:00:00Z"),
    }
    desk.imported(tables=tables, data_through="2026-12-31")
    assert desk.rows("select lead_id, micros_to_first_pass / 86400000000 from leads order by 1") == [("A", 90.0), ("C", 90.75)]
    assert run(desk.history(), "funnel/inquiries", parameters={"grain": "month"})["converted"].to_list() == [1]
