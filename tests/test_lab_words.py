"""What the Definition lab says and draws: headline, strip, sentences, the draft in an address, the charts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import polars as pl
import pytest

from plumbline import charts, wording
from plumbline.colours import PALETTES
from plumbline.definition import ActivityRule, Definition, FieldRule, Points
from plumbline.ui.lab import can_tell, desk, swap, words
from plumbline.ui.lab.desk import Period
from plumbline.ui.lab.rule_form import with_rule

YEAR = Period(date(2025, 9, 15), date(2026, 9, 14), False, False)
DRAFT = Definition(
    "Q4",
    ("email",),
    (FieldRule("employees", "at_least", 50),),
    criteria=(FieldRule("need", "is", True), ActivityRule("webinar")),
    at_least=2,
    points=(Points(ActivityRule("webinar"), 10.0, 30.0), Points(FieldRule("country", "is", "US"), 15.0)),
    threshold=40.0,
)


def said(parts: list[words.Part]) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def simulation(
    before: int, now: int, *, lost: int = 0, gained: int = 0, unknown: int = 0, judged: int | None = None, accepted: float = 0.5, late: int = 0
):
    """A simulation of as much as the words ask for. lost, gained: SQLs of those no longer, and only now, handed over; late: SQLs of both ways,
    decided 9 days before the draft."""
    n = lost + gained + unknown + late
    offered = np.array([True] * (lost + gained) + [False] * unknown + [True] * late, bool)
    members = {
        "newly_out": np.array([True] * lost + [False] * (gained + unknown + late), bool),
        "newly_in": np.array([False] * lost + [True] * (gained + unknown) + [False] * late, bool),
        "kept": np.array([False] * (n - late) + [True] * late, bool),
    }
    known = now - unknown - late if judged is None else judged
    side = {"n": known, "k": round(known * accepted), "rate": accepted if known else None, "unknown": unknown, "decided_before": late}
    was = {"n": before if judged is None else judged, "rate": 0.5, "unknown": 0, "decided_before": 0}
    high = accepted + 0.05 if unknown else accepted
    bound = {"low": accepted, "high": high, "ci_low": accepted, "ci_high": high}
    rate = {"baseline": was, "definition": side}
    summary = {
        "period": {"since": YEAR.since, "until": YEAR.until, "weeks": 52},
        "qualified": {"baseline": before, "definition": now},
        "acceptance": rate,
        "sql_rate": rate,
        "bounds": {"unknown": unknown, **{name: {"worst": bound, "monotone": None} for name in ("acceptance", "sql_rate")}},
        "load": {"baseline": None, "definition": None},
        "swap_set": {"kept": {"immature": 3}, "newly_in": {"immature": 0}},
        "decided_before": {"n": late, "of": now, "later_days_median": 9.0 if late else None},
    }
    return SimpleNamespace(
        summary=summary,
        sides=SimpleNamespace(members=lambda: members),
        by_side={
            "baseline": SimpleNamespace(is_sql=offered, offered=offered, decided_before=np.zeros(n, bool)),
            "definition": SimpleNamespace(is_sql=offered & ~members["kept"], offered=offered, decided_before=members["kept"]),
        },
    )


@pytest.mark.parametrize(
    ("found", "against", "expected"),
    [
        (
            simulation(1000, 820, lost=24),
            "",
            "This draft hands over 18 % fewer leads (820 against 1,000), and loses 2 SQLs a month; acceptance 50 % → 50 %.",
        ),
        (simulation(1000, 1200, gained=36), "", "This draft hands over 20 % more leads (1,200 against 1,000), and gains 3 SQLs a month"),
        (simulation(100, 350), "", "This draft hands over 3.5 times as many leads (350 against 100), with no change in SQLs to speak of"),
        (simulation(1000, 1001), "", "This draft hands over as many leads as before (1,001 against 1,000)"),
        (simulation(1000, 0), "", "This draft would have handed over nobody in this period; before it was 1,000."),
        (simulation(0, 40), "", "This draft hands over 40 leads; nobody was handed over before"),
        (simulation(0, 0), "", "Neither this draft nor what happened handed over a lead in this period."),
        (simulation(1000, 1050, unknown=60), "", "acceptance 50 % → between 50 % and 55 %."),
        (simulation(1000, 60, unknown=40), "", "; too few of them have a known outcome to say how many sales would accept."),
        (simulation(40, 60, judged=0), "", "This draft hands over 50 % more leads (60 against 40); what becomes of them, nobody can say yet."),
        (simulation(1000, 820), "Bar 2", "This draft hands over 18 % fewer leads than “Bar 2” (820 against 1,000)"),
        (simulation(100, 350), "Bar 2", "3.5 times as many leads as “Bar 2”"),
        (simulation(0, 40), "Bar 2", "; “Bar 2” hands over nobody"),
        (simulation(50, 0), "Bar 2", "nobody in this period; “Bar 2” hands over 50."),
        (
            simulation(200, 100, late=100),
            "",
            "(100 against 200); what becomes of them cannot be told: 100 of 100 were accepted or gone before they met the draft, which comes 9 days"
            " after their hand-over (the median).",
        ),
        (
            simulation(200, 150, late=36),
            "",
            "(150 against 200), and loses between 0 and 3 SQLs a month; acceptance 50 % → 50 %. 36 of 150 were accepted or gone before they met the"
            " draft, half of them 9 days or more after the hand-over: they count in no share.",
        ),
        (simulation(200, 90, late=1), "", "1 of 90 was accepted or gone before it met the draft, 9 days after the hand-over: it counts in no share."),
        (simulation(0, 0), "Bar 2", "Neither this draft nor “Bar 2” handed over a lead in this period."),
    ],
)
def test_headline(found, against: str, expected: str) -> None:
    told = said(words.headline(found, against))
    assert expected in told and told.endswith(".") and "  " not in told


def test_what_is_unknown_widens_the_sqls_a_month() -> None:
    low, high = words.sqls_a_month(simulation(1000, 1100, lost=24, unknown=120))
    assert low == pytest.approx(-24 / (364 / 30.4375)) and high > low


def test_the_strip_says_what_it_is_held_against() -> None:
    assert [figure.change for figure in words.strip(simulation(1040, 520))] == ["before 20", "before 50 %", "before 50 %"]
    assert [figure.change for figure in words.strip(simulation(1040, 520), "Bar 2")] == ["other 20", "other 50 %", "other 50 %"]
    assert [figure.change for figure in words.strip(simulation(40, 20))][1:] == ["too few to say", "too few to say"]


def test_the_sentence_under_the_headline() -> None:
    assert words.reading("Q4", YEAR) == "Q4, replayed over leads of 15 Sep 2025 to 13 Sep 2026 as they were known then, against what happened."
    assert words.reading("", YEAR, "Bar 2").startswith("The draft, replayed") and words.reading("", YEAR, "Bar 2").endswith("against “Bar 2”.")
    assert "no outcome can be judged" in words.reading("", replace(YEAR, is_young=True))
    assert "begins no earlier" in words.reading("", replace(YEAR, is_cut=True))


def parts(sql: int, not_accepted: int) -> dict[str, int]:
    return {"sql": sql, "accepted": 0, "not_accepted": not_accepted, "early": 0, "unknown": 0, "decided": 0}


def test_the_title_of_the_bars() -> None:
    none = parts(0, 0)
    assert swap.title({"kept": parts(5, 5), "newly_in": none, "newly_out": none}) == "The draft hands over the same leads"
    told = swap.title({"kept": none, "newly_in": none, "newly_out": parts(10, 30)})
    assert told == "25 % of 40 leads that it no longer hands over had become SQL"
    assert "only the other hands over" in swap.title({"kept": none, "newly_in": none, "newly_out": parts(10, 30)}, "Bar 2")
    assert swap.title({"kept": none, "newly_in": parts(1, 0), "newly_out": parts(1, 2)}) == "1 lead would be new, 3 no longer handed over"


# ---- the draft in an address


@pytest.mark.parametrize(
    "draft",
    [DRAFT, Definition(), Definition("Only bars", ("email",), exclude=(FieldRule("is_competitor", "is", True),)), replace(DRAFT, name="ไทย <b>")],
)
def test_a_draft_comes_back_from_its_address(draft: Definition) -> None:
    token = desk.packed(draft)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", token) and desk._unpacked(token) == draft


def test_a_draft_too_long_for_an_address_is_not_put_there() -> None:
    rng = np.random.default_rng(3)
    values = tuple("".join(map(chr, rng.integers(97, 123, 12))) for _ in range(2000))
    assert desk.packed(replace(DRAFT, fit=(FieldRule("country", "one_of", values),))) == ""


# ---- a rule added, changed, removed


def test_threshold_and_k_of_n_follow_the_rules() -> None:
    assert with_rule(DRAFT, "points", 0, None).threshold == 15.0  # no more than all points together
    assert with_rule(with_rule(DRAFT, "points", 0, None), "points", 0, None).threshold is None
    assert with_rule(Definition(), "points", None, Points(FieldRule("country", "is", "US"), 15.0)).threshold == 15.0
    assert with_rule(DRAFT, "criteria", 0, None).at_least == 1
    assert with_rule(with_rule(DRAFT, "criteria", 0, None), "criteria", 0, None).at_least == 0
    assert with_rule(Definition(), "criteria", None, ActivityRule("webinar")).at_least == 1
    assert desk.is_unfinished(with_rule(Definition(fit=DRAFT.fit), "fit", 0, None))


# ---- the charts

SETS = {
    "kept": {"sql": 10, "accepted": 20, "not_accepted": 30, "early": 4, "unknown": 0, "decided": 0},
    "newly_in": {"sql": 0, "accepted": 0, "not_accepted": 0, "early": 0, "unknown": 12, "decided": 0},
    "newly_out": {"sql": 1, "accepted": 2, "not_accepted": 40, "early": 0, "unknown": 0, "decided": 0},
}


def sweep(judged: int = 200) -> pl.DataFrame:
    steps = range(20, 80)
    return pl.DataFrame(
        {
            "threshold": [float(step) for step in steps],
            "qualified": [1000 - 10 * step for step in steps],
            "no_outcome": [100 - step for step in steps],
            "judged": [judged for _ in steps],
            "is_accepted": [judged // 2 for _ in steps],
            "acceptance": [0.5 for _ in steps],
            "acceptance_low": [0.45 for _ in steps],
            "acceptance_high": [0.55 for _ in steps],
        }
    )


def weeks(quota: float | None = 20.0) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"week": date(2026, 8, 3) + timedelta(weeks=n), "baseline": 30 - n, "definition": 20 + n, "quota": quota, "is_whole": n > 0}
            for n in range(9)
        ],
        schema_overrides={"quota": pl.Float64},
    )


def every_chart(mode: str) -> dict[str, go.Figure]:
    edges = [float(n) for n in range(25)]
    return {
        "swap": charts.swap_bars(SETS, mode=mode),
        "acceptance": charts.threshold_acceptance(sweep(), 50.0, 0.4, 0.9, mode=mode),
        "volume": charts.threshold_volume(sweep(), 50.0, 12.0, 52, mode=mode),
        "heights": charts.score_heights(edges, [5] * 24, [9] * 24, 12.0, mode=mode),
        "weeks": charts.weekly_volume(weeks(), mode=mode),
    }


def every_empty_chart(mode: str) -> dict[str, go.Figure]:
    none = {name: dict.fromkeys(charts.SWAP_PARTS, 0) for name in charts.SWAP_SETS}
    return {
        "swap": charts.swap_bars(none, mode=mode),
        "acceptance": charts.threshold_acceptance(sweep(3), 50.0, None, 0.9, mode=mode),
        "volume": charts.threshold_volume(sweep().clear(), 50.0, 0.0, 52, mode=mode),
        "heights": charts.score_heights([0.0, 1.0], [1], [1], 12.0, mode=mode),
        "weeks": charts.weekly_volume(weeks().clear(), mode=mode),
    }


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_chart_keeps_the_house_rules(mode: str) -> None:
    empty, colours = every_empty_chart(mode), PALETTES[mode]
    allowed = {colours.page, colours.panel, colours.rule, colours.text, colours.quiet_text, colours.reached, colours.lost, colours.comparison,
               *colours.stages.values()}  # fmt: skip
    for name, figure in every_chart(mode).items():
        layout = figure.layout
        assert layout.height == empty[name].layout.height, f"{name}: nothing jumps when it is empty"
        assert layout.paper_bgcolor == "rgba(0,0,0,0)" and layout.title.text is None and layout.xaxis.fixedrange
        assert all(trace.hoverinfo in ("text", "skip") and trace.hovertemplate is None for trace in figure.data), name
        used = set(re.findall(r"#[0-9a-f]{6}", figure.to_json()))
        assert used <= allowed | ({colours.marketing} if name == "weeks" else set()), name  # the quota is marketing's promise
        json.loads(figure.to_json())
        go.Figure(figure.to_dict())
    for name, figure in empty.items():
        assert len(figure.data) == 0 and len(figure.layout.annotations) == 1, name


def test_the_bars_add_up_and_say_what_was_clicked() -> None:
    figure = charts.swap_bars(SETS)
    points = [tuple(point) for trace in figure.data for point in trace.customdata]
    assert len(points) == len(set(points)) and ("newly_in", "unknown") in points
    for place, (name, counts) in enumerate(SETS.items()):
        assert sum(trace.x[place] for trace in figure.data) == sum(counts.values())
        assert any(note.text == f"<b>{wording.count(sum(counts.values()))}</b>" for note in figure.layout.annotations), name
    other = [note.text for note in charts.swap_bars(SETS, names=charts.SWAP_SETS_AGAINST).layout.annotations]
    assert "Only by the other" in other and "No longer handed over" not in other


def test_every_alt_text_is_a_sentence_with_its_finding() -> None:
    told = {
        charts.swap_bars_alt(SETS): "64 leads handed over both ways, 12 only by the draft (12 never offered to sales), 43 no longer",
        charts.threshold_acceptance_alt(sweep(), 50.0): "50 % of 200",
        charts.threshold_acceptance_alt(sweep(3), 50.0): "Too few",
        charts.threshold_volume_alt(sweep(), 50.0, 50): "10 leads a week",
        charts.threshold_volume_alt(sweep(), 51.5, 50): "no score",
        charts.weekly_volume_alt(weeks()): "24.5 leads a week; before: 25.5. The quota is met in 8 of 8 weeks.",
        charts.weekly_volume_alt(weeks(None), "other"): "other: 25.5.",
        charts.weekly_volume_alt(weeks().clear()): "no whole week",
    }
    for text, finding in told.items():
        assert finding in text and text.endswith(".")


def test_where_acceptance_is_not_recorded_it_is_not_named() -> None:
    told = said(words.headline(simulation(200, 100, late=100), "", replace(can_tell.EVERYTHING, acceptance=False)))
    assert "100 of 100 were taken on or gone before they met the draft" in told and "accept" not in told
