"""Did it help: by hand, on planted worlds where the truth is known, and on a history counted row by row."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from plumbline.clock import day_start, time_zone
from plumbline.meeting.did_it_help import judged, of_a_promise, of_a_step
from plumbline.statistics.difference_in_differences import Counts, difference_in_differences
from plumbline.statistics.differences import difference, share_of
from tests.figures import measured
from tests.importing_support import build_history
from tests.in_processes import in_processes
from tests.oracle.episodes import FUNNEL, Episode
from tests.oracle.funnel import HORIZONS, Filters, chosen, has_converted
from tests.oracle.history import History as Told
from tests.oracle.random_histories import random_history, write_csv_folder

WORLDS = 300


def _world(rng: np.random.Generator, effect: float) -> tuple[Counts, Counts]:
    """A segment and everyone else, eight weeks before and after: both move alike for reasons of their own, the segment by `effect` more."""
    base, other_base = rng.uniform(0.2, 0.6), rng.uniform(0.2, 0.7)
    moved = rng.uniform(-0.12, 0.12)
    n, many = int(rng.integers(40, 400)), int(rng.integers(300, 4000))

    def drawn(share: float, rows: int) -> tuple[int, int]:
        return int(rng.binomial(rows, share)), rows

    group = (*drawn(base, n), *drawn(base + moved + effect, max(30, int(n * rng.uniform(0.6, 1.4)))))
    others = (*drawn(other_base, many), *drawn(other_base + moved, max(30, int(many * rng.uniform(0.6, 1.4)))))
    return Counts(*group), Counts(*others)


def test_the_interval_holds_the_truth_in_planted_worlds() -> None:
    rng = np.random.default_rng(20261201)
    inside = helped = 0
    for _ in range(WORLDS):
        told = judged(*_world(rng, 0.15))
        inside += not told.change.excludes(0.15)
        helped += told.verdict == "helped"
    measured(f"an action that helped by 15 points, {WORLDS} worlds: the interval holds it in {inside / WORLDS:.1%}, told in {helped / WORLDS:.1%}")
    assert inside / WORLDS >= 0.93


def test_where_everything_moved_alike_hardly_anything_helped() -> None:
    rng = np.random.default_rng(20261202)
    verdicts = [judged(*_world(rng, 0.0)).verdict for _ in range(WORLDS)]
    shares = {name: verdicts.count(name) / WORLDS for name in ("helped", "hurt")}
    measured(f"everything moved alike, {WORLDS} worlds: told as helped in {shares['helped']:.1%}, as hurt {shares['hurt']:.1%}")
    assert shares["helped"] <= 0.05


def test_under_thirty_items_on_any_side_it_is_too_early() -> None:
    many = Counts(300, 1000, 320, 1000)
    assert judged(Counts(2, 29, 25, 40), many).verdict == "too_early"
    assert judged(Counts(2, 40, 25, 29), many).verdict == "too_early"
    assert judged(Counts(2, 40, 25, 40), Counts(5, 29, 9, 100)).verdict == "too_early"
    assert judged(Counts(2, 40, 25, 30), many).verdict == "helped"
    assert judged(Counts(25, 40, 2, 30), many).verdict == "hurt"
    assert judged(Counts(10, 40, 10, 40), many).verdict == "chance"
    assert judged(Counts(0, 0, 0, 0), many).verdict == "too_early"


def test_about_everyone_it_is_the_change_alone() -> None:
    told = judged(Counts(20, 100, 50, 100), None)
    assert (told.others, told.verdict) == (None, "helped")
    assert told.change == difference(share_of(50, 100), share_of(20, 100))
    assert judged(Counts(20, 100, 50, 100), Counts(0, 0, 0, 0)).others is None


def test_the_interval_is_the_square_and_add_of_both() -> None:
    group, others = Counts(20, 100, 50, 100), Counts(300, 1000, 330, 1000)
    told = difference_in_differences(group, others)
    own, other = group.change(), others.change()
    assert told.value == pytest.approx(0.30 - 0.03)
    assert told.low == pytest.approx(told.value - ((own.value - own.low) ** 2 + (other.high - other.value) ** 2) ** 0.5)
    assert told.high == pytest.approx(told.value + ((own.high - own.value) ** 2 + (other.value - other.low) ** 2) ** 0.5)
    assert difference_in_differences(Counts(0, 0, 1, 2), others) is None


def test_items_of_a_promise_belong_to_the_weeks_in_which_they_began() -> None:
    done = date(2026, 6, 1)  # of Berlin: it begins at 22:00 UTC of the day before
    day = datetime(2026, 5, 31, 22)
    one, week = timedelta(microseconds=1), timedelta(weeks=8)
    starts = [day - week - one, day - week, day - one, day, day + week - timedelta(hours=0) - one, day + week, day]
    outcomes = ["met", "met", "missed_late", "met", "missed_open", "met", "too_early"]
    told = of_a_promise(pl.DataFrame({"start": starts, "outcome": outcomes}), done, "Europe/Berlin")
    assert told.group == Counts(1, 2, 1, 2)
    assert told.others is None
    part = of_a_promise(
        pl.DataFrame({"start": starts, "outcome": outcomes}), done, "Europe/Berlin", pl.Series([True, True, False, True, False, True, True])
    )
    assert (part.group, part.others) == (Counts(1, 1, 1, 1), Counts(0, 1, 0, 1))


def _counted(history: Told, stage: str, wanted: list[Episode], done_on: date, days: int) -> Counts:
    """One by one: which of these entered the step in the eight weeks before the day, or after it, had the time, and went on within it."""
    day, weeks = day_start(done_on, time_zone(history.time_zone)), timedelta(weeks=8)
    first, last = (day_start(done_on + sign * weeks, time_zone(history.time_zone)) for sign in (-1, 1))
    told = {"before": [0, 0], "after": [0, 0]}
    for each in wanted:
        at = each.entered.get(stage)
        if at is None or not first <= at < last or history.data_through - at < timedelta(days=days):
            continue
        part = told["before" if at < day else "after"]
        part[0] += has_converted(each, each.entered, stage, FUNNEL[FUNNEL.index(stage) + 1], timedelta(days=days))
        part[1] += 1
    return Counts(*told["before"], *told["after"])


def differing(seed: int, folder: Path) -> list[str]:
    """Questions in which the product counts other leads than the slow count does."""
    history, draw = random_history(seed), Random(seed)
    opened = build_history(folder / "in", folder / "h.duckdb", **write_csv_folder(history, folder / "in"))
    found = []
    everyone = chosen(history, Filters())
    for _ in range(3):
        rank = draw.randrange(1, 5)
        stage = FUNNEL[rank - 1]
        days = draw.choice((HORIZONS[stage], 1, 7))
        about = draw.choice(everyone).opened_at.date() if everyone else date(2026, 3, 1)
        done_on = about + timedelta(days=draw.randrange(-40, 40))
        source = draw.choice([each.attributes.get("source") for each in everyone] or [None])
        windows = {f"{name}_days": float(days if name == stage else HORIZONS[name]) for name in FUNNEL[:4]}
        segments = {"source": (source,)} if source and "source" in opened.fields else {}
        told = of_a_step(opened, rank, segments, done_on, windows)
        group = chosen(history, Filters(sources=(source,))) if segments else everyone
        theirs = _counted(history, stage, group, done_on, days)
        others = _counted(history, stage, [each for each in everyone if each not in group], done_on, days) if segments else None
        if others is not None and not others.n_before and not others.n_after:
            others = None
        if (told.group, told.others) != (theirs, others):
            found.append(f"{stage} {segments} {done_on}: {told.group} {told.others}, by hand {theirs} {others}")
    opened.close()
    return found


def test_leads_of_a_step_agree_with_a_slow_count() -> None:
    told = {seed: lines for seed, lines in in_processes(differing, 0, 30).items() if lines}
    measured(f"did it help, leads of a step counted one by one: 30 histories, {len(told)} differ {dict(list(told.items())[:3])}")
    assert not told
