"""What the Speed and Persistence screens say and draw, from numbers made by hand; odd data never breaks a picture."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from plumbline import charts
from plumbline.charts import clock_axis
from plumbline.charts.waiting import Curve, thinned
from plumbline.charts.week_hours import block_of
from plumbline.clock import DAY
from plumbline.speed.around_closing import AFTER, BEFORE, NEITHER, side_of_closing
from plumbline.speed.delays import HOUR, MINUTE, Delays, Parts
from plumbline.speed.promise import Promise as TouchPromise
from plumbline.speed.promise import judge, missed
from plumbline.statistics import kaplan_meier
from plumbline.statistics.persistence import if_everyone_got
from plumbline.statistics.response import just_around_closing
from plumbline.ui.funnel_words import change_of_share
from plumbline.ui.persistence import words as persistence_words
from plumbline.ui.persistence.terms import Promise
from plumbline.ui.speed import desks, goes_with, hand_over, words
from plumbline.ui.text import Bold, Link

BAD = "<b>![x](http://elsewhere/y)</b> $x$ %{y} " + "long " * 30
MODES = ("light", "dark")
HREF = "speed?band={}".format


def said(parts: list) -> str:
    return "".join(part.text if isinstance(part, Bold | Link) else part for part in parts)


def waited(*rows: tuple[float, bool, float]) -> Delays:
    """(hours waited, whether it happened, age in hours)."""
    time, happened, age = (np.array(column) for column in zip(*rows, strict=True))
    return Delays((time * HOUR).astype(np.int64), happened.astype(bool), (age * HOUR).astype(np.int64), np.arange(len(rows)))


def test_the_headline_says_whether_the_promise_was_kept() -> None:
    rows = [(0.2, True, 900.0)] * 20 + [(30.0, True, 900.0)] * 60 + [(900.0, False, 900.0)] * 20 + [(1.0, False, 1.0)] * 5
    told, promise = waited(*rows), TouchPromise()
    found = judge(told, promise)
    assert (found.k, found.n, found.early, found.is_broken) == (20, 100, 5, True)
    now = words.tried(told, 108_000.0, None)
    sentence = words.headline(now, found, HREF, None, "")
    assert said(sentence) == (
        "20 % of 100 leads were tried within 24 hours of becoming an MQL, against 90 % promised; half are first tried within 1.2 days, "
        "and 25 of 105 have not been tried at all"
    )
    assert [part.href for part in sentence if isinstance(part, Link)] == ["speed?band=untried"]
    before = judge(waited(*[(0.2, True, 900.0)] * 60 + [(30.0, True, 900.0)] * 40), promise)
    assert "promised (down from 60 % of 100 before)" in said(words.headline(now, found, HREF, before, "before"))
    assert missed(told, promise).sum() == found.n - found.k
    assert words.quantiles(now, found, "wall").endswith("Too early to say of 5: they have not had the time promised.")


@pytest.mark.parametrize(
    ("in_time", "promise", "clock", "expected"),
    [
        (90, TouchPromise(), "wall", "90 % of 100 leads were tried within 24 hours of becoming an MQL: the promise of 90 % was kept; "),
        (89, TouchPromise("30 min"), "wall", "89 % of 100 leads were tried within 30 minutes of becoming an MQL, against 90 % promised; "),
        (
            89,
            TouchPromise("4 h", 80),
            "open",
            "89 % of 100 leads were tried within 4 hours of working time after becoming an MQL: the promise of 80 %",
        ),
        (90, TouchPromise("the day itself", 95, True), "wall", "90 % of 100 leads were tried on the day they became an MQL, against 95 % promised"),
    ],
)
def test_the_verdict_by_any_promise(in_time: int, promise: TouchPromise, clock: str, expected: str) -> None:
    told = waited(*[(0.2, True, 900.0)] * in_time + [(900.0, True, 999.0)] * (100 - in_time))
    assert said(words.headline(words.tried(told, 720.0, None), judge(told, promise), HREF, None, "", clock=clock)).startswith(expected)


def test_a_share_that_only_rounds_to_the_promised_one_is_just_under_it() -> None:
    told = waited(*[(0.2, True, 900.0)] * 179 + [(900.0, True, 999.0)] * 21)
    assert not judge(told, TouchPromise()).is_kept
    assert ", just under the 90 % promised" in said(words.headline(words.tried(told, 720.0, None), judge(told, TouchPromise()), HREF, None, ""))


def test_the_strip_marks_the_promised_limit_alone_and_only_where_broken() -> None:
    told = waited(*[(0.2, True, 900.0)] * 60 + [(30.0, True, 900.0)] * 40 + [(1.0, False, 1.0)] * 2)
    now = words.tried(told, 720.0, None)

    def strip(promise: TouchPromise) -> list[words.Figure]:
        return words.strip(now, judge(told, promise), HREF, None, None, "")

    broken = [figure for figure in strip(TouchPromise()) if figure.is_broken]
    assert [(figure.label, figure.n, figure.href) for figure in broken] == [
        ("Tried within 24 h", "90 % promised · of 100 · 2 too early", "speed?band=missed")
    ]
    assert not [figure for figure in strip(TouchPromise("24 h", 60)) if figure.is_broken]
    labels = [figure.label.removeprefix("Tried within ") for figure in strip(TouchPromise("4 h"))]
    assert labels == ["5 min", "30 min", "1 h", "4 h", "24 h", "48 h"]
    few = waited(*[(30.0, True, 900.0)] * 20)
    assert not judge(few, TouchPromise()).is_broken


@pytest.mark.parametrize(
    ("rows", "median", "expected"),
    [
        ([(1.0, True, 9.0)] * 12, 3600.0, "Too few to say: 12 leads became an MQL, 12 of them tried so far"),
        (
            [(1.0, True, 9.0)] * 10 + [(9.0, False, 9.0)] * 40,
            None,
            "Too few to say whether the promise was kept: 0 leads had the time for it; fewer than half are ever tried",
        ),
    ],
)
def test_thin_or_silent_data_is_said(rows: list, median: float | None, expected: str) -> None:
    told = waited(*rows)
    assert said(words.headline(words.tried(told, median, None), judge(told, TouchPromise()), HREF, None, "")).startswith(expected)


def test_medians_are_said_not_to_add_up_and_the_averages_that_do_stand_beside_them() -> None:
    assert words.sum_of_parts(Parts(2240, 3 * 3.6e9, 21 * 3.6e9), "wall") == (
        "The two middle values do not add up to the middle of the whole wait. Averages do: the 2,240 leads handed over and tried waited "
        "1 day on average, 3 h (13 %) until the hand-over to a rep and 21 h after it."
    )
    assert words.sum_of_parts(Parts(12, 1.0, 1.0), "wall").endswith("the whole wait.")
    assert "of working time on average" in words.sum_of_parts(Parts(100, 1e9, 1e9), "open")


def test_without_attempts_the_hand_over_is_still_told() -> None:
    handed = waited(*[(2.0, True, 99.0)] * 60 + [(99.0, False, 99.0)] * 20)
    assert (
        said(hand_over.headline(handed, 2 * HOUR, "wall"))
        == "Half of 80 leads were handed over to a rep within 2 h of becoming an MQL; 20 were never handed over"
    )
    assert "at once" in said(hand_over.headline(handed, 0.0, "wall"))
    assert said(hand_over.headline(handed, None, "wall")).startswith("Fewer than half of 80 leads are ever handed over")
    assert said(hand_over.headline(waited(*[(9.0, False, 9.0)] * 40), None, "wall")) == ("None of 40 leads of this choice has an owner on record")
    assert [(figure.value, figure.n) for figure in hand_over.strip(handed, {"1 h": HOUR, "24 h": 24 * HOUR}, "wall")] == [
        ("0 %", "of 80"),
        ("75 %", "of 80"),
    ]


def test_bands_add_up_and_their_edges_are_inclusive() -> None:
    rows = [(1 / 12, True, 99.0), (0.5, True, 99.0), (1.0, True, 99.0), (24.0, True, 99.0), (48.0, True, 99.0), (48.01, True, 99.0)]
    rows += [(99.0, False, 99.0), (47.9, False, 47.9), (48.0, False, 48.0)]
    bands = [words.BAND_NAMES[band] for band in words.band_of(waited(*rows))]
    assert bands == ["5m", "30m", "1h", "24h", "48h", "later", "never", "early", "never"]


def test_sides_of_closing() -> None:
    closings = np.array([0, DAY, 2 * DAY])
    at = np.array([-HOUR, 0, HOUR, 3 * HOUR, DAY - HOUR, DAY, 2 * DAY + 2 * HOUR, 2 * DAY + 2 * HOUR + 1])
    assert side_of_closing(at, closings, 2 * HOUR).tolist() == [BEFORE, AFTER, AFTER, NEITHER, BEFORE, AFTER, AFTER, NEITHER]
    assert side_of_closing(at, np.array([], np.int64), HOUR).tolist() == [NEITHER] * len(at)
    near = side_of_closing(np.array([40 * MINUTE, 80 * MINUTE]), np.array([0, 2 * HOUR]), 2 * HOUR)
    assert near.tolist() == [AFTER, BEFORE]


def test_the_comparison_around_closing_says_when_it_says_nothing() -> None:
    assert "says nothing about speed" in said(goes_with.closing_words(just_around_closing((100, 30, 20), (100, 31, 21)), "1 h"))
    assert "chance alone" in said(goes_with.closing_words(just_around_closing((100, 30, 60), (100, 31, 2)), "1 h"))
    told = said(goes_with.closing_words(just_around_closing((1000, 400, 600), (1000, 200, 20)), "1 h"))
    assert "40 % and 20 % of them became SQLs" in told
    assert "likely" in told
    assert "may differ in more than the hour" in told


def test_the_promise_in_words() -> None:
    assert Promise().in_words() == "3 calls and 3 emails in 14 days"
    assert (Promise(1, 0, 7).in_words(), Promise(1, 0, 7).attempts) == ("1 call in 7 days", 1)
    assert Promise(0, 0, 7).attempts == 6
    kept = {"episodes": 100, "mature": 80, "kept": 60, "share": 0.75}
    told = said(persistence_words.headline(kept, {"abandoned": 7}, Promise(), HREF))
    assert told == (
        "The promise of 3 calls and 3 emails in 14 days was kept, or no longer needed, for 75 % of 80 leads, against 90 % promised; 20 got "
        "less, and 7 were tried, never reached and left before attempt 6"
    )
    for percent, expected in ((75, "as promised (at least 75 %)"), (60, "as promised (at least 60 %)"), (76, "against 76 % promised")):
        assert expected in said(persistence_words.headline(kept, {"abandoned": 0}, Promise(percent=percent), HREF))
    almost = kept | {"kept": 597, "mature": 800, "share": 597 / 800}
    assert "just under the 75 % promised" in said(persistence_words.headline(almost, {"abandoned": 0}, Promise(percent=75), HREF))
    figure = persistence_words._promise(kept, None, "", Promise())
    assert figure.is_broken and not persistence_words._promise(kept, None, "", Promise(percent=70)).is_broken
    assert not persistence_words._promise(kept | {"mature": 12, "kept": 2}, None, "", Promise()).is_broken
    assert said(persistence_words.headline(kept | {"mature": 12}, {"abandoned": 0}, Promise(), HREF)).startswith("Too few to say")


def hazard_frame(*rows: tuple[int, int]) -> pl.DataFrame:
    told = [
        (place, n, k, k / n if n >= 30 else None, 0.0 if n >= 30 else None, 1.0 if n >= 30 else None) for place, (n, k) in enumerate(rows, start=1)
    ]
    schema = {"attempt": pl.Int64, "at_risk": pl.Int64, "contacted": pl.Int64, "hazard": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    return pl.DataFrame(told, schema=schema, orient="row")


def test_the_title_of_the_chances_says_a_change_only_beyond_chance() -> None:
    assert persistence_words.chance_title(hazard_frame((1000, 400), (500, 50))) == (
        "The chance of contact falls from 40 % at the first attempt to 10 % at attempt 2"
    )
    assert persistence_words.chance_title(hazard_frame((1000, 100), (500, 250))).startswith("The chance of contact rises")
    assert persistence_words.chance_title(hazard_frame((100, 40), (40, 15))).startswith("The chance of contact hardly changes")
    assert persistence_words.chance_title(hazard_frame((20, 4))) == "How likely does the next attempt reach the lead?"


def test_a_thinned_curve_keeps_its_shape_and_its_end() -> None:
    rng = np.random.default_rng(3)
    times = rng.exponential(4 * 3600, 20_000)
    whole = kaplan_meier(times, rng.random(20_000) < 0.8)
    thin = thinned(whole, 30 * 86_400.0)
    assert thin.height <= 302
    assert thin["time"].is_sorted()
    at = np.searchsorted(whole["time"].to_numpy(), thin["time"].to_numpy(), side="right") - 1
    assert np.allclose(whole["reached"].to_numpy()[at], thin["reached"].to_numpy())
    assert thinned(whole.head(1), 60.0).height == 2


def test_ticks_of_an_axis_of_days_are_days() -> None:
    assert clock_axis.ticks(60, 86_400)[1] == ["1 min", "5 min", "30 min", "1 h", "4 h", "24 h"]
    assert clock_axis.ticks(clock_axis.HALF_A_DAY, 8 * 86_400)[1] == ["1 day", "2 days", "4 days", "7 days"]


def test_hours_are_pooled_until_most_leads_can_be_judged() -> None:
    def week(n: int) -> pl.DataFrame:
        return pl.DataFrame(
            {"weekday": np.arange(168) // 24, "hour": np.arange(168) % 24, "arrivals": [n] * 168, "n": [n] * 168, "k": [n // 2] * 168}
        )

    assert [block_of(week(n)) for n in (30, 15, 10, 8, 1)] == [1, 2, 3, 4, 6]


@pytest.mark.parametrize("mode", MODES)
def test_every_picture_survives_odd_data_and_escapes_names(mode: str) -> None:
    curve = kaplan_meier([1.0, 5.0, 9.0], [True, False, True])
    empty_curve = kaplan_meier([], [])
    delays = {"value": [BAD, None], "passes": [40, 3], "handed": [40, 0], "system": [0.0, None], "human": [None, None], "is_few": [False, True]}
    ordered = pl.DataFrame({"value": [BAD, "b"], "k": [3, 0], "n": [40, 0]})
    matrix = pl.DataFrame({"calls": [0, 6], "emails": [0, 6], "leads": [100, 3], "old_enough": [90, 0], "qualified": [0, 0]})
    ways = pl.DataFrame(
        {
            "limit": ["1 h", "1 h", "1 h"],
            "way": ["crude", "standardised", "weighted"],
            "difference": [0.1, -0.2, None],
            "low": [0.0, -0.4, None],
            "high": [0.2, 0.1, None],
            "n": [100, 80, 0],
            "note": ["", "", "too unlike to weight"],
        }
    )
    hours = pl.DataFrame({"weekday": [0], "hour": [0], "arrivals": [0], "n": [0], "k": [0]})
    band = if_everyone_got([1, 2, 3] * 40, [1, 0, 3] * 40, [False, True, False] * 40)
    made = [
        charts.waiting_curve([Curve("a", curve), Curve("b", empty_curve, "contact")], mode=mode),
        charts.waiting_curve([Curve("b", empty_curve)], mode=mode),
        charts.two_delays(pl.DataFrame(delays, schema_overrides={"system": pl.Float64, "human": pl.Float64}), mode=mode),
        charts.ordered_shares(ordered, mode=mode),
        charts.ordered_shares(ordered.clear(), mode=mode),
        charts.touch_matrix(matrix, mode=mode),
        charts.touch_matrix(matrix.clear(), mode=mode),
        charts.associations(ways, mode=mode),
        charts.associations(ways.with_columns(difference=pl.lit(None, pl.Float64)), mode=mode),
        charts.week_hours(hours, mode=mode),
        charts.response_sum([("5m", 3), ("never", 0)], mode=mode),
        charts.response_sum([], mode=mode),
        charts.attempt_hazards(hazard_frame((1000, 400), (500, 50), (12, 3)), mode=mode, break_even=0.2, promised=1),
        charts.attempt_hazards(hazard_frame((12, 3)), mode=mode),
        charts.if_everyone_got(band, mode=mode),
        charts.if_everyone_got(band.clear(), mode=mode),
    ]
    for figure in made:
        drawn = figure.to_json()
        assert "<b>![x]" not in drawn
        assert figure.layout.height


def test_every_picture_has_its_finding_in_words() -> None:
    assert "100 %" in charts.waiting_curve_alt([Curve("first attempt", kaplan_meier([1.0], [True]))])
    assert charts.response_sum_alt([("5m", 3), ("never", 1)]) == "4 leads: 3 within 5 min, 1 never tried."
    assert charts.attempt_hazards_alt(hazard_frame((1000, 400))) == "Chance of contact: 40 % of 1,000 at attempt 1."
    matrix = pl.DataFrame({"calls": [0, 3], "emails": [0, 4], "leads": [100, 3], "old_enough": [90, 0], "qualified": [0, 0]})
    assert charts.touch_matrix_alt(matrix) == "Calls by emails: 3 of 103 leads got 3 calls and 3 emails or more; 100 got neither."


def test_the_comparison_around_closing_tempers_the_title() -> None:
    opinion = goes_with._second_opinion
    assert opinion(None) == ""
    assert opinion(just_around_closing((20, 5, 15), (20, 5, 1))) == ""
    assert opinion(just_around_closing((300, 90, 90), (300, 90, 88))) == ""
    assert "no difference is seen" in opinion(just_around_closing((300, 90, 200), (300, 92, 8)))
    assert opinion(just_around_closing((1000, 400, 600), (1000, 200, 20))) == "; around closing time too"
    assert "the other way round" in opinion(just_around_closing((1000, 200, 600), (1000, 400, 20)))


def test_a_time_below_the_shortest_stands_at_the_edge_and_a_longer_one_where_it_belongs() -> None:
    rows = pl.DataFrame(
        {"value": ["a", "b", "c"], "passes": 90, "handed": 80, "system": [0.0, 45.0, 60.0], "human": [12.0, 3600.0, None], "is_few": False}
    )
    drawn = charts.two_delays(rows, shortest=30.0)
    ends = [trace.x[0] for trace in drawn.data if trace.mode == "markers"]
    assert ends == pytest.approx([math.log10(seconds) for seconds in (30, 45, 60, 30, 3600)])
    assert drawn.layout.xaxis.range[0] == pytest.approx(math.log10(30))
    assert all(trace.cliponaxis is False for trace in drawn.data if trace.mode == "markers")


def test_the_curve_says_its_times_once_and_the_promise_above() -> None:
    curve = Curve("first attempt", kaplan_meier([60.0, 600.0, 90_000.0], [True, True, False]))
    drawn = charts.waiting_curve([curve], marks=[(300.0, ""), (86_400.0, "promised: 90 % within 24 h")])
    above = [note.text for note in drawn.layout.annotations if note.y == 1]
    assert above == ["promised: 90 % within 24 h"]
    assert "5 min" in drawn.layout.xaxis.ticktext


def test_both_screens_say_by_how_many_leads_they_differ() -> None:
    assert words.clockless(3074, 41) == (
        "41 more leads have no MQL of their own, only a later stage: without a clock here, counted by Persistence, which has 3,074."
    )
    assert persistence_words.clockless(3074, 41) == (
        "41 of 3,074 leads have no MQL of their own, only a later stage: counted here from that on, left out by Speed to lead, which has 3,033."
    )
    assert words.clockless(3074, 0) == persistence_words.clockless(3074, 0) == ""


def test_open_leads_stand_against_the_most_also_where_nobody_has_more() -> None:
    details = {"r1": ("Ann", "North", None), "r2": ("Bo", "", None)}
    none_over, one_over = desks.table({"r1": 30, "r2": 80}, details, 500), desks.table({"r1": 30, "r2": 80, "7": 30}, details, 50)
    assert none_over.rows() == [("Bo", "", 80, False), ("Ann", "North", 30, False)]
    assert desks.title(none_over, 500) == "No rep has more than 500 open leads; most has Bo, 80"
    assert one_over["rep"].to_list() == ["Bo", "7", "Ann"]
    assert desks.title(one_over, 50) == "1 rep has more than 50 open leads; most has Bo, 80"
    assert desks.table({}, details, 500).is_empty()


def test_a_change_of_a_few_leads_is_said_to_be_perhaps_chance() -> None:
    assert change_of_share(40, 100, 48, 100, "before") == (
        "−8 points, maybe chance",
        "Against 48 % of 100 before: no more than chance alone could bring.",
    )
    assert change_of_share(400, 1000, 480, 1000, "before") == ("−8 points", "Against 48 % of 1,000 before.")
    assert change_of_share(40, 100, 40, 100, "before")[0] == "no change"
    assert change_of_share(10, 29, 40, 100, "before") == ("", "")
    few, then = (judge(waited(*[(0.2, True, 900.0)] * k + [(30.0, True, 900.0)] * (100 - k)), TouchPromise()) for k in (40, 48))
    told = waited(*[(0.2, True, 900.0)] * 40 + [(30.0, True, 900.0)] * 60)
    assert "(48 % before: no more than chance apart)" in said(words.headline(words.tried(told, 720.0, None), few, HREF, then, "before"))
    kept = {"episodes": 100, "mature": 100, "kept": 40, "share": 0.4}
    assert persistence_words._promise(kept, kept | {"kept": 48, "share": 0.48}, "before", Promise()).change == "−8 points, maybe chance"
