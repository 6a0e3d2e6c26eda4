"""The simulation against the slow oracle, on random histories: counts, weeks, rates, load and each threshold of the sweep."""

from __future__ import annotations

import json
import math
import os
from datetime import date
from pathlib import Path

import pytest

from plumbline.definition import parse
from plumbline.errors import InputError
from plumbline.simulation.run import Settings, ground, simulate
from tests.cli_support import plumbline
from tests.figures import measured
from tests.importing_support import build_history
from tests.in_processes import in_processes
from tests.oracle import replay as slow_replay
from tests.oracle import simulation as oracle
from tests.oracle.random_histories import write_csv_folder
from tests.oracle.random_simulations import random_question, random_simulation_history
from tests.test_replay_oracle import loaded

SHORT, WHOLE = 36, 1000  # histories
QUESTIONS = 2  # of each history
_SWEPT = 12  # thresholds of a sweep that are replayed, one by one; both ends and the own one are among them


def _same(ours: object, theirs: object) -> bool:
    if isinstance(theirs, float) and isinstance(ours, int | float) and not isinstance(ours, bool):
        return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=6e-5)  # shifts are rounded to four digits
    return type(ours) is type(theirs) and ours == theirs


def compared(summary: dict, theirs: dict) -> list[str]:
    """Names of the figures that differ, each with both values."""
    told = []

    def one(name: str, ours: object, other: object) -> None:
        if not _same(ours, other):
            told.append(f"{name}: {ours!r}, oracle {other!r}")

    def each(name: str, ours: dict, other: dict, only: tuple[str, ...] = ()) -> None:
        for key, value in other.items():
            if not only or key in only:
                one(f"{name} {key}", ours.get(key), value)

    one("population", summary["population"], theirs["population"])
    each("qualified", summary["qualified"], theirs["qualified"])
    one("weeks", len(summary["per_week"]), len(theirs["per_week"]))
    for ours, other in zip(summary["per_week"], theirs["per_week"], strict=False):
        each(f"week {other['week']}", ours, other)
    for name, counts in theirs["swap_set"].items():
        each(name, summary["swap_set"][name], counts)
        one(f"{name} figures", sorted(summary["swap_set"][name]), sorted(counts))
    for rate in ("acceptance", "sql_rate"):
        for side, (k, n) in theirs[rate].items():
            each(f"{rate} {side}", summary[rate][side], {"k": k, "n": n, "rate": k / n if n else None, "unknown": theirs["unknown"][side]})
            one(f"{rate} {side} decided before", summary[rate][side]["decided_before"], theirs["decided_before"][side])
        worst = summary["bounds"][rate]["worst"]
        one(f"{rate} has bounds", worst is not None, theirs["worst"][rate] is not None)
        if worst and theirs["worst"][rate]:
            each(f"{rate} worst", worst, dict(zip(("low", "high"), theirs["worst"][rate], strict=True)))
    one("reps", summary["load"]["reps"], theirs["reps"])
    for side, load in theirs["load"].items():
        if load is None or summary["load"][side] is None:
            one(f"load {side}", summary["load"][side], load)
        else:
            each(f"load {side}", summary["load"][side], load)
    rows = {row["threshold"]: row for row in summary["sweep"]}
    for row in theirs["sweep"]:
        each(f"threshold {row['threshold']}", rows[row["threshold"]], row)
    return told


def _some(thresholds: list[float], own: float) -> list[float]:
    if len(thresholds) <= _SWEPT:
        return thresholds
    step = len(thresholds) / (_SWEPT - 2)
    return sorted({thresholds[int(n * step)] for n in range(_SWEPT - 2)} | {thresholds[-1], own})


def differences(seed: int, folder: Path) -> tuple[list[str], int]:
    """(what differs on random history `seed`, rows of sweeps compared)."""
    history = random_simulation_history(seed)
    told, rows = [], 0
    with loaded(history, folder) as found:
        stage = ground(found)
        for number in range(QUESTIONS):
            asked = random_question(seed, history, number)
            draft, base = (None if one is None else parse(json.dumps(one, ensure_ascii=False)) for one in (asked.definition, asked.baseline))
            simulated = simulate(draft, base, stage, Settings(asked.since, asked.until, asked.quota, asked.capacity))
            ours = simulated.summary
            thresholds = _some([row["threshold"] for row in ours["sweep"]], oracle.own_threshold(asked.definition)) if ours["sweep"] else []
            theirs = oracle.simulate(history, asked, thresholds)
            rows += len(thresholds)
            if bool(ours["sweep"]) != ("score" in asked.definition):
                told.append(f"{seed} {number}: sweep of {len(ours['sweep'])} rows")
            if "score" in asked.definition:
                peaks = oracle.peaks(history, asked.definition, simulated.swept.thresholds.tolist(), asked)
                heights = dict(zip(found.lead_ids(), simulated.swept.peak.tolist(), strict=True))
                if wrong := [(lead_id, heights[lead_id], peak) for lead_id, peak in peaks.items() if heights[lead_id] != peak]:
                    told.append(f"{seed} {number}: heights at hand-over of {len(wrong)} leads, {wrong[:2]}")
            if wrong := compared(ours, theirs):
                told.append(f"{seed} {number}, {asked.since} to {asked.until} {history.time_zone}: {len(wrong)} differ, {wrong[:3]}")
    return told, rows


def _compare(first: int, count: int) -> None:
    found = in_processes(differences, first, count).values()
    told = [line for lines, _ in found for line in lines]
    rows = sum(rows for _, rows in found)
    measured(f"simulation against the slow oracle: {count} histories x {QUESTIONS}, {rows} thresholds, {len(told)} differ {told[:3]}")
    assert not told
    assert rows > 5 * count


@pytest.mark.timeout(1200)
def test_simulation_agrees_with_oracle() -> None:
    _compare(0, int(os.environ.get("TEST_HISTORIES", SHORT)))


@pytest.mark.long
@pytest.mark.timeout(0)
def test_simulation_agrees_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)


def test_the_oracle_walks_thresholds_as_it_replays() -> None:
    """The oracle asks all thresholds in one walk; a replay of each by its other function says the same."""
    asked_of = 0
    for seed in range(12):
        history = random_simulation_history(seed)
        definition = random_question(seed, history).definition
        if "score" not in definition:
            continue
        own = oracle.own_threshold(definition)
        for threshold, found in oracle.passing(history, definition, [own, own - 5, own / 2]).items():
            other = definition | {"score": definition["score"] | {"threshold": threshold}}
            replayed = {lead_id: at for lead_id, (at, _) in slow_replay.replay(history, other).items() if at is not None}
            assert found == replayed
            asked_of += 1
    assert asked_of >= 20


def _walk(value: object, where: str = "") -> None:
    """Plain JSON: no texts that were booleans or numbers, nothing that is not finite."""
    if isinstance(value, dict):
        for name, one in value.items():
            _walk(one, f"{where}.{name}")
    elif isinstance(value, list):
        for one in value:
            _walk(one, where)
    elif isinstance(value, str):
        assert (value not in ("True", "False", "None", "nan", "inf") and not value.replace(".", "").replace("-", "").isdigit()) or _is_day(value), (
            where
        )
    else:
        assert value is None or math.isfinite(value), where


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _refused(constant: str) -> float:
    raise AssertionError(f"{constant} in JSON")


@pytest.mark.parametrize(("seed", "form"), [(3, "table"), (9, "csv")])
def test_command_line_agrees_with_oracle(seed: int, form: str, tmp_path: Path) -> None:
    history = random_simulation_history(seed)
    asked = random_question(seed, history)
    options = write_csv_folder(history, tmp_path / "in")
    build_history(tmp_path / "in", tmp_path / "h.duckdb", **options).close()
    arguments = ["--since", asked.since, "--until", asked.until]
    for name, definition in (("--definition", asked.definition), ("--baseline", asked.baseline)):
        if definition is not None:
            file = tmp_path / f"{name[2:]}.yaml"
            file.write_text(json.dumps(definition, ensure_ascii=False), encoding="utf-8")
            arguments += [name, file]
    for name, value in (("--quota", asked.quota), ("--capacity", asked.capacity)):
        arguments += [] if value is None else [name, value]
    said = plumbline("simulate", "--history", tmp_path / "h.duckdb", *arguments, "--format", "json")
    assert said.status == 0, said.err
    summary = json.loads(said.out, parse_constant=_refused)
    _walk(summary)
    assert {"period", "population", "qualified", "per_week", "swap_set", "acceptance", "sql_rate", "bounds", "load"} <= set(summary)
    assert {"sweep", "frontier", "validation", "assumptions"} <= set(summary)
    for row in summary["per_week"]:
        row["week"] = date.fromisoformat(row["week"])
    thresholds = [row["threshold"] for row in summary["sweep"]]
    assert not compared(summary, oracle.simulate(history, asked, thresholds))
    shown = plumbline("simulate", "--history", tmp_path / "h.duckdb", *arguments, "--format", form)
    assert shown.status == 0 and shown.out and "Traceback" not in shown.err


def test_bad_options_are_refused(sample_file: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_text("score: {threshold: 10, points: [{activity: webinar, points: 10}]}\n", encoding="utf-8")
    bad = tmp_path / "bad.yaml"
    bad.write_text("score: {treshold: 10}\n", encoding="utf-8")
    days = ["--since", "2026-01-01", "--until", "2026-04-01"]
    there = ["--history", sample_file]
    refused = {
        "an earlier end": ["--definition", good, "--since", "2026-04-01", "--until", "2026-04-01", *there],
        "no day": ["--definition", good, "--since", "April", "--until", "2026-04-01", *there],
        "no file": ["--definition", tmp_path / "none.yaml", *days, *there],
        "bad file": ["--definition", bad, *days, *there],
        "bad baseline": ["--definition", good, "--baseline", bad, *days, *there],
        "no history": ["--definition", good, *days, "--history", tmp_path / "none.duckdb"],
    }
    for name, arguments in refused.items():
        assert plumbline("simulate", *arguments).refusal, name
    for arguments in (["--definition", good, *there], ["--definition", good, *days, "--quota", "many", *there]):
        said = plumbline("simulate", *arguments)
        assert said.status == 2 and "Traceback" not in said.err


@pytest.mark.parametrize("wrong", [{"quota": 0.0}, {"quota": math.nan}, {"capacity": -1.0}, {"capacity": math.inf}, {"until": date(2036, 1, 10)}])
def test_bad_terms_are_refused(wrong: dict) -> None:
    with pytest.raises(InputError):
        Settings(**{"since": date(2026, 1, 1), "until": date(2026, 4, 1)} | wrong)
