"""Colours keep apart, charts keep their promises, texts from data stay text."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from plumbline import charts, wording
from plumbline.charts.canvas import count_top, safe, share_ticks, spread
from plumbline.charts.parts import LEFT, PARTS
from plumbline.colours import PALETTES, contrast
from plumbline.statistics import MINIMUM_N, aalen_johansen
from plumbline.ui import text
from plumbline.ui.panels import clicked_point, how_computed_html, in_words
from tests.figures import measured

ROOT = Path(__file__).parents[1]
HOSTILE = '<img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a> %{customdata} ![i](http://elsewhere/i) $x$ \u202e\x00 &lt;b&gt;'
NAMES = ("advanced", "rejected", "recycled", "lost")

# ---- colours

# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB
_SEEN = {
    "normal": np.eye(3),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
}


def _lab(colour: str, eyes: str) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as those eyes see it."""
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(_SEEN[eyes] @ linear, 0, 1)
    xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]) @ linear
    f = np.where((t := xyz / [0.95047, 1, 1.08883]) > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _apart(colours, eyes) -> float:
    return min(float(np.linalg.norm(_lab(a, eyes) - _lab(b, eyes))) for a, b in combinations(colours, 2))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_contrast(mode):
    p = PALETTES[mode]
    for role in ("text", "quiet_text", "link", "reached", "lost", "marketing", "sales"):
        assert contrast(getattr(p, role), p.page) >= 4.5, role
        assert contrast(getattr(p, role), p.panel) >= 4.5, role
    for stage in p.stages.values():
        assert contrast(stage, p.page) >= 4.5
    for mark in (*p.lost_tones, p.comparison, p.too_few, *p.categories):
        assert contrast(mark, p.page) >= 3, mark
    assert contrast(p.on_reached, p.reached) >= 4.5
    assert all(contrast(p.on_lost, tone) >= 4.5 for tone in p.lost_tones)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("eyes", list(_SEEN))
def test_ten_categories_keep_apart_for_all_eyes(mode, eyes):
    p = PALETTES[mode]
    assert len(p.categories) == len(set(p.categories)) == 10
    least = _apart(p.categories, eyes)
    measured(f"{mode}, {eyes}: least difference of two categories {least:.1f}")
    assert least >= 20
    assert _apart((p.reached, p.lost, p.comparison), eyes) >= 20
    assert _apart((p.marketing, p.sales), eyes) >= 20


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_roles_are_used_for_nothing_else(mode):
    p = PALETTES[mode]
    others = {p.reached, p.lost, p.comparison, *p.stages.values(), *p.categories, *p.lost_tones}
    assert not others & {p.marketing, p.sales}
    for own in (p.marketing, p.sales):
        assert min(float(np.linalg.norm(_lab(own, "normal") - _lab(other, "normal"))) for other in others) >= 20


def test_the_theme_says_the_same_colours():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    for mode, p in PALETTES.items():
        theme = config["theme"][mode]
        assert theme["backgroundColor"] == p.page and theme["textColor"] == p.text and theme["secondaryBackgroundColor"] == p.panel
        assert theme["chartCategoricalColors"] == list(p.categories)
        assert all(len(theme[f"chart{kind}Colors"]) == 10 for kind in ("Categorical", "Sequential", "Diverging"))
        assert contrast("#ffffff", theme["primaryColor"]) >= 3
        assert "sidebar" in theme
    assert config["server"]["headless"] and config["server"]["enableXsrfProtection"] and config["client"]["showErrorDetails"] == "none"
    assert "://" not in (ROOT / ".streamlit/config.toml").read_text()


# ---- frames


def stages(entered=1049, on=(650, 312, 172, 53), parts=(168, 52, 80, 60, 39)):
    rows = []
    for stage, forward in zip(("mql", "sal", "sql", "opportunity", "won"), (*on, 0), strict=True):
        rest = entered - forward if stage != "won" else 0
        shares = [rest * part // max(sum(parts), 1) for part in parts]
        shares[0] += rest - sum(shares)
        rows.append((stage, entered, forward, *shares, entered, forward, forward / entered if entered else None))
        entered = forward
    outcomes = ["reached_next", "rejected", "recycled", "lost", "open_in_window", "open_past_window"]
    names = ["stage", "entered", *outcomes, "mature", "converted", "conversion"]
    return pl.DataFrame(rows, schema=names, orient="row")


def cohorts(weeks=12, n=60, immature=2):
    return pl.DataFrame(
        [
            {"cohort": date(2026, 8, 3) + timedelta(weeks=w), "stage": "mql", "entered": n, "mature": n if w < weeks - immature else n // 3,
             "converted": (n if w < weeks - immature else n // 3) // 2}
            for w in range(weeks)
        ],
        schema={"cohort": pl.Date, "stage": pl.String, "entered": pl.Int64, "mature": pl.Int64, "converted": pl.Int64},
    )  # fmt: skip


def flow(size=40):
    rows = [(date(2026, 8, 3) + timedelta(weeks=w), s, size) for w in range(8) for s in ("mql", "sal", "sql", "opportunity", "won")]
    return pl.DataFrame(rows, schema={"period": pl.Date, "stage": pl.String, "entries": pl.Int64}, orient="row")


def times(n=40):
    rows = [("mql", 0.0, 60.0, n), ("mql", 3600.0, 7200.0, n), ("sal", 86_400.0, None, n)]
    facts = [("mql", 2 * n, 3700.0, 7000.0), ("sal", n, 90_000.0, 90_000.0)]
    return (
        pl.DataFrame(rows, schema={"stage": pl.String, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64}, orient="row"),
        pl.DataFrame(facts, schema={"stage": pl.String, "n": pl.Int64, "median": pl.Float64, "p90": pl.Float64}, orient="row"),
    )


def values(number=20, n=50):
    names = [HOSTILE, None, *(f"source {i}" for i in range(number))][:number]
    rows = [(name, n + i, (n + i) // (2 + i % 3)) for i, name in enumerate(names)]
    return pl.DataFrame(rows, schema={"value": pl.String, "mature": pl.Int64, "converted": pl.Int64}, orient="row")


def curve(n=200):
    rng = np.random.default_rng(1)
    return aalen_johansen(rng.integers(1, 4000, n) * 3600, rng.integers(0, 5, n), names=NAMES)


def life():
    rows = [(0, "activity", HOSTILE, HOSTILE), (1, "stage", "mql", None), (2, "owner", HOSTILE, None), (3, "touch", HOSTILE, HOSTILE),
            (4, "touch", "call", "connected"), (9, "stage", "sal", None), (20, "stage", "rejected", HOSTILE)]  # fmt: skip
    return pl.DataFrame(
        [(datetime(2026, 8, 3) + timedelta(days=d), lane, name, detail) for d, lane, name, detail in rows],
        schema={"at": pl.Datetime("us"), "lane": pl.String, "name": pl.String, "detail": pl.String},
        orient="row",
    )


def every_chart(mode):
    row = stages().row(0, named=True)
    return {
        "funnel": charts.funnel_bars(stages(), stages(900), mode=mode),
        "sum": charts.outcome_sum(row, mode=mode),
        "trend": charts.cohort_trend(
            cohorts(), "mql", date(2026, 10, 12), mode=mode, history_begins=date(2026, 8, 6), marks=[(date(2026, 9, 1), HOSTILE)]
        ),
        "flow": charts.flow_trend(flow(), mode=mode, partial_from=date(2026, 9, 21), marks=[(date(2026, 9, 1), HOSTILE)]),
        "times": charts.time_in_stage(*times(), mode=mode),
        "incidence": charts.incidence(curve(), "mql", mode=mode, horizon=45 * 86_400.0, window=14 * 86_400.0),
        "breakdown": charts.breakdown_bars(values(), mode=mode),
        "life": charts.lead_timeline(life(), mode=mode),
    }


def every_empty_chart(mode):
    spent, facts = times()
    return {
        "funnel": charts.funnel_bars(stages().clear(), mode=mode),
        "sum": charts.outcome_sum(stages(0, (0, 0, 0, 0)).row(0, named=True), mode=mode),
        "trend": charts.cohort_trend(cohorts().clear(), "mql", mode=mode),
        "flow": charts.flow_trend(flow().clear(), mode=mode),
        "times": charts.time_in_stage(spent.clear(), facts.clear(), mode=mode),
        "incidence": charts.incidence(aalen_johansen([], [], names=NAMES), "mql", mode=mode),
        "breakdown": charts.breakdown_bars(values().clear(), mode=mode),
        "life": charts.lead_timeline(life().clear(), mode=mode),
    }


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_chart_keeps_the_house_rules(mode):
    empty = every_empty_chart(mode)
    for name, figure in every_chart(mode).items():
        assert isinstance(figure, go.Figure)
        layout = figure.layout
        assert layout.height == empty[name].layout.height, f"{name}: nothing jumps when it is empty"
        assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
        assert layout.title.text is None and not layout.yaxis.overlaying
        assert layout.xaxis.fixedrange and layout.yaxis.fixedrange
        clickable = [trace for trace in figure.data if trace.hoverinfo != "skip"]
        assert clickable and all(trace.customdata is not None and trace.hoverinfo == "text" for trace in clickable), name
        json.loads(figure.to_json())
        p = PALETTES[mode]
        used = set(re.findall(r"#[0-9a-f]{6}", figure.to_json()))
        assert used <= {*p.stages.values(), *p.categories, *p.lost_tones, p.page, p.panel, p.rule, p.text, p.quiet_text, p.reached, p.lost,
                        p.on_reached, p.on_lost, p.comparison, p.too_few, p.link}, name  # fmt: skip
        assert not {p.marketing, p.sales} & used
    for name, figure in empty.items():
        assert len(figure.data) == 0 and len(figure.layout.annotations) == 1, name


def _shown_texts(figure):
    for trace in figure.data:
        yield from (t for t in (trace.hovertext if isinstance(trace.hovertext, tuple | list) else [trace.hovertext]) if t)
        yield trace.name or ""
        assert trace.hovertemplate is None and getattr(trace, "texttemplate", None) is None
    for note in figure.layout.annotations:
        yield note.text or ""
        yield note.hovertext or ""
    for axis in ("xaxis", "yaxis"):
        yield from map(str, figure.layout[axis].ticktext or ())


def test_texts_from_data_stay_text():
    own = re.compile(r"</?b>|<br>|<span style='color:#[0-9a-f]{6}'>|</span>")
    seen = 0
    for figure in every_chart("light").values():
        for shown in _shown_texts(figure):
            bare = own.sub("", shown)
            assert "<" not in bare and ">" not in bare and "%{" not in bare and "\x00" not in bare and "\u202e" not in bare, shown
            seen += "img src" in bare
    assert seen >= 6


def test_what_was_clicked():
    figure = charts.funnel_bars(stages(), stages(900))
    data = [tuple(point) for trace in figure.data for point in trace.customdata]
    assert ("mql", "rejected") in data and ("won", "entered") in data and ("mql", "previous") in data and len(data) == len(set(data))
    assert clicked_point({"selection": {"points": [{"customdata": ["mql", "lost"]}]}}) == ["mql", "lost"]
    assert clicked_point({"selection": {"points": [{"customdata": {"0": "mql", "1": "lost"}}]}}) == ["mql", "lost"]
    assert clicked_point({"selection": {"points": []}}) is None and clicked_point(None) is None


@pytest.mark.parametrize("entered", [1, 7, 1049, 10_000_000])
def test_the_parts_of_a_bar_add_up(entered):
    frame = stages(entered, tuple(entered // 2**k for k in range(1, 5)))
    figure = charts.funnel_bars(frame)
    for place, row in enumerate(frame.iter_rows(named=True)):
        heights = [y for trace in figure.data for x, y in zip(trace.x, trace.y, strict=True) if x == place]
        assert sum(heights) == row["entered"]


def test_the_same_outcomes_have_the_same_order_and_colours_on_every_picture():
    def colours_of(figure, names):
        return [[trace.marker.color[0] if isinstance(trace.marker.color, tuple) else trace.marker.color for trace in figure.data], names]

    bars, strip = charts.funnel_bars(stages()), charts.outcome_sum(stages().row(0, named=True))
    said = [trace.name for trace in bars.data]
    assert said == ["Went on", "Still in window", "Past window", "Sent back", "Recycled", "Lost"]
    assert [trace.customdata[0][1] for trace in strip.data] == [trace.customdata[0][1] for trace in bars.data] == list(PARTS)
    assert colours_of(bars, PARTS) == colours_of(strip, PARTS)
    areas = {trace.customdata[0][1]: trace.fillcolor for trace in charts.incidence(curve(), "mql").data}
    assert list(areas) == ["advanced", "still_open", "rejected", "recycled", "lost"]
    assert [areas[end] for end in LEFT] == [trace.marker.color for trace in strip.data if trace.customdata[0][1] in LEFT]
    assert len({areas[end] for end in LEFT}) == 3


def test_what_is_not_recorded_has_no_share():
    figure = charts.funnel_bars(stages(), hidden=("sal", "sql"), never=("rejected", "recycled", "lost"))
    said = [note.text or "" for note in figure.layout.annotations]
    assert said.count("not recorded") == 2 and any("of SQL" in text for text in said) is False
    assert any(text.startswith("16 % of MQL") for text in said)  # opportunity, of the last stage that is recorded
    assert [trace.name for trace in figure.data] == ["Went on", "Still in window", "Past window", "Implied, not recorded"]
    assert "Not recorded: SAL and SQL." in charts.funnel_bars_alt(stages(), hidden=("sal", "sql"))
    charts.funnel_bars(stages(), hidden=("mql", "sal", "sql", "opportunity"))
    nought = {**stages().row(0, named=True), "rejected": 0, "recycled": 0}
    said = [note.text for note in charts.outcome_sum(nought, never=("rejected",)).layout.annotations]
    assert "sent back:<br>not recorded" in said and "recycled" in said
    assert any("not recorded" in (note.text or "") for note in charts.flow_trend(flow(), hidden=("sal",)).layout.annotations)


def test_the_pooled_values_of_a_breakdown_are_the_ones_not_drawn():
    frame = values(20)
    figure = charts.breakdown_bars(frame)
    drawn = [trace.customdata[0] for trace in figure.data if trace.customdata]
    pooled = charts.breakdown_pooled(frame)
    assert drawn[-1] == ("others", len(pooled)) or ["others", len(pooled)] in [list(one) for one in drawn]
    assert {one[0] for one in drawn if len(one) == 1} | set(pooled) == set(frame["value"])


def test_a_table_is_in_words_and_its_file_is_exact():
    frame = pl.DataFrame({"stage": ["mql"], "value": [None], "p90": [7200.0], "entered": [3]}, schema_overrides={"value": pl.String})
    assert in_words(frame).row(0) == ("MQL", "not known", "2 h", 3)
    assert frame.row(0) == ("mql", None, 7200.0, 3)


def test_labels_beside_a_bar_keep_apart():
    rng = np.random.default_rng(9)
    for _ in range(200):
        wanted = sorted(rng.uniform(0, 100, rng.integers(1, 6)))
        placed = spread(wanted, 14, 7, 100)
        assert all(b - a >= 14 - 1e-9 for a, b in pairwise(placed)) and max(placed) <= 100 + 1e-9


def test_breakdown_pools_the_rest_and_puts_small_samples_last():
    frame = pl.concat([values(20), pl.DataFrame({"value": ["tiny"], "mature": [500], "converted": [500]})])
    figure = charts.breakdown_bars(frame)
    said = [note.text for note in figure.layout.annotations]
    assert any(re.fullmatch(r"\d+ others", text or "") for text in said)
    small = pl.DataFrame({"value": ["few", "many"], "mature": [4, 100], "converted": [4, 50]})
    figure = charts.breakdown_bars(small)
    assert [trace.customdata[0][0] for trace in figure.data if trace.customdata] == ["many", "few"]
    assert figure.data[-1].marker.symbol == "circle-open"


def test_immature_and_small_cohorts_are_hollow():
    figure = charts.cohort_trend(cohorts(), "mql", date(2026, 10, 12))
    symbols = {trace.marker.symbol for trace in figure.data if trace.mode == "markers"}
    assert symbols == {"circle", "circle-open"}
    assert any("still in window from 12 Oct 2026" in note.text for note in figure.layout.annotations)


def test_every_alt_text_is_a_sentence_with_its_finding():
    _, facts = times()
    said = [
        charts.funnel_bars_alt(stages(), stages(900)), charts.outcome_sum_alt(stages().row(0, named=True)),
        charts.cohort_trend_alt(cohorts(), "mql", date(2026, 10, 12)), charts.flow_trend_alt(flow()), charts.time_in_stage_alt(facts),
        charts.incidence_alt(curve(), "mql", horizon=45 * 86_400.0), charts.breakdown_bars_alt(values()), charts.lead_timeline_alt(life()),
        charts.funnel_bars_alt(stages().clear()), charts.cohort_trend_alt(cohorts().clear(), "mql"), charts.flow_trend_alt(flow().clear()),
        charts.time_in_stage_alt(facts.clear()), charts.breakdown_bars_alt(values().clear()), charts.lead_timeline_alt(life().clear()),
    ]  # fmt: skip
    assert all(line.endswith(".") and "None" not in line and "nan" not in line for line in said)
    assert "1,049" in said[0] and "+" in said[1]


@pytest.mark.parametrize("top", [0.0, 0.004, 0.03, 0.11, 0.2, 0.37, 0.5, 0.71, 0.99, 1.0])
def test_few_round_ticks(top):
    ticks, texts, end = share_ticks(top)
    assert 2 <= len(ticks) <= 6 and end >= min(top, 1.0) and len(set(texts)) == len(texts) and end <= 1.0
    assert count_top(max(1.0, top * 997)) >= top * 997


# ---- text on a page


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.hrefs = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.hrefs += [value for name, value in attrs if name == "href"]


def test_html_of_a_page_holds_no_tag_from_data():
    pieces = [
        text.headline_html([HOSTILE, text.Bold(HOSTILE), text.Link(HOSTILE, "leads?source=a%20b")]),
        text.note_html(HOSTILE),
        text.figure_strip_html([text.Figure(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, True, HOSTILE, "leads", HOSTILE)]),
        text.empty_state_html(HOSTILE, HOSTILE, text.Link(HOSTILE, "?a=b")),
        text.chart_title_html(HOSTILE, HOSTILE),
        text.data_through_html(datetime(2026, 11, 14, 18), more=HOSTILE),
        how_computed_html(type("M", (), {"title": HOSTILE, "grain": HOSTILE, "unit": HOSTILE})()),
    ]
    for piece in pieces:
        reader = _Reader()
        reader.feed(piece)
        assert reader.tags <= {"h1", "h2", "p", "div", "span", "strong", "bdi", "a", "dl", "dt", "dd"}
        assert reader.attributes <= {"class", "role", "title", "href", "target"}
        assert all(href in ("leads?source=a%20b", "leads", "?a=b") for href in reader.hrefs)


@pytest.mark.parametrize(
    "href", ["http://elsewhere", "//elsewhere", "javascript:alert(1)", "", " leads", "\\\\elsewhere", "/\\elsewhere", "a\nb", "data:x,y"]
)
def test_a_link_stays_within_the_app(href):
    with pytest.raises(ValueError):
        text.safe_href(href)


@pytest.mark.parametrize("cases", ["ordinary", "awkward"])
def test_the_gallery_runs(cases):
    app = AppTest.from_file(str(ROOT / "scripts/chart_gallery.py"), default_timeout=60)
    app.query_params["set"] = cases
    app.run()
    assert not app.exception
    assert len(app.get("plotly_chart")) >= 8


def test_too_few_means_the_same_everywhere():
    assert wording.MINIMUM_N == MINIMUM_N


def test_safe_text():
    assert safe("a < b & c") == "a &lt; b &amp; c"
    assert "%{" not in safe("%{x}") and safe("x" * 100, 10) == "x" * 9 + "…"
