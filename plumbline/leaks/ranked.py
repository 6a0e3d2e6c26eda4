"""The metric leaks/ranked: from judged steps to leaks with their class, side, loss and value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from plumbline.history.connection import History
from plumbline.leaks import keys
from plumbline.leaks.beginnings import week_numbers
from plumbline.leaks.cells import Cells, cells
from plumbline.leaks.keys import STEPS as STEPS
from plumbline.leaks.ranking import Leak, StepRows, find
from plumbline.leaks.spans import YEAR
from plumbline.sqlfiles import sql
from plumbline.statistics import MINIMUM_N

CLASSES = (
    "rejected", "recycled", "disqualified", "lost", "never_assigned", "never_touched", "never_touched_since_accepted", "no_show",
    "contacted_no_decision", "worked_no_answer", "gave_up_early", "still_worked", "open_past_window", "not_recorded",
)  # fmt: skip
SIDES = ("fit", "follow-up", "both", "outside", "neither", "unknown")
SCHEMA = {
    "rank": pl.Int64, "step": pl.String, "class": pl.String, "segment_field": pl.String, "segment_value": pl.String, "n": pl.Int64,
    "lost": pl.Float64, "value": pl.Float64, "q": pl.Float64, "side": pl.String, "since": pl.Date, "rate_before": pl.Float64,
    "rate_since": pl.Float64,
}  # fmt: skip
SURE = 0.01  # leaks with a q up to it come first, whatever the others cost: hardly one of them is chance
_SQL_STAGE = 3  # the step from SQL on is the third


@dataclass(frozen=True)
class Worth:
    """`rates`: the share that goes on at each of the four steps (None: too few to say), `deal`: the median deal (None: no deals)."""

    rates: tuple[float | None, ...]
    deal: float | None

    def of_leads(self, step: int, leads: float) -> tuple[float | None, float | None, float | None]:
        """(SQLs, won deals, value) that so many leads of the stage after `step` (1..4) would have come to. SQLs: None after the SQL."""
        sqls = None if step >= _SQL_STAGE else self._on(leads, step, _SQL_STAGE - 1)
        won = self._on(leads, step, 4)
        return sqls, won, None if won is None or self.deal is None else won * self.deal

    def _on(self, leads: float, after: int, last: int) -> float | None:
        told: float | None = leads
        for rate in self.rates[after:last]:
            told = None if told is None or rate is None else told * rate
        return told


@dataclass(frozen=True)
class Ranked:
    """All that is known of the leaks of a period: `leaks` in order of what they cost, among so many segments `looked_at`; `classes`, `sides`: how
    many more of each leak's leads leaked that way, or on that side, than was to be expected (name -> excess; only what occurs);
    `perhaps`: what loses much too, and may be chance (ranking.Found)."""

    cells: Cells
    leaks: tuple[Leak, ...]
    looked_at: int
    worth: Worth
    classes: dict[Leak, dict[str, float]]
    sides: dict[Leak, dict[str, float]]
    perhaps: tuple[Leak, ...] = ()

    def segment(self, leak: Leak) -> tuple[tuple[str, str], ...]:
        """(attribute, value) pairs of the leak; "" for a value that is not known."""
        return tuple((self.cells.fields[f], self.cells.labels[f][code]) for f, code in zip(leak.fields, leak.codes, strict=True))

    def key(self, leak: Leak) -> str:
        """What stands for a leak in an address, and in what is written about it: 'mql->sal|source=webinar'."""
        return keys.written(leak.step, self.segment(leak))

    def cost(self, leak: Leak) -> float:
        """Won deals lost, as far as it is known how leads go on; the same for all: leaks are ranked by it."""
        return _cost(self.worth, leak)

    def cause(self, leak: Leak) -> str | None:
        """The class with the largest excess; None where all of its leads went on, only too late."""
        return max(self.classes[leak], key=self.classes[leak].__getitem__, default=None)

    def side(self, leak: Leak) -> str:
        """The side with the largest excess."""
        return max(self.sides[leak], key=self.sides[leak].__getitem__, default="neither")


def ranked(history: History, rows: pl.DataFrame, known: Cells | None = None) -> Ranked:
    """The leaks among the judged rows of leaks/ranked.sql. `known`: the cells of the history, where they are at hand."""
    known = known or cells(history)
    steps = _steps(rows)
    found = find(known, steps)
    worth = _worth(history, steps)
    kinds = rows["kind"].to_numpy()
    sides = rows["side"].cast(pl.Enum(SIDES)).to_physical().fill_null(255).cast(pl.Int16).to_numpy()
    stage = rows["stage_rank"].to_numpy()
    by_step = {one.step: one for one in steps}
    class_excess, side_excess = {}, {}
    for leak in found.leaks:
        now, before = _own_rows(known, by_step[leak.step], leak)
        there = np.flatnonzero(stage == leak.step)
        now, before = there[now], there[before]
        class_excess[leak] = _excess(kinds[now] - 1, kinds[before] - 1, CLASSES)
        side_excess[leak] = _excess(sides[now], sides[before], SIDES)
    by_cost = sorted(found.leaks, key=lambda leak: (leak.q > SURE, -_cost(worth, leak)))
    return Ranked(known, tuple(by_cost), found.looked_at, worth, class_excess, side_excess, found.perhaps)


def finished(history: History, rows: pl.DataFrame, _parameters: Mapping[str, object]) -> pl.DataFrame:
    """The rows of leaks/ranked: one per leak."""
    found = ranked(history, rows)
    told = []
    for rank, leak in enumerate(found.leaks, start=1):
        segment = found.segment(leak)
        told.append(
            {
                "rank": rank,
                "step": STEPS[leak.step - 1],
                "class": found.cause(leak),
                "segment_field": " & ".join(name for name, _ in segment) or None,
                "segment_value": " & ".join(value for _, value in segment) if segment else None,
                "n": leak.n,
                "lost": leak.lost,
                "value": found.worth.of_leads(leak.step, leak.lost)[2],
                "q": leak.q,
                "side": found.side(leak),
                "since": leak.began.day if leak.began else None,
                "rate_before": leak.began.before if leak.began else None,
                "rate_since": leak.began.since if leak.began else None,
            }
        )
    return pl.DataFrame(told, schema=SCHEMA, orient="row")


def _steps(rows: pl.DataFrame) -> list[StepRows]:
    stage, episode = rows["stage_rank"].to_numpy(), rows["episode_no"].to_numpy()
    good, now, week = rows["kind"].to_numpy() == 0, rows["is_now"].to_numpy(), week_numbers(rows["opened_week"])
    return [StepRows(step, episode[there], good[there], now[there], week[there]) for step in range(1, 5) if (there := stage == step).any()]


def _worth(history: History, steps: list[StepRows]) -> Worth:
    """Rates of the period, where it has too few mature leads those of the quarters before with it."""
    rates: list[float | None] = [None] * 4
    for one in steps:
        good = one.good[one.is_now] if one.is_now.sum() >= MINIMUM_N else one.good
        rates[one.step - 1] = float(good.mean()) if len(good) >= MINIMUM_N else None
    return Worth(tuple(rates), history.query(sql("screens/deal_amounts"))["median_amount"][0])


def _cost(worth: Worth, leak: Leak) -> float:
    """Won deals lost, as far as it is known how leads go on; the same for all: leaks are ranked by it."""
    lost = leak.lost
    for rate in worth.rates[leak.step :]:
        lost *= 1.0 if rate is None else rate
    return lost


def _own_rows(known: Cells, rows: StepRows, leak: Leak) -> tuple[np.ndarray, np.ndarray]:
    """Places, among the rows of the step, of the leak's leads now, and of those it is held against."""
    inside = known.are_in(rows.episode, leak.fields, leak.codes)
    if leak.start is not None:
        is_since = rows.week >= leak.start
        return np.flatnonzero(inside & rows.is_now & is_since), np.flatnonzero(inside & ~is_since & (rows.week >= leak.start - YEAR))
    before = inside & ~rows.is_now if leak.is_own_past else rows.is_now & ~inside
    return np.flatnonzero(inside & rows.is_now), np.flatnonzero(before)


def _excess(now: np.ndarray, before: np.ndarray, names: tuple[str, ...]) -> dict[str, float]:
    """name -> leads beyond what the others would bring; only names that occur now. Codes under 0, or past the names, are of no name."""
    count, usual = (np.bincount(codes[(codes >= 0) & (codes < len(names))], minlength=len(names)) for codes in (now, before))
    scale = len(now) / max(1, len(before))
    return {name: float(n - scale * other) for name, n, other in zip(names, count, usual, strict=True) if n}
