"""What changed in a week, what was sent back, what was won: counted one by one on random histories, and on weeks whose truth is known."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from plumbline.clock import day_start, monday, time_zone
from plumbline.leaks.reasons import reason_class
from plumbline.meeting.changes import FIGURES, WEEKS, Change, Figure, changes, judged, of_a_count, of_a_share
from plumbline.meeting.events import rejections, wins
from tests.figures import measured
from tests.importing_support import build_history
from tests.in_processes import in_processes
from tests.oracle.episodes import FUNNEL, episodes
from tests.oracle.funnel import HORIZONS, has_converted
from tests.oracle.random_histories import random_history, write_csv_folder

MQLS, ACCEPTANCE = (next(figure for figure in FIGURES if figure.key == key) for key in ("mqls", "acceptance"))
DAYS = {f"{stage}_days": float(days) for stage, days in HORIZONS.items()}


def differing(seed: int, folder: Path) -> list[str]:
    """Figures of some weeks of random history `seed` that are not what counting one by one gives."""
    history, draw = random_history(seed), Random(seed)
    opened = build_history(folder / "in", folder / "h.duckdb", **write_csv_folder(history, folder / "in"))
    everyone, found = episodes(history), []
    for _ in range(3):
        about = draw.choice(everyone).opened_at.date() if everyone else date(2026, 3, 2)
        week = monday(about + timedelta(days=draw.randrange(-10, 70)))
        first, now, last = (day_start(week + timedelta(weeks=weeks), time_zone(history.time_zone)) for weeks in (-WEEKS, 0, 1))
        told = {change.figure.key: change for change in changes(opened, week, DAYS)}
        for figure in FIGURES:
            stage = FUNNEL[figure.stage_rank - 1]
            counts = {True: [0, 0], False: [0, 0]}
            for each in everyone:
                at = each.observed.get(stage)
                if figure.is_share:
                    entered = each.entered.get(stage)
                    at = None if entered is None else entered + timedelta(days=HORIZONS[stage])
                    at = None if at is None or at > history.data_through else at
                if at is None or not first <= at < last:
                    continue
                counts[at >= now][0] += 1
                if figure.is_share:
                    following = FUNNEL[figure.stage_rank]
                    counts[at >= now][1] += has_converted(each, each.entered, stage, following, timedelta(days=HORIZONS[stage]))
            change = told.get(figure.key)
            if change is None:  # not recorded, or nothing in these weeks
                is_recorded = all(
                    opened.recorded.stage(name) == "own" for name in FUNNEL[figure.stage_rank - 1 : figure.stage_rank + figure.is_share]
                )
                if is_recorded and (counts[True][0] or counts[False][0]):
                    found.append(f"{figure.key} {week}: nothing told")
                continue
            n_now, n_before = counts[True][0], counts[False][0]
            now_is, before = (n_now, n_before / WEEKS)
            if figure.is_share:
                now_is, before = (counts[side][1] / counts[side][0] if counts[side][0] else 0.0 for side in (True, False))
            if (change.n_now, change.n_before) != (n_now, n_before) or abs(change.now - now_is) > 1e-9 or abs(change.before - before) > 1e-9:
                found.append(f"{figure.key} {week}: {change}, by hand {counts}")
        gone: dict[str, list[int]] = {}
        for each in everyone:
            if each.exit_stage == "rejected" and "won" not in each.observed and first <= each.closed_at < last:
                gone.setdefault(reason_class(each.exit_reason), [0, 0])[each.closed_at < now] += 1
        ours = {row["reason"]: [row["n"], row["n_before"]] for row in rejections(opened, week).to_dicts()}
        if ours != gone:
            found.append(f"rejections {week}: {ours}, by hand {gone}")
        won = sorted((each.lead_id, each.observed["won"]) for each in everyone if "won" in each.observed and now <= each.observed["won"] < last)
        if sorted(wins(opened, week).select("lead_id", "won_at").iter_rows()) != won:
            found.append(f"wins {week}: by hand {won}")
    opened.close()
    return found


def test_weeks_agree_with_a_slow_count() -> None:
    told = {seed: lines for seed, lines in in_processes(differing, 0, 30).items() if lines}
    measured(
        f"figures of weeks, rejections and wins counted one by one: 30 histories, 3 weeks each, {len(told)} differ {dict(list(told.items())[:2])}"
    )
    assert not told


def _rows(n_now: int, n_before: int, k_now: int = 0, k_before: int = 0) -> pl.DataFrame:
    return pl.DataFrame({"is_now": [True, False], "n": [n_now, n_before], "k": [k_now, k_before]})


def test_a_week_like_the_others_is_told_once_in_a_hundred() -> None:
    rng = np.random.default_rng(20261203)
    told = [0, 0]
    worlds = 1500
    for _ in range(worlds):
        mean = rng.uniform(10, 80)
        told[0] += judged(MQLS, _rows(int(rng.poisson(mean)), int(rng.poisson(mean * WEEKS)))).is_told
        share, n = rng.uniform(0.2, 0.8), int(rng.integers(30, 90))
        told[1] += judged(ACCEPTANCE, _rows(n, n * WEEKS, int(rng.binomial(n, share)), int(rng.binomial(n * WEEKS, share)))).is_told
    measured(f"weeks like the eight before, {worlds}: told as changed, counts in {told[0] / worlds:.1%}, shares in {told[1] / worlds:.1%}")
    assert max(told) / worlds <= 0.02


@pytest.mark.parametrize(
    ("figure", "rows", "is_told", "is_thin"),
    [
        (MQLS, _rows(80, 304), True, False),
        (MQLS, _rows(10, 304), True, False),
        (MQLS, _rows(45, 304), False, False),
        (MQLS, _rows(30, 63), False, True),
        (ACCEPTANCE, _rows(29, 300, 29, 100), False, True),
        (ACCEPTANCE, _rows(30, 300, 24, 100), True, False),
        (ACCEPTANCE, _rows(40, 300, 14, 100), False, False),
    ],
)
def test_a_change_is_told_beyond_chance_alone(figure: Figure, rows: pl.DataFrame, is_told: bool, is_thin: bool) -> None:
    change = judged(figure, rows)
    assert (change.is_told, change.is_thin) == (is_told, is_thin)


def _groups(*rows: tuple[str | None, int, int, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["value", "n0", "k0", "n1", "k1"], orient="row")


def _change(figure: Figure, groups: pl.DataFrame) -> Change:
    sums = {name: int(groups[name].sum()) for name in ("n0", "k0", "n1", "k1")}
    return judged(figure, _rows(sums["n1"], sums["n0"], sums["k1"], sums["k0"]))


def test_a_count_names_the_group_that_moved() -> None:
    groups = _groups(("partner", 160, 0, 4, 0), ("web", 160, 0, 21, 0), (None, 8, 0, 1, 0))
    why = of_a_count(_change(MQLS, groups), "source", groups)
    assert (why.kind, why.value, why.now, why.before) == ("count", "partner", 4, 20.0)
    spread = _groups(*((f"s{n}", 80, 0, 4, 0) for n in range(5)))
    assert of_a_count(_change(MQLS, spread), "source", spread) is None
    small = _groups(("a", 40, 0, 0, 0), ("b", 400, 0, 50, 0))
    assert of_a_count(_change(MQLS, small), "source", small) is None  # under ten in both


def test_other_leads_are_mix_and_worse_leads_are_rate() -> None:
    mixed = _groups(("good", 700, 490, 20, 14), ("poor", 100, 20, 80, 16))
    why = of_a_share(_change(ACCEPTANCE, mixed), "source", mixed)
    assert why.kind == "mix" and {why.now, why.before} <= {0.8, 0.2, 0.125, 0.875}
    worse = _groups(("web", 400, 200, 50, 25), ("partner", 400, 240, 50, 5))
    why = of_a_share(_change(ACCEPTANCE, worse), "source", worse)
    assert (why.kind, why.value, why.now, why.before) == ("rate", "partner", 0.1, 0.6)
    alone = _groups(("web", 400, 200, 50, 5))
    assert of_a_share(_change(ACCEPTANCE, alone), "source", alone) is None
