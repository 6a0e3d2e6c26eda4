"""The process that reads what came from outside. It may run out of memory, out of time or crash; its parent does not.

Reads one pickled Job from its standard input, reports one JSON object a line on its standard output, ends with the parent.
"""

from __future__ import annotations

import base64
import json
import os
import pickle
import sys
import threading
from dataclasses import asdict, replace

from plumbline.importing.failure import explained, unforeseen
from plumbline.importing.job import Job, run_job
from plumbline.importing.limits import bound_this_process, within

_steps = ["starting"]


def main() -> int:
    sys.setrecursionlimit(2000)
    job: Job = pickle.loads(base64.b64decode(sys.stdin.readline()))  # noqa: S301 - written by our own parent
    limits = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    bound_this_process(limits["memory_mb"], limits["cpu_seconds"])
    try:
        outcome = run_job(replace(job, progress=_progress, memory_mb=within(job.memory_mb)))
        _say(outcome={**asdict(outcome), "data_through": outcome.data_through.isoformat()})
        return 0
    except Exception as problem:  # whatever it is: one line for whoever brought the files
        _say(error=explained(problem, job.workspace.parent) or unforeseen(problem, _steps[-1]))
        return 1


def _progress(step: str, share: float) -> None:
    _steps.append(step)
    _say(step=step, share=round(share, 3))


def _say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
