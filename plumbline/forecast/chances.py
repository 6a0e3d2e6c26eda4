"""From rates to what the open leads bring: the chance of each to be an SQL, and a won deal, within so many days, through the steps still before it.

The chance to have gone on by age u is the Aalen-Johansen incidence F(u), leaving being the other end; of a lead still open at age a, the chance to go
on until age b is (F(b) - F(a)) / S(a). From step to step the days are added up (a discrete convolution by days, half a day being known no better).
A step's age counts anew from its own entry: how long the lead took before is taken to make no difference.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import njit

from plumbline.forecast.ages import ends, middles
from plumbline.forecast.rates import Rates
from plumbline.forecast.watched import STEPS, Watched

HORIZONS = (30, 90, 180)
LONGEST = HORIZONS[-1]
SQL, WON = 0, 1
OUTCOMES = ("sql", "won")
_POOL = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="forecast")


@dataclass(frozen=True)
class Expected:
    """`mean` (draws + 1, groups, steps, outcomes, horizons + 1): leads to come from those open at each step; the last of the horizons is as far as
    leads have been followed. `chance` (groups, steps, outcomes, horizons + 1): the variance that comes of each lead going one way or the other."""

    mean: np.ndarray
    chance: np.ndarray


def expected(watched: Watched, known: Rates) -> Expected:
    """What `watched.asked` should bring."""
    count = known.rate.shape[-1]
    end = ends(count)
    days = 24.0 * np.arange(LONGEST + 1)
    later = _places(end, middles(count)[:, None] + days[None, :])
    asked = watched.asked.astype(float)
    mean = np.zeros((len(known.rate), len(asked), STEPS, 2, len(HORIZONS) + 1))
    chance = np.zeros(mean.shape[1:])
    places = (*later, *_places(end, days), np.array(HORIZONS))
    edges = np.linspace(0, len(known.rate), min(os.cpu_count() or 1, len(known.rate)) + 1).astype(int)

    def bring(first: int, last: int) -> None:
        _bring(known.rate[first:last], known.times[first:last], asked, *places, first == 0, mean[first:last], chance)

    list(_POOL.map(bring, edges[:-1], edges[1:]))
    return Expected(mean, chance)


def _places(end: np.ndarray, hours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(bin whose end comes before, share of the way to the next end) of times in hours; past the last end: there."""
    low = np.clip(np.searchsorted(end, hours, "right") - 1, 0, max(len(end) - 2, 0))
    width = np.diff(end, append=end[-1] + 1)[low]
    return low, np.clip((hours - end[low]) / width, 0.0, 1.0)


@njit(cache=True, nogil=True)
def _curves(rate, times, gone, open_):
    """Fills F and S (steps, bins) of a group: `rate` (steps, 2, bins) of all, `times` (steps, 2) as often."""
    for step in range(rate.shape[0]):
        f, s = 0.0, 1.0
        for b in range(rate.shape[2]):
            on, off = rate[step, 0, b], rate[step, 1, b]
            if on + off > 0:
                more_on, more_off = on * times[step, 0], off * times[step, 1]
                either = 1.0
                if on + off < 1.0:
                    either = 1.0 - (1.0 - on - off) ** ((more_on + more_off) / (on + off))
                f += s * either * more_on / (more_on + more_off)
                s *= 1.0 - either
            gone[step, b] = f
            open_[step, b] = s


@njit(cache=True, nogil=True)
def _within(flow, after, days):
    """The chance to be there within so many days: `flow` (days + 1), to have gone on by day k; `after`: to be there so many days after that."""
    total = 0.0
    for k in range(1, days + 1):
        total += (flow[k] - flow[k - 1]) * 0.5 * (after[days - k] + after[days - k + 1])
    return total


@njit(cache=True, nogil=True)
def _ahead(gone, day_low, day_part, ahead, ever):
    """Fills the chance to be at the outcome so many days after entering a stage (outcomes, stages, days), and ever (outcomes, stages)."""
    steps, count = gone.shape
    last = len(day_low) - 1
    daily = np.empty(last + 1)
    for outcome in range(2):
        goal = 2 if outcome == 0 else steps
        ahead[outcome, goal] = 1.0
        ever[outcome, goal] = 1.0
        for step in range(goal - 1, 0, -1):
            for k in range(last + 1):
                b = day_low[k]
                daily[k] = gone[step, b] + day_part[k] * (gone[step, min(b + 1, count - 1)] - gone[step, b])
            ever[outcome, step] = gone[step, count - 1] * ever[outcome, step + 1]
            for h in range(last + 1):
                ahead[outcome, step, h] = daily[0] * ahead[outcome, step + 1, h] + _within(daily, ahead[outcome, step + 1], h)


@njit(cache=True, nogil=True)
def _bring(rate, times, asked, low, part, day_low, day_part, horizons, is_first, mean, chance):
    draws, steps, _, count = rate.shape
    last = len(day_low) - 1
    many = len(horizons)
    gone, open_ = np.empty((steps, count)), np.empty((steps, count))
    ahead, ever = np.empty((2, steps + 1, last + 1)), np.empty((2, steps + 1))
    mine, flow = np.zeros(last + 1), np.empty(last + 1)
    for draw in range(draws):
        for group in range(len(asked)):
            _curves(rate[draw], times[draw, group], gone, open_)
            _ahead(gone, day_low, day_part, ahead, ever)
            for step in range(steps):
                flow[:] = 0.0
                in_all = 0.0
                for age in range(count):
                    n = asked[group, step, age]
                    before = max(age - 1, 0)
                    here_f, here_s = 0.5 * (gone[step, before] + gone[step, age]), 0.5 * (open_[step, before] + open_[step, age])
                    if n == 0 or here_s <= 1e-9:
                        continue
                    for k in range(1, last + 1):
                        b = low[age, k]
                        mine[k] = (gone[step, b] + part[age, k] * (gone[step, min(b + 1, count - 1)] - gone[step, b]) - here_f) / here_s
                        flow[k] += n * mine[k]
                    on = (gone[step, count - 1] - here_f) / here_s
                    in_all += n * on
                    if is_first and draw == 0:
                        for outcome in range(2):
                            if step < (2 if outcome == 0 else steps):
                                for place in range(many):
                                    p = _within(mine, ahead[outcome, step + 1], horizons[place])
                                    chance[group, step, outcome, place] += n * p * (1.0 - p)
                                p = on * ever[outcome, step + 1]
                                chance[group, step, outcome, many] += n * p * (1.0 - p)
                for outcome in range(2):
                    if step < (2 if outcome == 0 else steps):
                        for place in range(many):
                            mean[draw, group, step, outcome, place] = _within(flow, ahead[outcome, step + 1], horizons[place])
                        mean[draw, group, step, outcome, many] = in_all * ever[outcome, step + 1]
