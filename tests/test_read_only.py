"""Folders that cannot be written: every screen and command works, or says in one line which setting names another folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline import compiled, drafts
from plumbline.definition import Definition
from plumbline.errors import InputError, StateError
from plumbline.ui.importing.inbox import Inbox, held_bytes
from tests.cli_support import plumbline
from tests.state_support import ANN
from tests.test_addresses import SCREENS, opened


@pytest.fixture(params=["a file in its way", "a disk mounted read-only"])
def no_home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    place = tmp_path / "place"
    if request.param == "a file in its way":  # who may do everything cannot do this either
        place.write_text("a file", encoding="utf-8")
    else:
        place.mkdir()
        if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(place)], check=False, capture_output=True).returncode:
            pytest.skip("mounting a read-only disk needs the rights to")
    monkeypatch.setenv("PLUMBLINE_HOME", str(place / "home"))
    yield place / "home"
    subprocess.run(["umount", str(place)], check=False, capture_output=True)


def said(at: AppTest) -> str:
    return "\n".join(str(element.value) for element in at.html)


def test_every_screen_works(no_home: Path, sample_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(sample_file))
    for screen in SCREENS:
        at = opened(screen, {})
        assert not at.exception, screen
        if screen == "import":
            assert "The history holds" in said(at) and f"{no_home}/uploads" in said(at) and "PLUMBLINE_HOME" in said(at)


def test_every_command_works_or_names_the_setting(no_home: Path, sample_file: Path, tmp_path: Path) -> None:
    bar = tmp_path / "bar.yaml"
    bar.write_text("name: x\nbehaviour: [{activity: demo_request}]\n", encoding="utf-8")
    for line in (["metric", "funnel/stages"], ["imports"], ["replay", "--definition", bar]):
        assert plumbline(*line, "--history", sample_file).status == 0, line
    for line in (["sample", "--leads", 20], ["imports", "--roll-back", "x"], ["check"]):
        told = plumbline(*line)
        assert told.status == 1 and "Traceback" not in told.err, line
        assert line[0] == "imports" or "PLUMBLINE_HOME" in told.err + told.out, line


def test_saving_a_draft_names_the_setting(no_home: Path) -> None:
    with pytest.raises(StateError, match="PLUMBLINE_HOME"):
        drafts.save(Definition(name="x"), ANN)


def test_a_folder_of_uploads_is_made_when_it_is_needed(no_home: Path) -> None:
    inbox = Inbox()
    assert inbox.place == "" and not inbox.is_lost and held_bytes() == 0
    with pytest.raises(InputError, match=r"uploads: .*PLUMBLINE_HOME"):
        inbox.folder  # noqa: B018
    inbox.close()


def test_compiled_kernels_find_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    compiled.find_a_place()
    assert "NUMBA_CACHE_DIR" not in os.environ  # the package's own folder does
    monkeypatch.setattr(compiled, "_is_writable", lambda place: False)
    monkeypatch.setattr(compiled.tempfile, "tempdir", str(tmp_path))
    compiled.find_a_place()
    place = Path(os.environ["NUMBA_CACHE_DIR"])
    assert place.parent == tmp_path and place.stat().st_mode & 0o077 == 0
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    place.chmod(0o777)  # another's, or open to others: never trusted
    compiled.find_a_place()
    assert os.environ["NUMBA_CACHE_DIR"] != str(place)


def test_a_package_that_cannot_be_written_still_computes(sample_file: Path, tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    words = f"'{sys.executable}' -m plumbline metric leaks/ranked --history '{sample_file}' --format json"
    script = f"mount --bind '{root}' '{root}' && mount -o remount,ro,bind '{root}' && cd '{root}' && HOME=/proc PLUMBLINE_HOME=/proc/x {words}"
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, check=False)
    if "mount:" in done.stderr or "unshare" in done.stderr:
        pytest.skip("mounting needs the rights to")
    assert done.returncode == 0, done.stderr
