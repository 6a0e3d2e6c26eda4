"""How often leads that are still open at an age go on, or leave, within its bin: overall, and how groups differ.

Occurrence over exposure, with delayed entry: a lead counts from the age at which the days looked back on began. So old leads tell of old ages, all of
it from the same recent days. Where fewer than five were watched at an age nothing is known, and nothing is promised.

A group (a source) goes on or leaves so many times as often as others at every age (Breslow's estimate of what all have in common), shrunk towards as
often by an empirical-Bayes gamma fit (Clayton and Kaldor 1987, Biometrics 43, 671-681, by moments). Draws of the rates give their uncertainty: events
in different bins are uncorrelated, so each bin is drawn by itself (Andersen, Borgan, Gill and Keiding, Statistical Models Based on Counting
Processes, 1993, IV.1.4). And rates move: by how much they differed between the parts of the days looked back on, beyond chance, they may
differ from all of these in the days to come.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.forecast.watched import LEFT, ON, STEPS, Watched

LEAST_WATCHED = 5
_ROUNDS = 4  # of rates of all and of groups in turn; the fourth moves nothing any more


@dataclass(frozen=True)
class Rates:
    """`rate` (draws + 1, steps, 2, bins): share that goes on, and that leaves, within the bin; the first is the estimate. `times`
    (draws + 1, groups, steps, 2): how many times as often a group does. `known` (steps, bins): enough were watched."""

    rate: np.ndarray
    times: np.ndarray
    known: np.ndarray


def rates(watched: Watched, rng: np.random.Generator, draws: int) -> Rates:
    """The estimate and `draws` draws around it."""
    exposed_then = watched.exposed
    exposed = exposed_then.sum(axis=0)
    ended = watched.ended[:, :, :, :2]
    events = ended.sum(axis=(0, 1)).astype(float)
    everyone = np.maximum(exposed.sum(axis=0), events.sum(axis=1))
    known = everyone >= LEAST_WATCHED
    events = np.where(known[:, None], events, 0.0)
    ended = np.where(known[:, None], ended, 0).sum(axis=4).astype(float)
    seen = ended.sum(axis=0)
    share = np.divide(events, everyone[:, None], out=np.zeros_like(events), where=events > 0)
    base, times = share, np.ones_like(seen)
    for _ in range(_ROUNDS if len(seen) > 1 else 0):
        expected = np.einsum("gsb,scb->gsc", exposed, base)
        times = np.stack([_shrunk(seen[:, *cell], expected[:, *cell])[0] for cell in np.ndindex(STEPS, 2)], axis=1).reshape(seen.shape)
        worth = np.einsum("gsb,gsc->scb", exposed, times)
        base = np.divide(events, np.maximum(worth, events), out=np.zeros_like(events), where=events > 0)
    scale = np.divide(base, share, out=np.ones_like(base), where=share > 0)
    rate = np.concatenate([base[None], _drawn(events, everyone, rng, draws) * scale])
    told = _times(seen, np.einsum("gsb,scb->gsc", exposed, base), rng, draws)
    told[1:] *= _moves(ended.sum(axis=1), np.einsum("pgsb,gsc,scb->psc", exposed_then, times, base), rng, draws)[:, None]
    return Rates(rate, told, known)


def _moves(seen: np.ndarray, expected: np.ndarray, rng: np.random.Generator, draws: int) -> np.ndarray:
    """(draws, steps, 2): how many times as often leads may go on, or leave, in the days to come. seen, expected: by part of the days before."""
    told = np.ones((draws, STEPS, 2))
    for step, cause in np.ndindex(STEPS, 2):
        spread = _spread(seen[:, step, cause], expected[:, step, cause])
        if spread > 0:
            told[:, step, cause] = rng.standard_gamma(1 / spread, draws) * spread
    return told


def _drawn(events: np.ndarray, everyone: np.ndarray, rng: np.random.Generator, draws: int) -> np.ndarray:
    """(draws, steps, 2, bins): each bin's shares as Dirichlet around what was counted."""
    step, place = np.nonzero(events.sum(axis=1))
    stayed = np.maximum(everyone - events.sum(axis=1), 0.0)[step, place]
    shapes = np.stack([events[step, ON, place], events[step, LEFT, place], stayed])
    drawn = rng.standard_gamma(np.broadcast_to(shapes, (draws, *shapes.shape)))
    told = np.zeros((draws, *events.shape))
    total = np.maximum(drawn.sum(axis=1), 1e-300)
    for cause in (ON, LEFT):
        told[:, step, cause, place] = drawn[:, cause] / total
    return told


def _times(seen: np.ndarray, expected: np.ndarray, rng: np.random.Generator, draws: int) -> np.ndarray:
    """(draws + 1, groups, steps, 2): observed over expected, shrunk; scaled so that all groups together stay where they are."""
    groups = len(seen)
    told = np.ones((draws + 1, groups, STEPS, 2))
    for step, cause in np.ndindex(STEPS, 2):
        o, e = seen[:, step, cause], expected[:, step, cause]
        estimate, worth = _shrunk(o, e)
        if np.isfinite(worth):
            drawn = rng.standard_gamma(np.broadcast_to(o + worth, (draws, groups))) / (e + worth)
            drawn *= o.sum() / np.maximum((drawn * e).sum(axis=1, keepdims=True), 1e-300)
            told[:, :, step, cause] = np.concatenate([estimate[None], drawn])
    return told


def _shrunk(seen: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, float]:
    """(groups) observed over expected, pulled towards 1; and the events that the pull is worth (inf where groups do not differ)."""
    spread = _spread(seen, expected)
    if spread <= 0:
        return np.ones_like(expected), np.inf
    told = (seen + 1 / spread) / (expected + 1 / spread)
    return told * seen.sum() / (told * expected).sum(), 1 / spread


def _spread(seen: np.ndarray, expected: np.ndarray) -> float:
    """How much groups differ beyond chance: the variance of their true ratio to all, by moments; 0 where they do not."""
    there = expected > 0
    total = expected[there].sum()
    if there.sum() < 2 or not total:
        return 0.0
    excess = ((seen[there] - expected[there]) ** 2 / expected[there]).sum() - (there.sum() - 1)
    return max(0.0, excess / (total - (expected[there] ** 2).sum() / total))
