"""The process that reads what came from outside. It may run out of memory, out of time or crash; its parent does not.

Reads one pickled Job from its standard input, reports one JSON object a line on its standard output, ends with the parent.
"""

from __future__ import annotations

import base64
import json
import os
import pickle
import resource
import sys
import threading
from dataclasses import asdict, replace

import duckdb

from plumbline.errors import PlumblineError
from plumbline.importing.job import Job, run_job

_HEADROOM_MB = 8192  # address space of code, threads and allocators, over the memory that data may take


def main() -> int:
    sys.setrecursionlimit(2000)
    job: Job = pickle.loads(base64.b64decode(sys.stdin.readline()))  # noqa: S301 - written by our own parent
    limits = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, ((limits["memory_mb"] + _HEADROOM_MB) << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        outcome = run_job(replace(job, progress=_progress))
    except PlumblineError as refusal:
        _say(error=[refusal.what, refusal.where, refusal.to_do])
        return 1
    except (MemoryError, duckdb.OutOfMemoryException):
        _say(error=["ran out of memory", "the import", "raise PLUMBLINE_IMPORT_MEMORY_MB or import fewer files at a time"])
        return 1
    except OSError as problem:
        _say(error=[problem.strerror or str(problem), str(problem.filename or "the import"), "free space or mend the disk, then import again"])
        return 1
    except duckdb.IOException as problem:
        text = str(problem).splitlines()[0]
        _say(error=[text[:200], "the import", "free space or mend the disk, then import again"])
        return 1
    _say(outcome={**asdict(outcome), "data_through": outcome.data_through.isoformat()})
    return 0


def _progress(step: str, share: float) -> None:
    _say(step=step, share=round(share, 3))


def _say(**message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
