"""The small picture of eight weeks: a bar a week, hollow without a verdict, the line of what was promised, and its finding in words."""

from __future__ import annotations

from xml.etree import ElementTree

import polars as pl
import pytest

from plumbline import charts
from plumbline.charts.promise_trend import HEIGHT, WIDTH
from plumbline.colours import PALETTES

ROWS = [(0.5, 0.8, "missed"), (0.9, 0.8, "met"), (None, 0.8, "no_data"), (1.0, 0.8, "too_few"), (0.0, 0.8, "missed"), (0.85, 0.8, "met")]


def frame(rows: list[tuple[float | None, float, str]] = ROWS) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"value": pl.Float64, "target": pl.Float64, "status": pl.String}, orient="row")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_bar_a_week_in_the_colours_of_kept_and_broken(mode: str) -> None:
    svg = ElementTree.fromstring(charts.promise_trend(frame(), mode))
    bars = svg.findall("{*}rect")
    colours = PALETTES[mode]
    assert [bar.get("fill") for bar in bars] == [colours.lost, colours.reached, "none", colours.lost, colours.reached]
    assert bars[-1].get("opacity") == "1" and bars[0].get("opacity") != "1"
    assert all(float(bar.get("height")) > 0 for bar in bars)  # nought is seen too
    for bar in bars:
        assert float(bar.get("x")) >= 0 and float(bar.get("x")) + float(bar.get("width")) <= WIDTH
        assert float(bar.get("y")) >= 0 and float(bar.get("y")) + float(bar.get("height")) <= HEIGHT
    assert svg.get("aria-label") == charts.promise_trend_alt(frame())


def test_a_number_of_leads_is_drawn_against_the_larger_of_both() -> None:
    svg = ElementTree.fromstring(charts.promise_trend(frame([(15.0, 30.0, "missed"), (60.0, 30.0, "met")])))
    low, high = (float(bar.get("height")) for bar in svg.findall("{*}rect"))
    assert high == pytest.approx(4 * low, rel=0.02)


def test_its_finding() -> None:
    assert charts.promise_trend_alt(frame()) == "Kept in 2 of the 6 weeks to this one, broken in 2, no verdict in 2."
    assert charts.promise_trend_alt(frame([(None, 0.8, "no_data")])) == "No verdict in 1 week."
    assert "<svg" in charts.promise_trend(frame([]))
