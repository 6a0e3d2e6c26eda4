"""The Definition lab: opening, replay, sweep and simulation, beside our SQL form and beside what other engines do with the same question."""

from __future__ import annotations

import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import duckdb
import numpy as np

from benchmarks import engines
from benchmarks.engines import Answer
from benchmarks.measure import Row, median, once
from plumbline.definition import Definition, load
from plumbline.history.connection import History
from plumbline.replay import facts as lab
from plumbline.replay import run, sql_form
from plumbline.replay.plan import plan
from plumbline.replay.prepare import Events
from plumbline.simulation.run import Ground, Settings, ground, simulate

DEFINITIONS = {
    "plain": "12 kinds of acts, no fading",
    "fading": "12 kinds of acts, fading, 7 caps",
    "full": "fading, caps, windows, 2 of 5, gates, exclusions",
}
_GOAL_REPLAY, _GOAL_OPENING, _GOAL_SIMULATION = 0.150, 1.0, 1.0
_GOAL_SWEEP, _GOAL_ENGINE, _GOAL_SQL, _GOAL_GROWTH, _GOAL_MEMORY = 1.5, 5, 20, 10.5, 2.0
_NOTHING = float("nan")


def definition(name: str) -> Definition:
    return load(Path(__file__).parent / "definitions" / f"{name}.yaml")


def measured(history: Path, workspace: Path) -> list[Row]:
    """`workspace`: for the files of the other engines."""
    opening = median(lambda: lab.load(History(history)), 3)
    simulator = median(lambda: ground(lab.load(History(history))), 3)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        peak = alone.submit(_peak_gb, history).result()
    opened = History(history)
    found = lab.load(opened)
    rows = [
        Row("replay: opening the prepared columns", opening),
        Row("replay: opening the simulator, outcomes too", simulator, None, "", "<= 1 s", simulator <= _GOAL_OPENING),
        Row(f"replay: peak memory of replay, sweep and simulation: {peak:.1f} GB", _NOTHING, None, "", "<= 2 GB", peak <= _GOAL_MEMORY),
        Row("floor: one scan of the kinds of acts", median(found.events.kind.max)),
    ]
    ours: dict[str, float] = {}
    for name, told in DEFINITIONS.items():
        ours[name], more = _ours(found, definition(name), told)
        rows += more
    rows.append(_whole_simulation(found))
    sql, answers = _sql_forms(history, found)
    for name, seconds in sql.items():
        ratio = seconds / ours[name]
        rows.append(
            Row(f"{name}: our SQL form, {_same(answers[name], _ours_answer(found, name))}", seconds, ratio, "ours", ">= 20 x", ratio >= _GOAL_SQL)
        )
    rows += _others(found, ours, workspace)
    opened.close()
    return rows


def _ours(found: lab.Facts, asked: Definition, told: str) -> tuple[float, list[Row]]:
    """(seconds of one replay, rows): replay, its plan alone, the sweep, and how it grows."""
    tenth = lab.Facts(found.history, first_leads(found.events, found.leads // 10))
    made = plan(asked, found)
    whole = median(lambda: run.replay(asked, found))
    small = median(lambda: run.replay(asked, tenth))
    planned = median(lambda: plan(asked, found))
    compiled = median(lambda: run.replay_plan(made, asked, found))
    wanted = sweep_of(asked, found)
    swept = median(lambda: run.sweep(asked, found, wanted, made=made))
    n = int(run.replay(asked, found).qualified.sum())
    return whole, [
        Row(f"replay: {told} ({n:,} qualify)", whole, None, "", "<= 150 ms", whole <= _GOAL_REPLAY),
        Row("its plan: rules on fields, by distinct cell", planned),
        Row("the same of a tenth of the leads", small, whole / small, "the tenth's", "<= 10.5 x", whole / small <= _GOAL_GROWTH),
        Row(
            f"sweep of {len(wanted.thresholds)} thresholds",
            swept,
            swept / compiled,
            "one replay, planned",
            "<= 1.5 x",
            swept / compiled <= _GOAL_SWEEP,
        ),
    ]


def sweep_of(asked: Definition, found: lab.Facts) -> run.Asked:
    """A hundred thresholds, the definition's own among them, from a quarter of it to twice it; counted by week of the last year and by group."""
    thresholds = np.unique(np.r_[np.linspace(0.25, 2.0, 99) * asked.threshold, asked.threshold])
    edges = found.data_through - 7 * 86_400_000_000 * np.arange(52, -1, -1)
    group, never = (np.arange(found.leads) % 20).astype(np.uint8), np.full(found.leads, run.NEVER)
    return run.Asked(thresholds, edges, group, 20, never, never, group)


def first_leads(events: Events, leads: int) -> Events:
    """The columns of the first `leads` leads."""
    acts, changes = events.offsets[leads], events.change_offsets[leads]
    ends = {"kind": acts, "occurred": acts, "offsets": leads + 1, "change_offsets": leads + 1, "late_known": len(events.late_known)}
    arrays = [one.name for one in fields(events) if isinstance(getattr(events, one.name), np.ndarray)]
    by_lead = ("lead_no", "created", "late_at", "lead_kinds")
    return replace(events, **{name: getattr(events, name)[: leads if name in by_lead else ends.get(name, changes)] for name in arrays})


def _simulation(found: lab.Facts, ready: Ground) -> Callable[[], object]:
    last = found.history.about.data_through.date()
    settings = Settings(last - timedelta(days=365), last, quota=max(1.0, found.leads / 20), capacity=25)
    asked = definition("full")
    return lambda: simulate(asked, None, ready, settings)


def _whole_simulation(found: lab.Facts) -> Row:
    seconds = median(_simulation(found, ground(found)), 5)
    return Row("the whole simulation of the last year", seconds, None, "", "<= 1 s", seconds <= _GOAL_SIMULATION)


def _peak_gb(history: Path) -> float:
    """The most that a process of its own has resident that does all of this, mapped columns included (Linux counts in KiB)."""
    found = lab.load(History(history))
    for name in DEFINITIONS:
        run.sweep(definition(name), found, sweep_of(definition(name), found))
    _simulation(found, ground(found))()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def _answer(at: np.ndarray) -> Answer:
    return len(at), int(at.sum())


def _ours_answer(found: lab.Facts, name: str) -> Answer:
    decisions = run.replay(definition(name), found)
    return _answer(decisions.qualified_at[decisions.qualified])


def _same(theirs: Answer, ours: Answer) -> str:
    return "same answer" if theirs == ours else f"ANOTHER ANSWER ({theirs[0]:,} leads where ours has {ours[0]:,})"


def _sql_forms(history: Path, found: lab.Facts) -> tuple[dict[str, float], dict[str, Answer]]:
    """Once each, on a connection without the app's time limit."""
    seconds, answers = {}, {}
    with duckdb.connect() as con:
        con.execute(f"attach '{str(found.history.file).replace(chr(39), chr(39) * 2)}' as history (read_only)")
        for name in ("plain", "full"):  # minutes at a million leads
            made = sql_form.form(definition(name), found)
            told = []
            seconds[name] = once(lambda made=made, told=told: told.append(con.sql(made.statement, params=made.values).pl())).wall
            answers[name] = _answer(told[0]["qualified_us"].drop_nulls().to_numpy())
    return seconds, answers


def _others(found: lab.Facts, ours: dict[str, float], workspace: Path) -> list[Row]:
    acts = engines.acts_of(found.events)
    rows = []
    best: dict[str, float] = {}
    for name in ("plain", "fading"):
        expected = _ours_answer(found, name)
        ways = engines.in_memory(acts, definition(name)) if name == "plain" else {}
        for way, ask in ways.items():
            seconds = median(ask, 3)
            rows.append(Row(f"{name}: {way}, {_same(ask(), expected)}", seconds, seconds / ours[name], "ours"))
    with engines.clickhouse(acts, workspace) as query:
        if query is None:
            return [*rows, Row("ClickHouse: chdb is not installed (requirements-bench.in), left out", _NOTHING)]
        for name in ("plain", "fading"):
            expected = _ours_answer(found, name)
            for way, ask in engines.in_clickhouse(query, found.events.kinds, definition(name)).items():
                seconds = median(ask, 3)
                best[name] = min(best.get(name, seconds), seconds)
                rows.append(Row(f"{name}: {way}, {_same(ask(), expected)}", seconds, seconds / ours[name], "ours"))
            ratio = best[name] / ours[name]
            rows.append(Row(f"{name}: the best form of ClickHouse", best[name], ratio, "ours", ">= 5 x", ratio >= _GOAL_ENGINE))
    return rows
