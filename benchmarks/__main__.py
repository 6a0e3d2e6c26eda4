"""`python -m benchmarks`: generates, imports, asks, and prints one table."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import follow_up, importing, leaks, metrics, promises, replay, report, slider, week, working_time
from benchmarks.data import files


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks", description="Measures import, metrics, replay, opening and generation in one run.")
    parser.add_argument("--leads", type=int, default=1_000_000, help="how many leads to generate")
    parser.add_argument("--keep", type=Path, help="folder for the generated files, used again when it has them")
    parser.add_argument("--runs", type=int, default=3, help="imports of each kind, taken in turn")
    parser.add_argument("--date", type=date.fromisoformat, default=datetime.now(UTC).date(), help="the day that the page names")
    parser.add_argument("--page", type=Path, default=report.PAGE, help="where the page is written")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="plumbline-bench-") as temporary:
        folder = asked.keep or Path(temporary) / "data"
        folder.mkdir(parents=True, exist_ok=True)
        made, rows = files(folder, asked.leads)
        history, other, more = importing.measured(made, Path(temporary), datetime.now(UTC), asked.runs)
        replayed, moved = replay.measured(history, Path(temporary)), slider.measured(Path(temporary))
        rows = [
            *more,
            *metrics.measured(history, other),
            *follow_up.measured(history),
            *leaks.measured(history),
            *promises.measured(history),
            *week.measured(history),
            *working_time.measured(),
            *replayed,
            *moved,
            *rows,
        ]
    page = report.text(rows, asked.leads, asked.date)
    print(page)
    asked.page.parent.mkdir(parents=True, exist_ok=True)
    asked.page.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
