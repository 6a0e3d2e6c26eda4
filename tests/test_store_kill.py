"""Processes that sign and are killed at any moment: what was acknowledged is there, nothing is half there, the chain of changes fits."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from plumbline.agreement import signing, versions
from plumbline.agreement.verify import verify
from plumbline.agreement.version import Frozen
from plumbline.state import audit
from plumbline.state.opening import writing
from tests.agreement_support import agreement
from tests.cli_support import ROOT
from tests.figures import measured
from tests.state_support import ANN, log

TODAY = date(2026, 12, 1)
_SIGNER = """
import sys
from datetime import date, datetime
from plumbline.agreement import signing, versions
from plumbline.state.audit import Act

print("ready", flush=True)
for number in range(int(sys.argv[1]), 10**6):
    now = versions.version(1)
    side = "marketing" if number % 2 else "sales"
    for mark in now.signatures:
        signing.leave(mark.by, Act("Eve", datetime(2026, 11, 14)), (side,))
    signing.sign(1, side, now.seal, date(2026, 12, 1), Act(f"signer {number}", datetime(2026, 11, 14)))
    print(number, flush=True)
"""


def _kill_many(store: dict[str, str], kills: int, seed: int) -> str:
    """A draft that is signed over and over, each time by another name, by processes that are killed."""
    draw = random.Random(seed)
    versions.new(agreement(), ANN)
    signing.freeze(1, Frozen(ANN.at_text, "Ann", "s", "f" * 64, "0.1.0", 7, b"{}", ()), 1, TODAY, ANN)
    environment = {**os.environ, **store, "PYTHONPATH": str(ROOT)}
    acknowledged, number, empty = 0, 0, 0
    for kill in range(kills):
        words = [sys.executable, "-c", _SIGNER, str(number)]
        signer = subprocess.Popen(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=ROOT)
        lines = [signer.stdout.readline() for _ in range(1 + draw.randrange(4))]
        assert lines[0] == "ready\n", signer.stderr.read()
        time.sleep(draw.uniform(0.0, 0.03))
        signer.send_signal(signal.SIGKILL)
        out, err = signer.communicate(timeout=60)
        assert signer.returncode == -signal.SIGKILL, (signer.returncode, err)
        told = [int(line) for line in [*lines[1:], *out.splitlines()]]
        empty += not told
        with writing():  # waits for what a server may still be doing for the dead
            pass
        signed = [row["changed_by"] for row in log() if row["what"] == "agreement signed"]
        assert {f"signer {one}" for one in told} <= set(signed), f"kill {kill}: an acknowledged signature is gone"
        assert len(signed) - acknowledged - len(told) in (0, 1), f"kill {kill}"  # one may have been written and not told any more
        assert signed == [f"signer {one}" for one in range(len(signed))]
        assert audit.verify() == [] and verify() == [], f"kill {kill}"
        acknowledged, number = len(signed), len(signed)
    return f"kills while signing: {kills} ({empty} before the first signature), acknowledged signatures {acknowledged}, lost 0, the chain fits"


def test_no_acknowledged_signature_is_lost(store: dict[str, str]) -> None:
    measured(_kill_many(store, 20, 1))


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_no_acknowledged_signature_is_lost_in_many(store: dict[str, str]) -> None:
    measured(_kill_many(store, 200, 2))
