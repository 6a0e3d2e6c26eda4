"""The segments that have enough leads to be looked at, in the whole period and in its later parts, with what was to be expected of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.leaks.cells import OTHERS, Cells
from plumbline.leaks.cubes import Layout, summed, tallied
from plumbline.leaks.expected import LEAST, MOST, Model, fitted
from plumbline.leaks.spans import Spans, spans
from plumbline.statistics import MINIMUM_N, shrunk_to


@dataclass(frozen=True)
class StepRows:
    """The mature entries of one step: `episode` (n) rows of Cells.codes, `good` (n): the next stage was reached in time, `is_now` (n): of the period,
    else of the quarters before it; `week` (n): the number of the week in which each opened, None: not known, nothing is said of beginnings."""

    step: int
    episode: np.ndarray
    good: np.ndarray
    is_now: np.ndarray
    week: np.ndarray | None = None


@dataclass(frozen=True)
class Candidates:
    """The segments of one step with 30 leads and more, as arrays of equal length: `place` in the layout (-1: all leads), `span` 0: the whole period,
    else the later part of it that is meant (spans.starts[span - 1]), `n` mature entries there, `k` of them went on, `expected` share, `earlier`
    leads that it rests on, `is_own`: they are the segment's own; `shrunk`: the share that went on, pulled towards the expected one, which is worth
    `pull` leads; `own_past`: by how much the segment was off the model before; `chance` (rows): the model's, nan where there is none;
    `has_past`: there is a year before the period to hold it against."""

    rows: StepRows
    layout: Layout
    cells: Cells
    spans: Spans | None
    place: np.ndarray
    span: np.ndarray
    n: np.ndarray
    k: np.ndarray
    expected: np.ndarray
    earlier: np.ndarray
    is_own: np.ndarray
    shrunk: np.ndarray
    pull: np.ndarray
    own_past: np.ndarray
    chance: np.ndarray
    has_past: bool

    @property
    def is_pair(self) -> np.ndarray:
        return self.place >= self.layout.singles

    @property
    def lost(self) -> np.ndarray:
        """Leads of the next stage that each should have brought and did not."""
        return self.n * (self.expected - self.shrunk)

    def segment(self, at: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """(fields, codes) of a candidate; two empty ones for all leads."""
        if self.place[at] < 0:
            return (), ()
        f, c, g, d = (int(side[self.place[at]]) for side in self.layout.sides)
        return ((f,), (c,)) if g < 0 else ((f, g), (c, d))

    def start(self, at: int) -> int | None:
        """The week in which its span begins; None for the whole period."""
        return int(self.spans.starts[self.span[at] - 1]) if self.spans and self.span[at] else None

    def shared_with(self, mine: np.ndarray) -> np.ndarray:
        """How many of these rows (a boolean of each) each candidate holds."""
        parts = _parts(self.spans, self.rows.week, np.flatnonzero(mine))
        counts = [summed(self.layout, self.cells.codes, self.rows.episode[part], np.ones(len(part), np.int64)) for part in parts]
        by_span = np.cumsum(np.stack([np.append(count, len(part)) for count, part in zip(counts, parts, strict=True)])[::-1], axis=0)[::-1]
        return by_span[self.span, self.place].astype(np.float64)


@dataclass(frozen=True)
class _Past:
    """What the base says: `n`, `off` (places): leads of each segment then, and by how much its share was off the model; `chance` (rows)."""

    rows: int
    n: np.ndarray
    off: np.ndarray
    model: Model
    chance: np.ndarray


def candidates(layout: Layout, cells: Cells, rows: StepRows) -> Candidates:
    """Shares are pulled towards the expected ones as far as single segments tell: thousands of pairs that are nothing but chance would pull the one
    that is not to nothing. Expected of a segment is what the model of the quarters before says of its leads, moved by how far the segment was off the
    model then; where it had fewer than 30 leads then, the rate of all other leads of the period (of a later part of it: it is not looked at there).
    """
    later = spans(rows.week, rows.is_now)
    before = ~rows.is_now
    past = _past(layout, cells, rows, before) if before.sum() >= MINIMUM_N else None
    since = past or (_past(layout, cells, rows, later.is_base) if later else None)
    parts = _parts(later, rows.week, np.flatnonzero(rows.is_now))
    told = [tallied(layout, cells.codes, rows.episode[part], rows.good[part]) for part in parts]
    models = [summed(layout, cells.codes, rows.episode[part], since.chance[part]) if since else np.zeros(layout.places) for part in parts]
    columns: list[list[np.ndarray]] = []
    n, k, of_model, mine = (np.zeros(layout.places) for _ in range(4))
    mine = np.zeros(0, np.int64)
    for span in range(len(parts) - 1, -1, -1):  # the shortest first: each next one has its leads and more
        n, k, of_model, mine = n + told[span][0], k + told[span][1], of_model + models[span], np.concatenate([parts[span], mine])
        columns.append(_of_span(layout, rows, past if span == 0 else since, span, n, k, of_model, mine))
    place, span, n, k, expected, earlier, is_own, own_past, pull, shrunk = (np.concatenate(column) for column in zip(*columns[::-1], strict=True))
    chance = since.chance if since else np.full(len(rows.good), np.nan)
    return Candidates(
        rows, layout, cells, later, place, span, n, k, expected, earlier, is_own.astype(bool), shrunk, pull, own_past, chance, past is not None
    )


def _past(layout: Layout, cells: Cells, rows: StepRows, base: np.ndarray) -> _Past:
    n, k = tallied(layout, cells.codes, rows.episode[base], rows.good[base])
    model = fitted(layout, n, k, float(rows.good[base].mean()))
    chance = model.of_rows(layout, cells.codes, rows.episode)
    of_model = summed(layout, cells.codes, rows.episode[base], chance[base])
    return _Past(int(base.sum()), n, np.divide(k - of_model, n, out=np.zeros_like(n), where=n > 0), model, chance)


def _parts(later: Spans | None, week: np.ndarray | None, chosen: np.ndarray) -> list[np.ndarray]:
    """The chosen rows, apart by how many spans hold them: those of no later span first."""
    if later is None:
        return [chosen]
    place = later.place(week[chosen])
    return [chosen[place == count] for count in range(len(later.starts) + 1)]


def _of_span(
    layout: Layout, rows: StepRows, past: _Past | None, span: int, n: np.ndarray, k: np.ndarray, of_model: np.ndarray, mine: np.ndarray
) -> list[np.ndarray]:
    """Columns of Candidates for one span. n, k, of_model (places): counts of it, and what the model says of it; mine: its rows."""
    places = np.flatnonzero((n >= MINIMUM_N) & ~_is_unnamed(layout))
    places = places[~_is_repeated(places, n, layout)]
    all_n, all_k = len(mine), float(rows.good[mine].sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        own = of_model / n + past.off if past else np.zeros(layout.places)  # the mean of the model, moved by how far the segment was off it before
        rest = (all_k - k) / (all_n - n)
    is_own = (past.n if past else np.zeros(layout.places)) >= MINIMUM_N
    expected = np.where(is_own, own, rest)
    earlier = np.where(is_own, past.n, all_n - n) if past else all_n - n
    worth = past.model.worth(layout, n, all_n) if past else np.zeros(0)
    if past:
        single = slice(0, layout.singles)
        earlier[single] = np.where(is_own[single], np.minimum(past.n[single], worth[:-1]), earlier[single])
    fits = np.isfinite(expected[places]) & (earlier[places] >= MINIMUM_N)
    keep = places[fits if span == 0 else fits & is_own[places]]
    off = past.off[keep] if past else np.zeros(len(keep))
    columns = [array[keep].astype(np.float64) for array in (n, k, np.clip(expected, LEAST, MOST), earlier)] + [is_own[keep], off]
    place = keep
    if past and all_n >= MINIMUM_N:  # all leads together
        mean = float(np.clip(past.chance[mine].mean(), LEAST, MOST))
        whole = (all_n, all_k, mean, min(float(past.rows), float(worth[-1])), True, 0.0)
        place = np.append(place, -1)
        columns = [np.append(array, value) for array, value in zip(columns, whole, strict=True)]
    n, k, expected = columns[:3]
    is_single = place < layout.singles
    pull = (shrunk_to(k[is_single], n[is_single], expected[is_single]).worth if is_single.any() else None) or 0.0
    shrunk = (k + pull * expected) / (n + pull) if len(n) else k
    return [place, np.full(len(place), span), *columns, np.full(len(place), pull), shrunk]


def _is_unnamed(layout: Layout) -> np.ndarray:
    return (layout.sides[1] == OTHERS) | (layout.sides[3] == OTHERS)


def _is_repeated(places: np.ndarray, n: np.ndarray, layout: Layout) -> np.ndarray:
    """Pairs that are nothing but one of their two: a campaign and its source."""
    f, c, g, d = (side[places] for side in layout.sides)
    pair = g >= 0
    alone = np.where(pair, np.minimum(n[layout.single[f] + c], n[layout.single[g] + d]), np.inf)
    return pair & (n[places] >= 0.95 * alone)
