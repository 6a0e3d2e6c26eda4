"""Twenty editors at once, four in each of five processes (as viewers of five servers), on both kinds of store: nothing is lost, nobody is sent away,
and the chain of changes fits."""

from __future__ import annotations

import os
import subprocess
import sys

from plumbline import drafts
from plumbline.agreement import versions
from plumbline.state import audit
from tests.agreement_support import agreement
from tests.cli_support import ROOT
from tests.figures import measured
from tests.state_support import ANN, log

PROCESSES, THREADS, EACH = 5, 4, 5
EDITORS = PROCESSES * THREADS
_BEGIN = """
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from dataclasses import replace
from plumbline import drafts
from plumbline.agreement import versions
from plumbline.definition import Definition, FieldRule
from plumbline.errors import InputError
from plumbline.state.audit import Act

first, threads, each = (int(word) for word in sys.argv[1:])
"""
_END = """
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(threads) as editors:
    print(sum(editors.map(edit, [f"editor{first + n}" for n in range(threads)])))
"""
_DRAFTS = """
def edit(me):
    for number in range(each):
        drafts.save(Definition(f"{me}.{number}", fit=(FieldRule("employees", "at_least", number),)), Act(me, datetime(2026, 11, 14)))
    return 0
"""
_EDITS = """
def edit(me):
    done = overtaken = 0
    while done < each:
        now = versions.version(1)
        said = now.agreement()
        mine = replace(said, qualified=replace(said.qualified, required_fields=(*said.qualified.required_fields, f"{me}_{done}")))
        try:
            versions.edit(1, mine, now.edition, Act(me, datetime(2026, 11, 14)))
            done += 1
        except InputError as refusal:
            assert "changed it at" in refusal.one_line and "yours differs in" in refusal.one_line, refusal.one_line
            overtaken += 1
    return overtaken
"""


def at_once(script: str, each: int, store: dict[str, str]) -> list[str]:
    """Runs the script as that many editors that begin together; what each said."""
    environment = {**os.environ, **store, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _BEGIN + script + _END, str(n * THREADS), str(THREADS), str(each)], text=True, env=environment, cwd=ROOT, **pipes
        )
        for n in range(PROCESSES)
    ]
    for one in running:
        assert one.stdout.readline() == "ready\n", one.stderr.read()
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate(timeout=240) for one in running]
    assert [one.returncode for one in running] == [0] * PROCESSES, [err for _, err in told if err]
    return [out for out, _ in told]


def test_drafts_of_all_are_kept_from_the_first_moment_of_a_store(store: dict[str, str]) -> None:
    at_once(_DRAFTS, EACH, store)
    assert {one.name for one in drafts.saved()} == {f"editor{n}.{number}" for n in range(EDITORS) for number in range(EACH)}
    assert len(log()) == EDITORS * EACH and audit.verify() == []


def test_no_edit_of_one_draft_is_lost(store: dict[str, str]) -> None:
    versions.new(agreement(), ANN)
    told = at_once(_EDITS, 1, store)
    fields = versions.version(1).agreement().qualified.required_fields
    assert set(fields) == {f"editor{n}_0" for n in range(EDITORS)}
    assert versions.version(1).edition == 1 + EDITORS and audit.verify() == []
    measured(f"editors of one draft at once: {EDITORS}, saves {EDITORS}, lost 0, told that somebody was first {sum(map(int, told))} times")
