"""Titles of pictures: a finding where the data say one, else the question."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from plumbline.ui import findings, widen
from tests.test_funnel_words import stages


def cohorts(*counts: tuple[int, int]) -> pl.DataFrame:
    """(mature, converted) of each week from 3 Aug 2026 on."""
    return pl.DataFrame(
        [
            {"cohort": date(2026, 8, 3) + timedelta(weeks=week), "stage": "mql", "mature": mature, "converted": converted}
            for week, (mature, converted) in enumerate(counts)
        ]
    )


def test_the_funnel_names_its_largest_leak() -> None:
    frame = stages(entered=100, reached_next=40, open_past_window=30, rejected=20, open_in_window=10)
    assert findings.funnel(frame) == "Most leads leak at MQL: 50 of 100 left, or still wait past the window"
    assert findings.funnel(frame, ("sal", "sql", "opportunity")) == "50 of 100 leads that entered MQL have not gone on"
    assert findings.funnel(stages(entered=100, open_past_window=30)) == "Most leads leak at MQL: 30 of 100 still wait past the window"
    assert findings.funnel(stages(entered=10, rejected=5)).endswith("?")


def test_a_trend_is_said_only_beyond_chance() -> None:
    fell = findings.trend(cohorts(*[(200, 120)] * 2, *[(200, 60)] * 2), "mql", (), "week")
    assert fell == "MQL → SAL fell from 60 % to 30 % for leads handed over from 17 Aug 2026 on"
    assert "no more than chance" in findings.trend(cohorts(*[(50, 25), (50, 27)] * 2), "mql", (), "week")
    assert findings.trend(cohorts((20, 10), (20, 2)), "mql", (), "week") == "Does MQL → SAL change over time?"


def test_a_trend_leaves_out_what_was_not_recorded_and_what_is_young() -> None:
    frame = cohorts((200, 0), (200, 0), (200, 100), (200, 101), (200, 1))
    told = findings.trend(frame, "mql", ("sal",), "week", begins=date(2026, 8, 17), early=date(2026, 8, 31))
    assert told.startswith("MQL → SQL stayed near 50 %")


def test_outcomes_say_when_half_got_there_or_how_many_did() -> None:
    names = ["time", "advanced", "rejected", "recycled", "lost"]
    curve = pl.DataFrame([(0.0, 0.0, 0.0, 0.0, 0.0), (86400.0 * 12, 0.5, 0.1, 0.0, 0.0)], schema=names, orient="row")
    assert findings.outcomes(curve, "sal", (), 100, 86400 * 45) == "Half of the leads that enter SAL reach SQL within 12 days"
    slow = curve.with_columns(advanced=pl.col("advanced") / 2)
    assert findings.outcomes(slow, "sal", (), 100, 86400 * 45) == "45 days after entering SAL, 25 % have reached SQL and 10 % have left"
    assert findings.outcomes(curve, "sal", (), 29, 86400 * 45) == "When do leads leave SAL, and how?"


def test_segments_differ_only_beyond_chance() -> None:
    frame = pl.DataFrame({"value": ["web", None, "tiny"], "mature": [200, 200, 4], "converted": [150, 60, 4]})
    assert findings.breakdown(frame, "source") == "web goes on most often, 75 % of 200; Source not known least, 30 % of 200"
    same = frame.with_columns(converted=pl.Series([100, 101, 4]))
    assert findings.breakdown(same, "source") == "Source makes no difference beyond chance"
    assert findings.breakdown(frame.tail(1), "source") == "Does source make a difference?"
    assert findings.breakdown(frame.with_columns(converted=pl.lit(0)), "source") == "Source makes no difference beyond chance"


def test_activity_names_its_peak_and_leaves_out_what_is_not_over() -> None:
    months = [date(2026, month, 1) for month in (1, 2, 3, 4)]
    flow = pl.DataFrame({"period": months, "stage": ["mql"] * 4, "entries": [100, 180, 120, 999]})
    assert findings.activity(flow, "month", date(2026, 4, 1)) == "Most MQLs came in February 2026: 180, against 120 in a usual month"
    assert findings.activity(flow.head(1), "month", date(2026, 4, 1)).endswith("?")
    even = flow.with_columns(entries=pl.Series([100, 118, 96, 999]))
    assert findings.activity(even, "month", date(2026, 4, 1)) == "100 MQLs in a usual month; none had more than chance alone could bring"


def test_the_longest_stage_is_named_where_a_test_tells_it_from_the_next() -> None:
    day = 86_400.0
    summary = pl.DataFrame({"stage": ["mql", "sal"], "n": [40, 40], "median": [3 * day, 9 * day], "p90": [5 * day, 20 * day]})
    apart = pl.DataFrame({"stage": ["mql", "sal"], "low": [2 * day, 8 * day], "n": [40, 40]})
    assert findings.time_in_stage(summary, apart) == "Leads that go on stay longest in SAL: half of them 9 days or more"
    alike = pl.DataFrame({"stage": ["mql", "mql", "sal", "sal"], "low": [2 * day, 8 * day] * 2, "n": [20, 20, 19, 21]})
    assert findings.time_in_stage(summary, alike) == (
        "Half of the leads that go on stay 9 days or more in SAL, 3 days or more in MQL: no more than chance apart"
    )


def test_an_empty_answer_says_what_each_filter_takes_away() -> None:
    parts = widen.sentence([widen.Way("the period", 3074, "funnel?a"), widen.Way("region EMEA", 0, "funnel?b")])
    assert "".join(part if isinstance(part, str) else part.text for part in parts) == "Without the period: 3,074 leads · region EMEA: still none"
    assert [part.href for part in parts if not isinstance(part, str)] == ["funnel?a"]
