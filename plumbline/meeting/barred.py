"""What sales sent back in a quarter, held against the rules that would have kept it from them: of drafts, and of the version in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
import polars as pl

from plumbline import metrics
from plumbline.agreement.version import Version
from plumbline.definition import Definition
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.leaks import caught
from plumbline.meeting.quarter import BarredBy, Barring, Rejections
from plumbline.meeting.quarters import Span
from plumbline.simulation.run import Ground
from plumbline.words import barring


def rejections(history: History, span: Span, versions: Sequence[Version], drafts: set[int], stage: Callable[[], Ground]) -> Rejections:
    """Of all passes that opened in the quarter. versions: whose definitions are asked; drafts: numbers of those that are no version in force."""
    if not history.recorded.has("exit:rejected"):
        return Rejections(0, 0, (), (), "no lead of the whole history was sent back: rejections are not recorded")
    asked = Filters(since=span.first, until=span.last + timedelta(days=1), episodes="all")
    rows = metrics.run(history, "leaks/judged", asked)
    counts: Counter[str] = Counter()
    for reason, n in metrics.run(history, "leaks/reasons", asked).filter(pl.col("class") == "rejected").select("reason", "n").iter_rows():
        counts[reason] += n
    rejected = int(rows["is_rejected"].sum())
    told = Rejections(rejected, rows.height - rejected, tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0]))), ())
    if not versions or rows.is_empty():
        return told
    facts = stage().facts
    lead = np.searchsorted(facts.events.lead_no, rows["lead_no"].to_numpy())
    passes = caught.Passes(lead, *(rows[name].to_numpy() for name in ("pass_no", "opened_us", "is_rejected", "is_sql")))
    found = [(one, _of(one.agreement().qualified, caught.caught(one.agreement().qualified, facts, passes))) for one in versions]
    barring_ = tuple(Barring(one.number, one.name, one.number in drafts, whole, rules) for one, (whole, rules) in found)
    return Rejections(told.rejected, told.accepted, told.reasons, barring_)


def _of(definition: Definition, found: Sequence[caught.Barred]) -> tuple[BarredBy, tuple[BarredBy, ...]]:
    whole, *rules = (BarredBy(barring.rule_in_words(one, definition), one.caught, one.lost, one.sqls, barring.verdict(one)) for one in found)
    return whole, tuple(sorted(rules, key=lambda one: (-one.caught, one.lost)))
