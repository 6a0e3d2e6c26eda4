"""What Sources and cost says and draws, on frames made by hand."""

from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest

from plumbline.charts import volume_quality, volume_quality_alt
from plumbline.charts.labels import Dot, beside
from plumbline.charts.volume_quality import MOST
from plumbline.ui.sources import ladder, sums, words
from plumbline.ui.text import Bold, Link

COUNTS = ("leads", "mqls", "sals", "sqls", "won")


def rows(*told: tuple[str | None, float | None, int, int, int, int, int]) -> pl.DataFrame:
    """source, spend, leads, mqls, sals, sqls, won of each."""
    found = []
    for source, spend, *counts in told:
        row = {"source": source, **dict(zip(COUNTS, counts, strict=True)), "spend": spend}
        for name in ("lead", "mql", "sql", "won"):
            n = row[{"lead": "leads", "mql": "mqls", "sql": "sqls", "won": "won"}[name]]
            row[f"cost_per_{name}"] = spend / n if spend is not None and n else None
        found.append(row)
    kinds = {"source": pl.String, "spend": pl.Float64} | {f"cost_per_{name}": pl.Float64 for name in ("lead", "mql", "sql", "won")}
    frame = pl.DataFrame(found, schema_overrides=kinds)
    quality = frame.select(
        "source", old_enough="mqls", qualified="sqls", sql_low=pl.lit(0.1), sql_high=pl.lit(0.4), in_window=pl.lit(5)
    )  # fmt: skip
    return sums.with_quality(frame, quality)


def here(**more: object) -> str:
    return "sources?" + "&".join(f"{name}={value}" for name, value in more.items())


def told(parts: list) -> str:
    return "".join(part.text if isinstance(part, Bold | Link) else part for part in parts)


TWO = (("ads", 3_900_00.0, 1000, 500, 200, 100, 40), ("webinar", 65_000.0, 500, 300, 100, 50, 30))


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (rows(*TWO), "An SQL cost $3,033: $3,900 from ads, three times the $1,300 from webinar"),
        (rows(("ads", 100.0, 100, 50, 40, 40, 0)), "An SQL cost $2.50"),
        (rows(("a", 4000.0, 90, 50, 40, 40, 0), ("b", 4100.0, 90, 50, 40, 40, 0)), "An SQL cost $101, about the same from every source"),
        (rows(("a", 4000.0, 90, 50, 40, 40, 0), ("b", 5600.0, 90, 50, 40, 40, 0)),
         "An SQL cost $120, no more than chance apart from one source to another"),
        (rows(("a", 40_000.0, 900, 500, 400, 400, 0), ("b", 56_000.0, 900, 500, 400, 400, 0)),
         "An SQL cost $120: $140 from b, 40 % more than the $100 from a"),
        (rows(("a", None, 90, 50, 40, 10, 0), ("b", None, 90, 40, 40, 11, 0)),
         "a handed over the most leads, 50 of 90; an SQL came of the leads of each about as often, as far as more than chance can be told"),
        (rows(("a", 1000.0, 90, 50, 40, 9, 0), ("b", None, 900, 500, 400, 90, 0)), "An MQL cost $20"),
        (rows(("a", 1000.0, 9, 5, 4, 3, 0)), "$1,000 was spent; too few leads to say what one costs (9)"),
        (rows(("a", None, 90, 50, 40, 10, 0), ("b", None, 90, 40, 40, 20, 0)),
         "a handed over the most leads, 50 of 90; most often an SQL came of b, 50 % of 40"),
        (rows(("a", None, 90, 50, 40, 20, 0), ("b", None, 90, 40, 40, 2, 0)),
         "a handed over the most leads, 50 of 90; an SQL came of them most often too, 40 % of 50"),
    ],
)  # fmt: skip
def test_headline(frame: pl.DataFrame, expected: str) -> None:
    assert told(words.headline(frame, sums.summed(frame), "USD", here)) == expected


def test_costs_are_of_sources_whose_spend_is_on_record() -> None:
    whole = sums.summed(rows(("ads", 100.0, 10, 5, 4, 2, 0), ("free?", None, 990, 5, 4, 2, 0)))
    assert whole.counts["leads"] == 1000
    assert whole.cost("leads") == 10
    assert whole.cost("won") is None
    assert sums.summed(rows(("free?", None, 990, 5, 4, 2, 0))).cost("leads") is None


def test_the_cost_of_an_sal() -> None:
    assert rows(("ads", 100.0, 10, 5, 4, 2, 0))["cost_per_sal"].to_list() == [25.0]
    assert rows(("ads", 100.0, 10, 5, 0, 0, 0))["cost_per_sal"].to_list() == [None]


def test_strip_leaves_out_a_change_that_the_young_would_mislead() -> None:
    now, before = sums.summed(rows(*TWO)), sums.summed(rows(*TWO))
    late = words.strip(now, before, 400, "USD", "before", lambda stage: here(stage=stage))
    assert [figure.change for figure in late] == ["no change", "no change", "no change", "", ""]
    settled = words.strip(now, before, 10, "USD", "before", lambda stage: here(stage=stage))
    assert [figure.change for figure in settled] == ["no change"] * 5
    assert settled[3].value == "$3,033" and settled[3].n == "of 150"
    few = words.strip(sums.summed(rows(("a", 10.0, 40, 20, 4, 2, 0))), None, 0, "USD", "", lambda stage: None)
    assert [figure.value for figure in few] == ["$10", "$0.25", "too few", "too few", "too few"]


def test_what_spend_does_not_cover_is_said() -> None:
    reach = pl.DataFrame(
        {"source": ["ads"], "first_day": [date(2026, 1, 1)], "last_day": [date(2026, 6, 30)], "entries": [6], "is_unfinished": [False]}
    )
    frame = rows(("ads", 100.0, 10, 5, 4, 2, 0), ("partner", None, 1200, 5, 4, 2, 0))
    notes = words.gaps(frame, reach, date(2025, 6, 1), date(2026, 11, 14))
    assert "No spend is on record for partner: 1,200 leads" in notes[0]
    assert "only from 1 Jan 2026" in notes[1] and "only up to 30 Jun 2026" in notes[2]
    assert words.gaps(rows(("ads", 100.0, 10, 5, 4, 2, 0)), reach, date(2026, 2, 1), date(2026, 7, 3)) == []


def test_a_month_that_is_not_over_is_said_and_not_held_against_the_one_before() -> None:
    reach = pl.DataFrame(
        {"source": ["ads"], "first_day": [date(2026, 1, 1)], "last_day": [date(2026, 11, 14)], "entries": [11], "is_unfinished": [True]}
    )
    frame, end = rows(("ads", 100.0, 10, 5, 4, 2, 0)), date(2026, 11, 14)
    assert words.unfinished(reach, date(2026, 11, 1), end) == 1.0 and words.unfinished(reach, date(2026, 10, 18), end) == 0.5
    assert words.unfinished(reach, date(2026, 9, 1), date(2026, 9, 30)) == 0.0  # a period that ends before it
    assert words.gaps(frame, reach, date(2026, 11, 1), end)[-1].endswith("may look too low, and are not held against the period before.")
    assert words.gaps(frame, reach, date(2026, 1, 1), end)[-1].startswith("November is not over") and len(words.gaps(frame, reach, None, end)) == 1
    now, before = (sums.summed(rows(("ads", spend, 100, 90, 80, 70, 60))) for spend in (500.0, 1000.0))
    assert words.strip(now, before, 0, "USD", "before", lambda stage: stage)[1].change == "−50 %"
    assert words.strip(now, before, 0, "USD", "before", lambda stage: stage, 0.5)[1].change == ""


def test_young_leads_are_said_with_the_way_to_mature_ones() -> None:
    assert words.young_note(0, 100, True, "sources") == []
    assert told(words.young_note(12, 100, True, "sources?mature=true")).startswith("12 of the 100 leads handed over are open and not old enough")


def _rungs(frame: pl.DataFrame) -> list[ladder.Rung]:
    return [ladder.rung(row, words.name(row), lambda stage: f"leads?stage={stage}") for row in frame.iter_rows(named=True)]


def test_ladder_escapes_names_and_links_counts() -> None:
    html = ladder.ladder_html(_rungs(rows(("<img src=x>", 4000.0, 400, 100, 50, 29, 0))), "Source", "USD", True)
    assert "<img" not in html and "&lt;img src=x&gt;" in html
    assert html.count('href="leads?stage=') == 4  # nought won: nothing to list
    assert re.search(r'pl-thin">\$138<', html)  # 29 SQLs: too few to say
    assert 'class="pl-bar" style="width: 100%"' in html


def test_ladder_without_costs_has_no_column_of_spend() -> None:
    html = ladder.ladder_html(_rungs(rows(("ads", None, 400, 100, 50, 40, 3))), "Source", "", False)
    assert "Spend" not in html and "pl-bar" not in html and "40" in html
    with_costs = ladder.ladder_html(_rungs(rows(("ads", None, 400, 100, 50, 40, 3))), "Source", "", True)
    assert "not recorded" in with_costs


def test_names_keep_apart_and_within_the_drawing() -> None:
    dots = [Dot(100, 100, 10, "first", 5), Dot(112, 100, 10, "second", 4), Dot(555, 50, 8, "at the edge", 3)]
    first, second, edge = beside(dots, 560, 300)
    assert first is not None and first.x_anchor == "right"  # the second dot is in the way on its right
    assert second is not None and second.x_anchor == "left"
    assert edge is not None and edge.x_anchor == "right"
    crowd = [Dot(100 + n, 100 + n, 9, "a long name", n) for n in range(30)]
    assert 0 < sum(place is not None for place in beside(crowd, 300, 200)) < 30
    assert beside([Dot(50, 50, 5, "name", 1)], 400, 100, [(0, 48, 300, 52)])[0].y_anchor != "middle"


def test_volume_against_quality() -> None:
    frame = rows(*TWO, ("tiny", None, 20, 10, 5, 2, 1)).with_columns(campaign=pl.lit(None, pl.String))
    figure = volume_quality(frame)
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    assert [list(trace.customdata[0]) for trace in dots] == [["ads", None], ["webinar", None], ["tiny", None]]
    assert dots[2].marker.symbol == "circle-open" and dots[0].marker.size > dots[1].marker.size > dots[2].marker.size
    assert volume_quality_alt(frame) == (
        "Volume against quality: ads most leads, 500; the highest share that became SQL is of ads, 20 % of 500, the lowest of webinar, 17 % of 300."
    )  # fmt: skip
    many = rows(*((f"s{n}", None, 100, 50 + n, 40, 20, 1) for n in range(60))).with_columns(campaign=pl.lit(None, pl.String))
    assert len([trace for trace in volume_quality(many).data if trace.mode == "markers"]) == MOST
    empty = frame.clear()
    assert "no lead old enough" in volume_quality_alt(empty) and volume_quality(empty).layout.annotations
