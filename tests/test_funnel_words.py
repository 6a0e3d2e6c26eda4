"""The sentences of the Funnel, on frames made by hand."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from plumbline.ui import funnel_words as words
from plumbline.ui.text import Bold, Link

DAYS = {"mql": 14.0, "sal": 45.0, "sql": 45.0, "opportunity": 180.0}
STAGES = ("mql", "sal", "sql", "opportunity", "won")


def stages(**mql: int) -> pl.DataFrame:
    """A funnel whose MQL row is given; the others are empty."""
    empty = dict.fromkeys(("entered", "reached_next", "rejected", "recycled", "lost", "open_in_window", "open_past_window", "mature", "converted"), 0)
    rows = []
    for stage in STAGES:
        row = {"stage": stage, **empty, **(mql if stage == "mql" else {})}
        row["conversion"] = row["converted"] / row["mature"] if row["mature"] else None
        rows.append(row)
    return pl.DataFrame(rows)


def observed(**seen: tuple[int, int]) -> pl.DataFrame:
    rows = [{"stage": stage, "reached": seen.get(stage, (1, 1))[0], "observed": seen.get(stage, (1, 1))[1]} for stage in STAGES]
    return pl.DataFrame(rows).with_columns(implied=pl.col("reached") - pl.col("observed"), without_actor=pl.lit(0), out_of_order=pl.lit(0))


def href(**more: object) -> str:
    return "leads?" + "&".join(f"{name}={value}" for name, value in more.items())


def told(parts: list) -> str:
    return "".join(part.text if isinstance(part, Bold | Link) else part for part in parts)


def test_headline_says_acceptance_with_its_n() -> None:
    now = stages(entered=120, reached_next=60, rejected=20, recycled=5, lost=5, open_past_window=20, open_in_window=10, mature=100, converted=58)
    assert told(words.headline(now, None, observed(), DAYS, href)) == (
        "58 % of 100 leads handed over were accepted by sales within 14 days; 20 still wait past that window and 30 were sent back or dropped"
    )


def test_headline_calls_a_small_difference_chance() -> None:
    now, before = stages(entered=100, mature=100, converted=58), stages(entered=100, mature=100, converted=55)
    assert "a difference that chance alone could make" in told(words.headline(now, before, observed(), DAYS, href))


def test_headline_says_a_large_difference_in_the_figures_shown() -> None:
    now, before = stages(entered=1000, mature=1000, converted=476), stages(entered=1000, mature=1000, converted=554)
    assert "48 % of 1,000 leads" in (sentence := told(words.headline(now, before, observed(), DAYS, href)))
    assert "against 55 % of 1,000 in the period before, down 7 points" in sentence
    dated = told(words.headline(now, before, observed(), DAYS, href, then="from 1 Sep to 30 Nov 2025"))
    assert "against 55 % of 1,000 from 1 Sep to 30 Nov 2025" in dated


@pytest.mark.parametrize(("entered", "mature", "expected"), [(0, 0, "No leads were handed over"), (50, 12, "Too few to say")])
def test_headline_when_there_is_little_to_say(entered: int, mature: int, expected: str) -> None:
    assert told(words.headline(stages(entered=entered, mature=mature), None, observed(), DAYS, href)).startswith(expected)


def test_headline_of_a_history_without_acceptances_does_not_speak_of_acceptance() -> None:
    frame = stages(entered=8000, mature=8000, converted=412).with_columns(entered=pl.Series([8000, 842, 842, 842, 842]))
    seen = observed(mql=(8000, 8000), sal=(842, 0), sql=(842, 0), opportunity=(842, 0), won=(842, 842))
    sentence = told(words.headline(frame, None, seen, DAYS, href))
    assert (
        sentence == "842 of 8,000 leads handed over reached Won so far (11 %); SAL, SQL and Opportunity are not recorded in these data, only implied"
    )
    assert [figure.unit for figure in words.strip(frame, None, seen, DAYS, href)] == ["not recorded"] * 4


def test_strip_hides_what_is_too_few_to_say() -> None:
    figures = words.strip(stages(entered=40, mature=29, converted=20, open_in_window=4), None, observed(), DAYS, href)
    assert figures[0].value == "too few"
    assert figures[0].n == "of 29, 4 still in window"
    assert "11 entered too lately to count here; 4 of them are still in window" in figures[0].meaning


def test_a_way_out_that_is_never_recorded_is_said() -> None:
    assert words.never_recorded(stages(entered=40, rejected=2)) == ("recycled", "lost")
    assert words.never_recorded(stages()) == ()
    assert words.never_note(()) == ""
    assert "no lead as sent back, recycled or lost" in words.never_note(("rejected", "recycled", "lost"))


def test_a_step_ends_at_the_next_stage_that_is_recorded() -> None:
    assert words.step("mql") == "MQL → SAL"
    assert words.step("mql", ("sal", "sql", "opportunity")) == "MQL → Won"


def test_reach_is_said_only_where_leads_before_should_have_shown_it() -> None:
    begins = datetime(2017, 12, 5, 4)
    row = {"stage": "mql", "recorded_from": begins, "usual_seconds": 1.0, "entered_before": 1620, "expected_by_then": 85.2}
    assert "1,620 leads handed over before" in words.reach_notes(pl.DataFrame([row]), None, "UTC")[0]
    assert words.reach_notes(pl.DataFrame([{**row, "expected_by_then": 4.9}]), None, "UTC") == []
    assert words.reach_notes(pl.DataFrame([row]), datetime(2018, 1, 1), "UTC") == []


def test_difference_interval_of_newcombe() -> None:
    """Newcombe 1998, table II, method 10: 56/70 against 48/80 gives 0.0524 to 0.3339."""
    low, high = words.difference_interval(56, 70, 48, 80)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
