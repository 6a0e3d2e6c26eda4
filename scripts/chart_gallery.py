"""Every chart and small piece on one page, with made-up frames and the awkward cases: for looking, not for users.

streamlit run scripts/chart_gallery.py
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts
from plumbline.statistics import aalen_johansen
from plumbline.ui import panels, text, theme
from plumbline.ui.text import Bold, Figure, Link

HOSTILE = "<img src=http://elsewhere/x onerror=alert(1)> **bold** ![x](http://elsewhere/y) %{x} $a$"
STAGES = ("mql", "sal", "sql", "opportunity", "won")


def funnel(entered: int, keep: tuple[float, ...] = (0.62, 0.48, 0.55, 0.31), parts: tuple[float, ...] = (0.42, 0.13, 0.2, 0.15, 0.1)) -> pl.DataFrame:
    rows = []
    for place, stage in enumerate(STAGES):
        on = round(entered * keep[place]) if place < 4 else 0
        rest = entered - on if place < 4 else 0
        left = [round(rest * part) for part in parts]
        left[-1] = rest - sum(left[:-1])
        mature = entered - left[3]
        rows.append(
            {"stage": stage, "entered": entered, "reached_next": on, "rejected": left[0], "recycled": left[1], "lost": left[2],
             "open_in_window": left[3], "open_past_window": left[4], "mature": mature, "converted": min(on, mature),
             "conversion": on / mature if mature and place < 4 else None}
        )  # fmt: skip
        entered = on
    return pl.DataFrame(rows)


def cohorts(weeks: int = 26, size: int = 60, immature: int = 3) -> pl.DataFrame:
    rng = np.random.default_rng(4)
    rows = []
    for week in range(weeks):
        n = int(rng.poisson(size)) + 1
        mature = n if week < weeks - immature else int(n * max(0.0, 0.7 - 0.35 * (week - weeks + immature)))
        rows.append({"cohort": date(2026, 5, 18) + timedelta(weeks=week), "stage": "mql", "entered": n, "mature": mature,
                     "converted": int(rng.binomial(mature, 0.55 + 0.1 * np.sin(week / 4)))})  # fmt: skip
    return pl.DataFrame(rows)


def flow(size: float = 60) -> pl.DataFrame:
    rng = np.random.default_rng(5)
    return pl.DataFrame(
        [
            {"period": date(2026, 5, 18) + timedelta(weeks=week), "stage": stage, "entries": int(rng.poisson(size * 0.5**place))}
            for week in range(26)
            for place, stage in enumerate(STAGES)
        ]
    )


def times(n: int = 900) -> tuple[pl.DataFrame, pl.DataFrame]:
    rng = np.random.default_rng(6)
    rows, facts = [], []
    edges = [*charts.TIME_EDGES, np.inf]
    for place, stage in enumerate(STAGES[:4]):
        drawn = np.exp(rng.normal(np.log(86_400 * (0.15, 2, 9, 40)[place]), 1.3, max(2, n // 2**place)))
        for low, high, k in zip(edges, edges[1:], np.histogram(drawn, edges)[0], strict=False):
            rows.append({"stage": stage, "low": float(low), "high": None if np.isinf(high) else float(high), "n": int(k)})
        facts.append({"stage": stage, "n": len(drawn), "median": float(np.median(drawn)), "p90": float(np.quantile(drawn, 0.9))})
    return pl.DataFrame(rows), pl.DataFrame(facts)


def curve(n: int = 3000) -> pl.DataFrame:
    rng = np.random.default_rng(7)
    end, watch = rng.exponential(12, n), rng.uniform(1, 90, n)
    cause = rng.choice([1, 2, 3, 4, 0], n, p=(0.55, 0.14, 0.06, 0.08, 0.17))
    took = np.where(cause > 0, np.minimum(end, watch), watch)
    return aalen_johansen(
        np.ceil(took * 24) * 3600, np.where((cause > 0) & (end <= watch), cause, 0), names=("advanced", "rejected", "recycled", "lost")
    )


def values(number: int = 17, size: int = 800) -> pl.DataFrame:
    rng = np.random.default_rng(8)
    names = ["webinar", "paid social", "บริษัท ไทย", "referral", HOSTILE, "trade show", "partner", None, "organic search", "event", "outbound list",
             "newsletter", "a very long name of a campaign that nobody shortened in the CRM"]  # fmt: skip
    names += [f"source {i}" for i in range(number)]
    n = [int(rng.pareto(1) * size / 8) + 3 for _ in range(number)]
    return pl.DataFrame({"value": names[:number], "mature": n, "converted": [int(rng.binomial(k, rng.uniform(0.2, 0.8))) for k in n]})


def life() -> pl.DataFrame:
    at = datetime(2026, 8, 3, 9, 12)
    rows = [
        (0, "activity", "pricing_page", HOSTILE, False), (1, "stage", "mql", None, False), (1.2, "owner", HOSTILE, None, False),
        (2, "touch", "call", "no answer", False), (2.01, "touch", "call", "voicemail", False), (2.02, "touch", "email", None, False),
        (5, "touch", "call", "connected", True), (6, "stage", "sal", None, False), (9, "touch", "meeting", "held", True),
        (14, "stage", "sql", "needs it by spring", False), (15, "owner", "Ayşe Yılmaz", None, False), (22, "touch", "social", None, False),
        (30, "activity", "webinar", "autumn", False), (40, "stage", "opportunity", None, False), (61, "activity", "contract_viewed", None, False),
        (70, "stage", "lost", "budget cut", False),
    ]  # fmt: skip
    return pl.DataFrame(
        [{"at": at + timedelta(days=d), "lane": lane, "name": name, "detail": detail, "is_contact": hit} for d, lane, name, detail, hit in rows],
        schema={"at": pl.Datetime("us"), "lane": pl.String, "name": pl.String, "detail": pl.String, "is_contact": pl.Boolean},
    )


def ordinary() -> None:
    mode = theme.mode()
    text.reading_sentence("Leads handed over from 18 May to 15 Nov 2026 · all sources · EMEA · first pass")
    text.headline(
        ["Acceptance was ", Bold("84 %"), " against 90 % promised; ", Link("61 of 388 leads", "leads?x=1"), " were never touched, 44 of them from ",
         Link("paid social", "?source=paid"), "."]
    )  # fmt: skip
    text.figure_strip(
        [
            Figure(
                "Acceptance", "84 %", change="−3 points", n="of 388", is_broken=True, href="leads?y=1", meaning="of the leads old enough to judge"
            ),
            Figure("Median first touch", "3 h 12 min", change="40 min later", n="of 402"),
            Figure("Sales-qualified", "118", unit="leads", change="+12 %"),
            Figure("Value at stake", "$1.2 M", n="61 leads"),
            Figure("Promise of calls", "–", n="too few to say (n 12)"),
        ]
    )
    stages, before = funnel(1049), funnel(930, (0.66, 0.5, 0.5, 0.3))
    picked = panels.chart(
        charts.funnel_bars(stages, before, mode=mode), "funnel", stages, charts.funnel_bars_alt(stages, before),
        title="Where do leads leave?", subtitle="Leads by the stage they reached, first pass, n 1,049",
    )  # fmt: skip
    if picked:
        text.note(f"clicked: {picked}")
    panels.chart(
        charts.outcome_sum(stages.row(0, named=True), mode=mode), "sum", None, charts.outcome_sum_alt(stages.row(0, named=True)),
        title="Everyone who entered is somewhere", subtitle="MQL, n 1,049",
    )  # fmt: skip
    frame, cut = cohorts(), date(2026, 10, 26)
    panels.chart(
        charts.cohort_trend(frame, "mql", cut, mode=mode, history_begins=date(2026, 6, 3), marks=[(date(2026, 8, 12), "Definition " + HOSTILE)]),
        "trend", frame, charts.cohort_trend_alt(frame, "mql", cut), title="Has conversion moved?",
        subtitle="Conversion MQL to SAL within 14 days, by week of entry, with 95 % interval",
    )  # fmt: skip
    panels.chart(
        charts.flow_trend(flow(), mode=mode, partial_from=date(2026, 11, 9), marks=[(date(2026, 8, 12), "Definition")]), "flow", flow(),
        charts.flow_trend_alt(flow()), title="How much happened each week?", subtitle="Entries by the date of each event",
    )  # fmt: skip
    spent, facts = times()
    panels.chart(
        charts.time_in_stage(spent, facts, mode=mode), "times", facts, charts.time_in_stage_alt(facts),
        title="How long do leads stay?", subtitle="Time from entry to the next stage, leads that went on",
    )  # fmt: skip
    ends = curve()
    month = 45 * 86_400.0
    panels.chart(
        charts.incidence(ends, "mql", mode=mode, horizon=month, window=14 * 86_400.0), "ends", ends.head(200),
        charts.incidence_alt(ends, "mql", horizon=month), title="What becomes of an MQL, day by day?", subtitle="Share of those who entered, n 3,000",
    )  # fmt: skip
    rows = values()
    panels.chart(
        charts.breakdown_bars(rows, mode=mode), "by", rows, charts.breakdown_bars_alt(rows), title="Which sources convert?",
        subtitle="Conversion MQL to SAL within 14 days, with 95 % interval",
    )  # fmt: skip
    panels.chart(
        charts.lead_timeline(life(), mode=mode, until=datetime(2026, 11, 14, 18)), "life", life(), charts.lead_timeline_alt(life()), title="One lead"
    )
    panels.how_computed(
        SimpleNamespace(title="Conversion", grain="one row per stage", unit="share"),
        "Of the leads old enough, the share that went on in time.",
        "None.",
    )
    text.note(HOSTILE)
    text.empty_state("No leads from Bhutan in the last 12 weeks.", "The history holds none from there.", Link("Look at all countries", "?country="))
    text.sample_badge()
    text.data_through_line(datetime(2026, 11, 14, 18))


def awkward() -> None:
    mode = theme.mode()
    none = funnel(1).clear()
    cases = {
        "empty": charts.funnel_bars(none, mode=mode),
        "one lead": charts.funnel_bars(funnel(1), funnel(2), mode=mode),
        "ten million": charts.funnel_bars(funnel(10_000_000), funnel(12_345_678), mode=mode),
        "all immature": charts.funnel_bars(funnel(480, (0.05, 0.2, 0.0, 0.0), (0, 0, 0, 1, 0)), mode=mode),
        "sum of ten million": charts.outcome_sum(funnel(10_000_000).row(0, named=True), mode=mode),
        "sum of one": charts.outcome_sum(funnel(1).row(0, named=True), mode=mode),
        "trend empty": charts.cohort_trend(cohorts().clear(), "mql", mode=mode),
        "trend of one": charts.cohort_trend(cohorts(1, 200, 0), "mql", mode=mode),
        "trend, small": charts.cohort_trend(cohorts(20, 12), "mql", date(2026, 9, 14), mode=mode),
        "trend, all immature": charts.cohort_trend(cohorts(6, 90, 6), "mql", date(2026, 5, 1), mode=mode),
        "flow huge": charts.flow_trend(flow(2_000_000), mode=mode),
        "flow of one": charts.flow_trend(flow().head(1), mode=mode),
        "times, few": charts.time_in_stage(*times(60), mode=mode),
        "incidence of one": charts.incidence(aalen_johansen([3600.0], [1], names=("advanced", "rejected", "recycled", "lost")), "sal", mode=mode),
        "breakdown of one": charts.breakdown_bars(values(1), mode=mode),
        "breakdown, all few": charts.breakdown_bars(values(8, 10), mode=mode),
        "life of an hour": charts.lead_timeline(life().head(2).with_columns(at=datetime(2026, 8, 3, 9, 12)), mode=mode),
    }
    for name, figure in cases.items():
        panels.chart(figure, f"case.{name}", None, name, title=name)


st.set_page_config(page_title="Chart gallery", layout="wide")
theme.apply(meeting=st.query_params.get("meeting") == "1")
st.sidebar.text("Menu stands here")
if st.query_params.get("set") == "awkward":
    awkward()
else:
    ordinary()
