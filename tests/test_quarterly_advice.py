"""Raise, keep, loosen, drop: the rule, line by line; the prediction's verdicts; quarters and their weeks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from plumbline.agreement.model import Promise, Within
from plumbline.agreement.scorecard import Row, needed_of
from plumbline.errors import InputError
from plumbline.meeting import quarters
from plumbline.meeting.advice import advised, higher, kept_at, reached
from plumbline.meeting.foretold import mean_verdict, of_weeks, share_verdict
from plumbline.meeting.quarter import Advice
from plumbline.statistics import wilson
from plumbline.statistics.differences import Share
from tests.figures import measured

NINE_TENTHS = Promise("first_touch", Decimal("0.9"), Within(30, "m"))
VOLUME = Promise("volume", leads=390)
LOAD = Promise("open_leads", Decimal("1.0"), per_rep=500)


def row(met: int, n: int, promise: Promise = NINE_TENTHS) -> Row:
    needed = needed_of(promise, n)
    status = "no_data" if not n else "too_few" if n < 5 else "met" if met >= needed else "missed"
    return Row("sales", promise.kind, 0.9, met / n if n else None, n, met, n - met, 0, 0, needed, max(0, needed - met), status)


def volume_row(n: int, needed: int) -> Row:
    return Row("marketing", "volume", needed, n, n, n, None, None, None, needed, max(0, needed - n), "met" if n >= needed else "missed")


def asked(weeks: list[tuple[int, int]], promise: Promise = NINE_TENTHS, why: str = "") -> Advice:
    rows = [row(met, n, promise) for met, n in weeks]
    n, met = sum(one.n for one in rows), sum(one.met for one in rows)
    low, high = wilson(met, n) if n and promise.kind != "open_leads" else (None, None)
    return advised(promise, rows, low, high, Fraction(0), why)


@pytest.mark.parametrize(
    ("weeks", "question", "because"),
    [
        ([(40, 40)] * 12, "raise", "room"),
        ([(40, 40)] * 11 + [(30, 40)], "raise", "room"),  # 11 of 12 weeks are nearly all, and 98 % of 480 lies above 95 %
        ([(40, 40)] * 11 + [(20, 40)], "keep", "no_room"),
        ([(38, 40)] * 12, "keep", "no_room"),
        ([(7, 7)] * 5, "keep", "no_room"),  # every one, and yet too few to speak for more
        ([(40, 40)] * 9 + [(10, 40)] * 3, "keep", "short"),
        ([(37, 40)] * 6 + [(35, 40)] * 6, "keep", "mixed"),
        ([(20, 40)] * 12, "loosen", "broken"),
        ([(20, 40)] * 11 + [(40, 40)], "loosen", "broken"),
        ([(20, 40)] * 10 + [(40, 40)] * 2, "keep", "short"),  # broken in 10 of 12: not in nearly all of them
        ([(35, 40)] * 13, "keep", "short_by_chance"),
        ([(40, 40)] * 3, "too_few", "weeks"),
        ([(0, 40)] * 3 + [(0, 3)] * 9, "too_few", "weeks"),
        ([(5, 5)] * 5, "too_few", "items"),
        ([(0, 0)] * 13, "too_few", "weeks"),
        ([], "too_few", "weeks"),
    ],
)
def test_a_share(weeks: list[tuple[int, int]], question: str, because: str) -> None:
    told = asked(weeks)
    assert (told.question, told.because) == (question, because)


def test_what_cannot_be_measured_is_to_be_dropped_and_nothing_else() -> None:
    assert asked([(0, 0)] * 13, why="cannot be measured") == Advice("drop", "not_measured")
    assert not any(asked([(k, 4)] * n).question in ("drop", "raise", "loosen") for n in range(14) for k in (0, 4))


def test_a_share_names_another_that_the_weeks_would_have_kept() -> None:
    assert asked([(40, 40)] * 12) == Advice("raise", "room", 0.95, 12)
    weeks = [(20, 40)] * 9 + [(10, 40)] * 3
    assert asked(weeks) == Advice("loosen", "broken", 0.5, 9)
    assert reached([row(met, n) for met, n in weeks]) == Decimal("0.5")
    assert kept_at([row(27, 30)], Decimal("0.9")) == 1 and kept_at([row(26, 30)], Decimal("0.9")) == 0


@pytest.mark.parametrize(("share", "told"), [("0.9", "0.95"), ("0.8", "0.9"), ("0.95", "0.97"), ("0.5", "0.75"), ("0.99", "0.99"), ("1", "1")])
def test_the_next_share_is_half_way_to_all(share: str, told: str) -> None:
    assert higher(Decimal(share)) == Decimal(told)
    assert higher(Decimal(share)) >= Decimal(share)


def test_all_of_them_cannot_be_raised() -> None:
    every = Promise("reason", Decimal("1.0"))
    assert asked([(40, 40)] * 12, every) == Advice("keep", "at_the_top")


def test_open_leads_are_loosened_by_their_number_and_never_by_a_share() -> None:
    assert asked([(8, 10)] * 12, LOAD) == Advice("loosen", "broken")
    assert asked([(10, 10)] * 12, LOAD).question == "keep"


@pytest.mark.parametrize(
    ("came", "question", "because"),
    [
        ([40] * 12, "raise", "volume_room"),
        ([31] * 12, "keep", "volume_kept"),
        ([20] * 12, "loosen", "volume_broken"),
        ([29] * 12, "keep", "volume_mixed"),  # broken in each, and hardly short
        ([40, 20] * 6, "keep", "volume_mixed"),
        ([40] * 3, "too_few", "weeks"),
    ],
)
def test_a_number_of_leads(came: list[int], question: str, because: str) -> None:
    told = advised(VOLUME, [volume_row(n, 30) for n in came], None, None, Fraction(30 * len(came)))
    assert (told.question, told.because) == (question, because)


def test_a_share_that_is_what_was_promised_is_seldom_moved() -> None:
    rng = np.random.default_rng(20261203)
    worlds, moved = 400, 0
    for _ in range(worlds):
        n = int(rng.integers(10, 60))
        moved += asked([(int(rng.binomial(n, 0.9)), n) for _ in range(13)]).question in ("raise", "loosen")
    measured(f"promises that are kept exactly as promised, {worlds} quarters: {moved / worlds:.1%} would be moved")
    assert moved / worlds <= 0.01


@pytest.mark.parametrize(
    ("signed", "came", "verdict"),
    [
        ((0.5, 0.47, 0.53, 900), (150, 300), "inside"),
        ((0.5, 0.47, 0.53, 900), (135, 300), "near"),
        ((0.5, 0.47, 0.53, 900), (100, 300), "below"),
        ((0.5, 0.47, 0.53, 900), (200, 300), "above"),
        ((0.5, 0.47, 0.53, 900), (2, 29), "too_early"),
        ((0.5, 0.30, 0.70, 20), (150, 300), "not_told"),
    ],
)
def test_a_share_lies_inside_what_was_signed_or_beyond_it(signed: tuple, came: tuple[int, int], verdict: str) -> None:
    k, n = came
    assert share_verdict(Share(*signed), Share(k / n, *wilson(k, n), n)) == verdict


def test_a_mean_of_weeks_is_held_against_what_so_many_weeks_bring() -> None:
    assert of_weeks([30, 40, 50], 4) == (None, None)
    low, high = of_weeks([30, 40, 50, 40], 4)
    assert low < 40 < high and of_weeks([30, 40, 50, 40], 40)[0] > low
    assert [mean_verdict(low, high, came, n) for came, n in ((40, 4), (90, 4), (1, 4), (40, 3))] == ["inside", "above", "below", "too_early"]
    assert mean_verdict(None, None, 40, 9) == "not_told"
    rng, outside, worlds = np.random.default_rng(20261204), 0, 2000
    for _ in range(worlds):
        low, high = of_weeks(rng.poisson(40, 52).tolist(), 10)
        outside += not low <= rng.poisson(40, 10).mean() <= high
    measured(f"means of ten weeks like the 52 before, {worlds}: {outside / worlds:.1%} outside the interval")
    assert 0.03 <= outside / worlds <= 0.07


def test_quarters_and_their_weeks() -> None:
    q4 = quarters.parse("2026-Q4")
    assert (q4.title, q4.first, q4.last, q4.before.name, q4.after.name) == ("Q4 2026", date(2026, 10, 1), date(2026, 12, 31), "2026-Q3", "2027-Q1")
    assert (q4.weeks[0].monday, q4.weeks[-1].monday, len(q4.weeks)) == (date(2026, 10, 5), date(2026, 12, 28), 13)
    assert [one.name for one in quarters.between(date(2025, 11, 3), date(2026, 7, 1))] == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
    several = list(quarters.between(date(2019, 1, 1), date(2032, 12, 31)))
    weeks = [week.monday for span in several for week in span.weeks]
    assert len(set(weeks)) == len(weeks) and all((b - a).days == 7 for a, b in pairwise(weeks))
    assert all(quarters.of(week.monday) == span for span in several for week in span.weeks)


@pytest.mark.parametrize("text", ["", "2026Q4", "2026-Q5", "2026-q4", "26-Q4", "9999-Q1", "2026-W46"])
def test_what_is_no_quarter(text: str) -> None:
    with pytest.raises(InputError, match="quarter"):
        quarters.parse(text)
