"""Figures as people read them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from plumbline import wording as w


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.8437, "84 %"), (0, "0 %"), (1, "100 %"), (0.003, "under 1 %"), (0.996, "over 99 %"), (0.005, "1 %"), (1.234, "123 %"), (0.125, "13 %")],
)
def test_share(value, text):
    assert w.share(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"), (45, "45 s"), (59.6, "1 min"), (60, "1 min"), (3599, "1 h"), (11_520, "3 h 12 min"), (7200, "2 h"),
        (86_399, "1 day"), (86_400, "1 day"), (207_360, "2.4 days"), (1_209_600, "14 days"), (859_700, "10 days"), (-90, "−2 min"),
        (86_400_000, "1,000 days"),
    ],
)  # fmt: skip
def test_duration(seconds, text):
    assert w.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (1_200_000, "USD", "$1.2 M"), (950, "CHF", "CHF 950"), (9_999, "EUR", "€9,999"), (12_345, "GBP", "£12.3 k"), (12.5, "USD", "$12.50"),
        (-40_000, "USD", "−$40 k"), (999_960, "USD", "$1 M"), (123_456_789, "USD", "$123 M"), (3.4e9, "USD", "$3.4 bn"),
    ],
)  # fmt: skip
def test_money(value, currency, text):
    assert w.money(value, currency) == text


def test_counts():
    assert w.count(1049) == "1,049" and w.count(-3) == "−3"
    assert (
        w.short_count(9_999) == "9,999"
        and w.short_count(12_345) == "12.3 k"
        and w.short_count(10_000_000) == "10 M"
        and w.short_count(999_700) == "1 M"
        and w.short_count(999_400) == "999 k"
    )
    assert w.plural(1, "lead") == "1 lead" and w.plural(1049, "lead") == "1,049 leads" and w.plural(0, "reply", "replies") == "0 replies"


def test_changes():
    assert w.points(0.031) == "+3 points" and w.points(-0.01) == "−1 point" and w.points(0.001) == "no change"
    assert w.change(120, 100) == "+20 %" and w.change(80, 100) == "−20 %" and w.change(5, 0) == "none before" and w.change(0, 0) == "no change"


def test_dates():
    assert w.day(date(2026, 11, 14)) == "14 Nov 2026" and w.short_day(date(2026, 3, 1)) == "1 Mar"
    assert w.instant(datetime(2026, 11, 14, 18)) == "14 Nov 2026, 18:00 UTC"
    assert w.instant(datetime(2026, 11, 14, 18), "Europe/Berlin") == "14 Nov 2026, 19:00 CET"
    assert w.period(date(2026, 9, 1), date(2026, 12, 1)) == "1 Sep to 30 Nov 2026"
    assert w.period(date(2025, 9, 1), date(2026, 12, 1)) == "1 Sep 2025 to 30 Nov 2026"
    assert w.period(date(2026, 9, 1), date(2026, 9, 2)) == "1 Sep 2026"


def test_absent_figures_never_raise():
    for function in (w.share, w.count, w.short_count, w.decimal, w.duration, w.points, w.day, w.instant):
        assert function(None) == w.ABSENT
    assert w.share(float("nan")) == w.money(None, "USD") == w.change(None, 1) == w.share_of(None, 3) == w.ABSENT


def test_too_few():
    assert w.share_of(84, 100) == "84 % of 100" and w.share_of(3, 12) == "too few to say (n 12)" and w.share_of(0, 0) == "too few to say (n 0)"


def test_stages_and_texts():
    assert w.stage_short("mql") == "MQL" and "marketing thinks it is ready" in w.stage_meaning("mql")
    assert w.stage_short("never_heard_of") == "Never heard of"
    assert w.listing(["a", "b", "c"]) == "a, b and c" and w.listing(["a"]) == "a" and w.listing([]) == ""
    assert w.shortened("a\n\x00b   c") == "a b c" and len(w.shortened("x" * 90)) == 28
