"""Imports the sample history into the default history when there is none yet, and what the sample's teams agreed and did into an empty store.

`make run` calls it before it serves the app.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from plumbline.errors import PlumblineError
from plumbline.sample.agreement import fill_store
from plumbline.settings import default_history

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data" / "history"


def main() -> int:
    history = default_history()
    if history.exists():
        return 0
    print(f"No history yet: importing the sample into {history} ...", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "plumbline", "import", "canonical", str(SAMPLE), "--history", str(history)]
    if status := subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        return status
    try:
        fill_store()
    except PlumblineError as refusal:
        print(f"note: the sample's agreement is left out: {refusal.one_line}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
