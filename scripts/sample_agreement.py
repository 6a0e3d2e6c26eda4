"""Works out the simulations that the sample's agreements were signed on, each on the history as it stood then, and writes them beside the agreements.

    python -m scripts.sample_agreement

Wanted again after a change of the sample history or of the simulation.
"""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from plumbline.agreement import frozen
from plumbline.agreement.parse import load
from plumbline.history.connection import History
from plumbline.importing.run import Options, import_files
from plumbline.sample.agreement import FOLDER, SIGNED
from plumbline.state.audit import Act

HISTORY = FOLDER.parent / "history"


def main() -> None:
    for name, simulated_at in SIGNED.items():
        with TemporaryDirectory() as place:
            file = Path(place) / "history.duckdb"
            import_files(
                "canonical",
                [HISTORY],
                file,
                Options(data_through=f"{simulated_at:%Y-%m-%dT%H:%M:%SZ}"),
                lambda _step, _share: None,
                simulated_at.replace(tzinfo=UTC),
            )
            history = History(file)
            agreement = load(FOLDER / f"{name}.yaml")
            made = frozen.run(agreement, history, Act("Plumbline", simulated_at))
            history.close()
        target = FOLDER / f"{name}.simulation.json"
        target.write_bytes(made.results + b"\n")
        about = {"snapshot": f"sample-{simulated_at:%Y-%m-%d}", "fingerprint": made.fingerprint, "seed": made.seed, "of_today": list(made.of_today)}
        (FOLDER / f"{name}.about.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
