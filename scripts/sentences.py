"""Writes every sentence of every screen into out/sentences/NAME.txt, for reading.

python -m scripts.sentences NAME...       names: sample, no_touches, olist ... (--list says all), or the path of a history
python -m scripts.sentences --quick NAME  each screen as it opens, without its closer looks
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "out" / "sentences"
_MOST_LINKS = 30


def main() -> int:
    logging.disable(logging.WARNING)  # Streamlit's, of running without a server
    from tests import histories_derived
    from tests.sentences import judge, views, walk

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("histories", nargs="*", help="names, or paths of histories")
    asked.add_argument("--quick", action="store_true", help="each screen as it opens only")
    asked.add_argument("--screen", default="", help="this screen only")
    asked.add_argument("--list", action="store_true", help="say the names")
    told = asked.parse_args()
    if told.list or not told.histories:
        print("\n".join(histories_derived.names()))
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    chosen = [view for view in (views.base() if told.quick else views.every()) if told.screen in ("", view.screen)]
    false = 0
    for name in told.histories:
        began = time.monotonic()
        with TemporaryDirectory() as place:
            file = Path(name).resolve() if name.endswith(".duckdb") else histories_derived.build(name, Path(place))
            built = time.monotonic()
            results = []
            for result in walk.opened(file, Path(place), chosen, 0 if told.quick or told.screen else _MOST_LINKS):
                results.append(result)
                print(f"\r{name}: {len(results)} views", end="", file=sys.stderr, flush=True)
            faults = judge.faults(judge.missing(file), results)
        target = OUT / f"{Path(name).stem}.txt"
        listed = "".join(f"FALSE {fault}\n" for fault in faults)
        target.write_text(listed + walk.written(results), encoding="utf-8")
        false += len(faults)
        sentences = sum(len(result.sentences) for result in results)
        print(
            f"\r{name}: {len(results)} views, {sentences} sentences, {len(faults)} false; built in {built - began:.0f} s,"
            f" opened in {time.monotonic() - built:.0f} s -> {target.relative_to(ROOT)}",
            file=sys.stderr,
        )
    return 1 if false else 0


if __name__ == "__main__":
    sys.exit(main())
