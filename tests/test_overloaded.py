"""Leads handed over to reps with too many, and missed meetings: by hand, and against the metrics they must agree with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from plumbline import metrics
from plumbline.history.connection import History
from plumbline.leaks.overloaded import overloaded
from plumbline.statistics.differences import difference, share_of
from plumbline.ui.leaks import load


def test_who_is_over_the_cap() -> None:
    before = np.repeat([-1, 0, 499, 500, 700], [10, 40, 40, 40, 40])
    good = np.zeros(170, bool)
    good[10:50] = True
    good[90:110] = True
    told = overloaded(before, np.zeros(170, np.int64), good, 500)
    assert told.over == (20, 80) and told.others == (40, 80) and not told.is_too_few
    assert told.crude == difference(share_of(20, 80), share_of(40, 80)) == told.alike.difference
    assert load.over_title(told, 500) == "Leads given to reps with 500 open leads or more are accepted less often: 25 % of 80, against 50 % of 80"
    nobody = overloaded(np.full(5, -1), np.zeros(5, np.int64), np.zeros(5, bool), 500)
    assert nobody.over == nobody.others == (0, 0) and nobody.crude is None and nobody.is_too_few
    assert "Too few to say" in load.over_title(nobody, 500)


def test_a_mix_of_sources_is_taken_out() -> None:
    """Full desks get the poor source; within a source nothing differs."""
    source = np.repeat([0, 0, 1, 1], [20, 180, 180, 20])
    before = np.repeat([600, 0, 600, 0], [20, 180, 180, 20])
    good = np.concatenate([np.arange(n) < n * share for n, share in ((20, 0.6), (180, 0.6), (180, 0.2), (20, 0.2))])
    told = overloaded(before, source, good, 500)
    assert told.crude.excludes(0) and abs(told.alike.difference.value) < 1e-9
    assert "chance alone" in load.over_note(told, True) and "association" in load.over_note(told, True)


def test_missed_meetings_are_those_of_the_persistence_screen(sample_file: Path) -> None:
    history = History(sample_file)
    rows = metrics.run(history, "leaks/missed_meetings")
    kinds = {row["kind"]: row for row in metrics.run(history, "persistence/no_shows").to_dicts()}
    for kind in load.MEETINGS:
        mine = rows.filter(pl.col("kind") == kind)
        assert (mine.height, int((mine["became"] == "sql").sum())) == (kinds[kind]["leads"], kinds[kind]["qualified"])
    title = load.missed_title(rows.filter(pl.col("kind") == "missed_left"), rows.height)
    assert title.startswith(f"{kinds['missed_left']['leads']} of {rows.height} leads that missed a meeting were left there: ")
    lately = rows.filter(pl.col("kind") == "missed_lately")
    assert 0 < lately.height < rows.height
    assert load.missed_title(lately, 50, 3).endswith("; 3 may still be asked again within the 7 days")
    assert load.missed_title(rows.clear(), 3) == "None of 3 leads that missed a meeting was left there"
