"""The command `sample`: generates, writes what was asked for, and imports it by the same road as any other file."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from plumbline.history.snapshots import not_writable
from plumbline.importing.run import Options, import_files
from plumbline.sample import generate, write_folder, write_truth
from plumbline.sample.files import refuse_foreign_tables, refuse_foreign_truth


def make_sample(
    leads: int, seed: int, history: Path | None, truth: Path | None, folder: Path | None, progress: Callable[[str, float], None]
) -> dict[str, int]:
    """Writes the history, the folder of canonical CSV and the truth, as far as each is named. Returns the counts of leads, activities, touches."""
    if truth:
        refuse_foreign_truth(truth)
    if folder:
        refuse_foreign_tables(folder)
    progress("drawing leads", 0.02)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # means over none of a handful of leads: not a number, null in the truth
        made = generate(leads, seed)
    counts = {name: made.tables[name].height for name in ("leads", "activities", "touches")}
    if truth:
        truth.parent.mkdir(parents=True, exist_ok=True)
        write_truth(made, truth)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        write_folder(made, folder, "csv")
    if history:
        try:
            history.parent.mkdir(parents=True, exist_ok=True)
            workspace = Path(mkdtemp(prefix=".sample-", dir=history.parent))
        except OSError as problem:
            raise not_writable(problem, history.parent) from None
        try:
            progress("writing tables", 0.2)
            write_folder(made, workspace, "parquet")
            made_through = str(made.truth["data_through"])
            del made
            import_files(
                "canonical",
                [workspace],
                history,
                Options(data_through=made_through),
                lambda step, share: progress(step, 0.3 + 0.7 * share),
                datetime.now(UTC),
            )
        finally:
            shutil.rmtree(workspace, ignore_errors=True)
    return counts
