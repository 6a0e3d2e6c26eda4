"""An import that is killed, starved or refused the disk: the old snapshot is served all the while, and the next import works."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from plumbline.history.connection import History
from plumbline.history.snapshots import folder_of, published, verify
from plumbline.importing.run import Options, import_files
from plumbline.metrics import run
from tests.cli_support import ROOT, command, plumbline, twin
from tests.figures import measured

_LEADS = 1500
_IMPORT = """
import sys
from pathlib import Path
from plumbline.importing.run import Options, import_files

folder, history, currency = sys.argv[1:]
import_files("canonical", [Path(folder)], Path(history), Options(currency=currency), lambda step, share: print(step, flush=True))
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    draw = random.Random(7)
    leads, changes = ["lead_id,created_at,source"], ["lead_id,stage,occurred_at"]
    for number in range(_LEADS):
        leads.append(f"L{number},2026-01-{draw.randint(1, 28):02d},{draw.choice(['web', 'ads', 'event'])}")
        changes += [
            f"L{number},{stage},2026-02-{day:02d}"
            for day, stage in enumerate(["mql", "sal", "sql", "won"][: draw.randint(0, 4)], draw.randint(1, 20))
        ]
    (folder / "leads.csv").write_text("\n".join(leads), encoding="utf-8")
    (folder / "stage_changes.csv").write_text("\n".join(changes), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def origin(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("origin") / "h.duckdb"
    import_files("canonical", [tables], made, Options())
    return made


@pytest.fixture
def history(origin: Path, tmp_path: Path) -> Path:
    return twin(origin, tmp_path)


def results(history: Path) -> list:
    opened = History(history)
    try:
        return [run(opened, name).rows() for name in ("funnel/stages", "funnel/cohorts", "funnel/breakdown")]
    finally:
        opened.close()


class Importer:
    """An import in a process group of its own, that tells its steps."""

    def __init__(self, tables: Path, history: Path, currency: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        arguments = [sys.executable, "-c", _IMPORT, str(tables), str(history), currency]
        self.process = subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, start_new_session=True
        )

    def steps(self) -> Iterator[str]:
        for line in self.process.stdout:
            yield line.strip()

    def until(self, step: int) -> None:
        for number, _ in enumerate(self.steps()):
            if number == step:
                return

    def kill(self, whom: str) -> None:
        children = psutil.Process(self.process.pid).children() if self.process.poll() is None else []
        try:
            if whom == "group":
                os.killpg(self.process.pid, signal.SIGKILL)
            elif whom == "parent":
                self.process.kill()
            else:
                for child in children:
                    child.kill()
        except (ProcessLookupError, psutil.NoSuchProcess):
            pass
        self.process.stdout.close()
        self.process.wait(30)
        _, alive = psutil.wait_procs(children, timeout=5)
        assert not alive, "the reading process outlived its parent"


@pytest.fixture(scope="module")
def named_steps(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    importer = Importer(tables, tmp_path_factory.mktemp("steps") / "h.duckdb", "ABC")
    found = list(importer.steps())
    importer.process.wait(30)
    importer.process.stdout.close()
    assert found[-1] == "done"
    return found[:-1]


def _half_published(history: Path) -> list[str]:
    """What only a killed import leaves behind."""
    found = [path.name for path in history.parent.iterdir() if path.name.startswith(".")]
    for path in folder_of(history).iterdir():
        if path.name.startswith(".building-") or (path.suffix == ".duckdb" and not path.with_suffix(".json").exists()):
            found.append(path.name)
    return found


def _kill_at_many_points(tables: Path, history: Path, steps: int, points: int, seed: int, checked_every: int) -> str:
    draw = random.Random(seed)
    before = results(history)
    slowest, replaced = 0.0, 0
    for point in range(points):
        served = published(history)
        importer = Importer(tables, history, f"C{point}")
        if point % 2:
            time.sleep(draw.uniform(0.3, 2.5))
        else:
            importer.until((point // 2) % steps)
        importer.kill("child" if point % 10 == 8 else "parent" if point % 10 == 6 else "group")
        if published(history) != served:
            replaced += 1
            verify(published(history), thorough=True)
        assert results(history) == before, f"point {point}"
        if point % checked_every == checked_every - 1:
            began = time.monotonic()
            assert import_files("canonical", [tables], history, Options(currency=f"N{point}")).is_new
            slowest = max(slowest, time.monotonic() - began)
            assert results(history) == before
            assert _half_published(history) == []
    return f"{points} kills: the old results served after each, {replaced} fell after publishing; slowest next import {slowest:.1f} s"


def test_a_killed_import_changes_nothing(tables: Path, history: Path, named_steps: list[str]) -> None:
    measured(f"{_kill_at_many_points(tables, history, len(named_steps), 20, 1, 10)}; named steps: {len(named_steps)}")


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_an_import_killed_at_many_points_changes_nothing(tables: Path, history: Path, named_steps: list[str]) -> None:
    measured(f"{_kill_at_many_points(tables, history, len(named_steps), 200, 2, 1)}; named steps: {len(named_steps)}")


def test_what_a_kill_between_writing_and_publishing_left_is_cleaned(tables: Path, history: Path) -> None:
    shutil.copy(published(history), folder_of(history) / "20200101T000000000000Z-deadbeef.duckdb")
    (history.parent / ".h.duckdb.next-1").symlink_to("nowhere")
    (folder_of(history) / ".building-1").mkdir()
    import_files("canonical", [tables], history, Options(currency="EUR"))
    assert _half_published(history) == []


def test_a_child_that_is_killed_is_one_clear_line(tables: Path, history: Path) -> None:
    process = subprocess.Popen(
        command("import", "canonical", tables, "--history", history, "--currency", "EUR"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    children: list = []
    while not children and process.poll() is None:
        children = psutil.Process(process.pid).children()
    time.sleep(0.2)
    children[0].kill()
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "")
    assert re.fullmatch(r"error: .*\n", err)


def test_the_second_of_two_imports_at_once_is_refused(tables: Path, history: Path) -> None:
    first = Importer(tables, history, "EUR")
    first.until(0)
    os.killpg(first.process.pid, signal.SIGSTOP)
    assert "another import of this history is running" in plumbline("import", "canonical", tables, "--history", history).refusal
    first.process.stdout.close()
    first.kill("group")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)], capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs the rights to")
    yield place
    subprocess.run(["umount", str(place)], check=False)


def test_a_full_disk_is_one_clear_line(tables: Path, small_disk: Path) -> None:
    history = small_disk / "h.duckdb"
    import_files("canonical", [tables], history, Options())
    before = results(history)
    with (small_disk / "ballast").open("wb") as ballast:
        ballast.write(b"x" * max(0, shutil.disk_usage(small_disk).free - 400_000))
    said = plumbline("import", "canonical", tables, "--history", history, "--currency", "EUR")
    assert re.search("space|disk", said.refusal)
    assert results(history) == before
    (small_disk / "ballast").unlink()
    assert import_files("canonical", [tables], history, Options(currency="EUR")).is_new


def test_a_limit_on_files_is_one_clear_line(tables: Path, history: Path) -> None:
    before = results(history)
    line = " ".join(f"'{word}'" for word in command("import", "canonical", tables, "--history", history, "--currency", "EUR"))
    done = subprocess.run(["bash", "-c", f"ulimit -f 400; exec {line}"], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"error: .*\n", done.stderr)
    assert results(history) == before


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("big")
    rows = "".join(f"L{number},2026-01-{number % 28 + 1:02d},{'x' * 60}{number}\n" for number in range(400_000))
    (folder / "leads.csv").write_text(f"lead_id,created_at,note\n{rows}", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"PLUMBLINE_IMPORT_WALL_SECONDS": "1"}, "took longer than 1 seconds and was stopped while"),
        ({"PLUMBLINE_IMPORT_CPU_SECONDS": "1"}, "processor time"),
        ({"PLUMBLINE_IMPORT_MEMORY_MB": "12"}, "PLUMBLINE_IMPORT_MEMORY_MB"),
    ],
)
def test_a_limit_is_one_clear_line(history: Path, big: Path, settings: dict[str, str], line: str) -> None:
    before = results(history)
    assert line in plumbline("import", "canonical", big, "--history", history, **settings).refusal
    assert results(history) == before
