"""What reading processes may take, the queue in which they wait, and the one line for whatever goes wrong in them."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from plumbline.errors import InputError
from plumbline.importing import limits, preview, run
from plumbline.importing.failure import explained, unforeseen, write_log
from plumbline.importing.job import Job
from plumbline.importing.run import Options, import_files
from plumbline.importing.supervise import run_child
from plumbline.importing.turns import IMPORTS, Turns
from tests.cli_support import ROOT, command, plumbline
from tests.figures import measured

LEADS = "lead_id,created_at,source\nL1,2026-01-01,web\nL2,2026-01-02,ads\n"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    place = tmp_path / "tables"
    place.mkdir()
    (place / "leads.csv").write_text(LEADS, encoding="utf-8")
    return place


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kilobytes", [4_000_000, 2_000_000])
def test_a_lower_limit_of_the_shell_stays(tables: Path, tmp_path: Path, kilobytes: int) -> None:
    words = " ".join(f"'{word}'" for word in command("import", "canonical", tables, "--history", tmp_path / "h.duckdb"))
    done = subprocess.run(["bash", "-c", f"ulimit -v {kilobytes}; exec {words}"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


def test_too_little_address_space_is_one_line(tables: Path, tmp_path: Path) -> None:
    words = " ".join(f"'{word}'" for word in command("import", "canonical", tables, "--history", tmp_path / "h.duckdb"))
    for kilobytes in (1_100_000, 1_000_000, 950_000, 900_000, 875_000, 850_000, 800_000, 750_000):
        done = subprocess.run(["bash", "-c", f"ulimit -v {kilobytes}; exec {words}"], capture_output=True, text=True, cwd=ROOT, check=False)
        if done.returncode:
            assert re.fullmatch(r"error: .*(memory|ulimit).*\n", done.stderr.splitlines(keepends=True)[-1]), done.stderr
            assert "report" not in done.stderr


def test_the_default_fits_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLUMBLINE_IMPORT_MEMORY_MB", raising=False)
    assert limits.import_mb() + limits.preview_mb() == limits.children_mb() <= 0.7 * limits.machine_mb()
    monkeypatch.setenv("PLUMBLINE_IMPORT_MEMORY_MB", "1000")
    assert (limits.import_mb(), limits.preview_mb(), limits.children_mb()) == (750, 250, 1000)


def test_a_child_that_takes_too_much_memory_or_time_is_ended() -> None:
    heard: list[dict] = []
    began = time.monotonic()
    ending = run_child("tests.hungry", [json.dumps({"memory": True, "seconds": 0})], 60, 100, heard.append)
    assert (ending.cut, ending.status, heard) == ("memory", -9, [{"began": True}])
    ending = run_child("tests.hungry", [json.dumps({"memory": False, "seconds": 60})], 2, 100, heard.append)
    assert ending.cut == "late" and time.monotonic() - began < 60
    ending = run_child("tests.hungry", [json.dumps({"memory": False, "seconds": 0, "words": "MemoryError: no\n"})], 60, 100, heard.append)
    assert (ending.cut, ending.status, ending.last_word) == ("", 1, "MemoryError: no")


# --- the queue --------------------------------------------------------------------------------------------------------


def test_turns_come_in_order_and_who_waits_knows_the_place() -> None:
    turns, order, places = Turns(), [], {}
    gate = threading.Event()

    def take(number: int) -> None:
        with turns.turn(lambda before: places.setdefault(number, before)):
            order.append(number)
            gate.wait(20)

    threads = []
    for number in range(4):
        threads.append(threading.Thread(target=take, args=(number,)))
        threads[-1].start()
        deadline = time.monotonic() + 20
        while len(order) + len(places) <= number and time.monotonic() < deadline:
            time.sleep(0.01)
    assert order == [0] and places == {1: 1, 2: 2, 3: 3}
    gate.set()
    for thread in threads:
        thread.join(20)
    assert order == [0, 1, 2, 3]


def test_who_leaves_the_queue_holds_up_nobody() -> None:
    turns = Turns()

    def leave(before: int) -> None:
        raise InputError("cancelled")

    with turns.turn(), pytest.raises(InputError), turns.turn(leave):
        pass
    with turns.turn(leave):
        pass


def test_an_import_waits_for_the_one_before_it_and_says_so(tables: Path, tmp_path: Path) -> None:
    said: list[str] = []
    with IMPORTS.turn():
        waits = threading.Thread(
            target=lambda: import_files("canonical", [tables], tmp_path / "h.duckdb", Options(), lambda step, share: said.append(step))
        )
        waits.start()
        deadline = time.monotonic() + 20
        while not said and time.monotonic() < deadline:
            time.sleep(0.02)
        assert said[0] == "waiting: 1 other import or check goes first" and not (tmp_path / "h.duckdb").exists()
    waits.join(60)
    assert (tmp_path / "h.duckdb").exists()


# --- what went wrong --------------------------------------------------------------------------------------------------

FULL = OSError(errno.ENOSPC, "No space left on device", "/x/y")


@pytest.mark.parametrize(
    ("problem", "what"),
    [
        (FULL, "no space left on "),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "the disk quota on "),
        (OSError(errno.EFBIG, "File too large"), "a file grew over the largest"),
        (OSError(errno.EIO, "Input/output error", "/x"), "Input/output error"),
        (duckdb.IOException('IO Error: Could not write file "/x/y": No space left on device'), "no space left on "),
        (duckdb.TransactionException('TransactionContext Error: Failed to commit: Could not write file "/x": No space left on device'), "no space "),
        (duckdb.Error("FATAL Error: Could not write file: Disk quota exceeded"), "the disk quota on "),
        (duckdb.OutOfMemoryException("failed to offload data block, max_temp_directory_size reached"), "no space left on "),
        (duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate data of size 16.0 MiB"), "ran out of memory"),
        (MemoryError(), "ran out of memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "ran out of memory"),
        (RuntimeError("can't start new thread"), "ran out of memory"),
        (RuntimeError("std::bad_alloc"), "ran out of memory"),
        (InputError("what it is", "where", "to do"), "what it is"),
    ],
)
def test_what_went_wrong_is_recognised_by_what_it_is(problem: Exception, what: str, tmp_path: Path) -> None:
    line = explained(problem, tmp_path)
    assert line and line[0].startswith(what) and "report" not in " ".join(line)
    if "space" in what or "quota" in what:
        assert line[2] == "free space, then import again"


def test_what_nobody_foresaw_is_one_line_and_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    assert explained(TypeError("no \x1b[2J"), tmp_path) is None
    try:
        raise TypeError("no \x1b[2J")
    except TypeError as problem:
        what, where, to_do = unforeseen(problem, "writing leads")
    assert what == r"a defect of Plumbline ended the reading of files while writing leads (TypeError: no \x1b[2J)" and not where
    log = Path(to_do.rpartition(" ")[2])
    assert log.parent == tmp_path / "logs" and log.stat().st_mode & 0o077 == 0
    assert "Traceback" in log.read_text(encoding="utf-8") and "\x1b" not in log.read_text(encoding="utf-8")
    for _ in range(30):
        write_log("again")
    assert len(list((tmp_path / "logs").iterdir())) == 20


def test_a_log_finds_a_place_where_the_home_folder_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    log = Path(write_log("words"))
    assert log.read_text(encoding="utf-8") == "words\n"
    log.unlink()


def test_any_exception_of_an_import_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    workspace = tmp_path / "work"
    workspace.mkdir()
    with pytest.raises(InputError, match="a defect of Plumbline ended the reading of files while") as refused:
        run._supervise(Job("no plan", workspace, None, "x", datetime.now(UTC)), lambda step, share: None)
    log = Path(str(refused.value).rpartition(" ")[2])
    assert "AttributeError" in log.read_text(encoding="utf-8")


def test_any_exception_of_a_first_look_is_one_line(tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    found = preview.look([tables / "leads.csv", tables / "leads.csv"], encoding=5)
    assert len(found) == 2 and all(isinstance(one, InputError) and "defect" in one.what for one in found)
    assert Path(found[0].to_do.rpartition(" ")[2]).is_file()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator:
    place = tmp_path / "disk"
    place.mkdir()

    def sized(megabytes: int) -> Path:
        if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)], check=False).returncode:
            pytest.skip("mounting a small disk needs the rights to")
        return place

    yield sized
    subprocess.run(["umount", str(place)], check=False, capture_output=True)


def test_a_full_disk_says_so_wherever_it_fills(disk, tables: Path, tmp_path: Path) -> None:
    place = disk(4)
    history = place / "h.duckdb"
    import_files("canonical", [tables], history, Options())
    (tables / "leads.csv").write_text(
        "lead_id,created_at,source\n" + "".join(f"L{number},2026-01-01,{os.urandom(20).hex()}\n" for number in range(60_000)), encoding="utf-8"
    )
    before, said = sorted(path.name for path in history.with_name("h.duckdb.snapshots").iterdir()), []
    for ballast in (0, 800_000, 1_600_000):
        (place / "ballast").write_bytes(b"x" * min(ballast, max(0, shutil.disk_usage(place).free - 50_000)))
        said.append(plumbline("import", "canonical", tables, "--history", history).refusal)
    assert [f"no space left on {place}" in line and "free space, then import again" in line for line in said] == [True] * 3, said
    assert sorted(path.name for path in history.with_name("h.duckdb.snapshots").iterdir()) == before
    measured(f"full disk at {len(said)} points: each says that no space is left, nothing is left behind")
