"""The files that are imported: generated once, kept in a folder when one is named."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.measure import Row, once
from plumbline.sample import generate, write_folder

SEED = 42


def files(folder: Path, leads: int) -> tuple[Path, list[Row]]:
    """The folder of canonical CSV, made where it is missing, with the time that took (of the run that made it)."""
    made, note = folder / "csv", folder / "generated.json"
    if not note.exists():
        drawn: list = []
        drawing = once(lambda: drawn.append(generate(leads, SEED)))
        writing = once(lambda: write_folder(drawn[0], made, "csv"))
        rows = {name: table.height for name, table in drawn[0].tables.items()}
        note.write_text(json.dumps({"leads": leads, "draw": drawing.wall, "write": writing.wall, "rows": rows}), encoding="utf-8")
    told = json.loads(note.read_text(encoding="utf-8"))
    if told["leads"] != leads:
        raise SystemExit(f"error: {folder} holds a sample of {told['leads']} leads, not {leads}; name another folder with --keep")
    return made, [Row("sample: drawing", told["draw"]), Row("sample: writing CSV", told["write"])]
