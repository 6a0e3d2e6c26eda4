"""The simulation that is signed: the period it takes, its bytes again from its record, and what newer data move in it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from plumbline.agreement import frozen, versions
from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.importing.run import Options, import_files
from plumbline.replay import facts as lab
from tests.agreement_support import TEXT, agreement, made, run, simulated
from tests.importing_support import write_table
from tests.state_support import ANN, BOB


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    assert run("sample", "--leads", 500, "--seed", 4, "--folder", folder).status == 0
    return folder


@pytest.fixture
def history(tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "h.duckdb"
    import_files("canonical", [tables], path, Options(data_through="2026-10-15"))
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(path))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    return path


def test_the_same_snapshot_and_seed_give_the_same_bytes(history: Path) -> None:
    one = frozen.run(agreement(), History(history), ANN)
    other = frozen.run(agreement(), History(history), BOB)
    assert one.results == other.results and one.fingerprint == other.fingerprint
    assert frozen.run(agreement(), History(history), ANN, seed=7).results != one.results
    assert frozen.run(agreement(employees=300), History(history), ANN).results != one.results


def test_no_instant_of_the_run_is_in_the_results_and_they_are_canonical(history: Path) -> None:
    made_at = frozen.run(agreement(), History(history), ANN)
    told = made_at.told()
    assert json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() == made_at.results
    assert "seconds" not in made_at.results.decode() and "2026-11-14" not in made_at.results.decode()


def test_a_simulation_is_worked_out_again_from_its_record_byte_for_byte(history: Path, tables: Path, tmp_path: Path) -> None:
    number = simulated(tmp_path)
    kept = versions.version(number)
    assert frozen.again(kept, history) == kept.frozen.results
    import_files("canonical", [tables], history, Options(data_through="2026-11-10"))  # a later import: the record names the older snapshot
    assert frozen.again(kept, history) == kept.frozen.results
    assert made("reproduce", number)["same"] is True
    for file in (history.parent / "h.duckdb.snapshots").glob(f"{kept.frozen.snapshot}*"):
        file.unlink()
    with pytest.raises(InputError, match="is gone"):
        frozen.again(kept, history)


def test_the_period_holds_a_year_of_leads_that_can_all_be_judged(history: Path) -> None:
    facts = lab.load(History(history))
    since, until, is_mature = frozen.period(facts)
    assert is_mature and until - since == timedelta(weeks=52) and until.weekday() == since.weekday() == 0
    last_judged = date(2026, 10, 15) - timedelta(days=59)
    assert last_judged - timedelta(days=7) < until <= last_judged
    told = frozen.run(agreement(), History(history), ANN).told()
    assert told["period"] == {"since": str(since), "until": str(until), "is_mature": True, "mql_days": 14, "sal_days": 45}


def test_a_young_history_is_taken_whole_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = ["lead_id,created_at,employees", *(f"L{n},2026-03-{1 + n % 20:02d}T10:00:00Z,{50 * n}" for n in range(40))]
    write_table(tmp_path / "in", "leads", "\n".join(leads))
    changes = ["lead_id,stage,occurred_at", *(f"L{n},mql,2026-03-{2 + n % 20:02d}T10:00:00Z" for n in range(40))]
    write_table(tmp_path / "in", "stage_changes", "\n".join(changes))
    import_files("canonical", [tmp_path / "in"], tmp_path / "h.duckdb", Options(data_through="2026-03-31"))
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(tmp_path / "h.duckdb"))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    assert frozen.period(lab.load(History(tmp_path / "h.duckdb"))) == (date(2026, 2, 23), date(2026, 4, 1), False)
    file = tmp_path / "a.yaml"
    file.write_text(TEXT.split("sales:")[0].replace("  hand_over: {within: 4h, share: 0.9}\n", ""), encoding="utf-8")
    number = made("new", file)["id"]
    assert run("agreement", "sign", number, "--side", "sales", "--by", "Bob").status == 1
    said = run("agreement", "simulate", number, "--format", "json")
    assert said.status == 0 and "younger than the funnel's windows" in said.err
    assert said.json["results"]["summary"]["qualified"]["definition"] == 38  # of 40: two have fewer than 100


def test_the_second_signer_is_told_what_newer_data_move(history: Path, tables: Path, tmp_path: Path) -> None:
    number = simulated(tmp_path)
    seal = made("show", number)["seal"]
    made("sign", number, "--side", "marketing", "--by", "Ann")
    assert frozen.moved(versions.version(number), History(history)) == []
    import_files("canonical", [tables], history, Options(data_through="2026-11-10"))
    figures = {one.name: (one.frozen, one.now) for one in frozen.moved(versions.version(number), History(history))}
    assert figures["period"][0] != figures["period"][1] and "qualified leads a week" in figures
    said = run("agreement", "sign", number, "--side", "sales", "--by", "Bob", "--format", "json")
    assert said.json["seal"] == seal and len(said.json["signatures"]) == 2  # the frozen one is what is signed
    assert "with the data of now, qualified leads a week: " in said.err and "runs it anew" in said.err
