"""Where inside a leak its leads fare worst: the values of other attributes that do worse than the rest of the leak."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from plumbline.leaks.cells import OTHERS, Cells
from plumbline.leaks.ranking import FALSE_SHARE, Leak
from plumbline.statistics import MINIMUM_N, lower_tail, q_values, wilson


@dataclass(frozen=True)
class Part:
    """A value of an attribute within a leak: `n` leads, `k` of them went on (`low`, `high`: 95 % interval of the share), `rest`: the share of the
    others of the leak, `q` among all values looked at."""

    field: str
    value: str
    n: int
    k: int
    low: float
    high: float
    rest: float
    q: float


def worst_parts(known: Cells, leak: Leak, episode: np.ndarray, good: np.ndarray) -> tuple[list[Part], int]:
    """(parts that do worse than the rest of the leak beyond chance, the largest loss first; how many values were looked at).

    episode, good (n): the leak's own leads of the period, and whether each went on.
    """
    found: list[Part] = []
    for f, name in enumerate(known.fields):
        if f in leak.fields:
            continue
        codes = known.codes[episode, f]
        n, k = np.bincount(codes, minlength=256), np.bincount(codes, good, minlength=256)
        for code in np.flatnonzero((n >= MINIMUM_N) & (len(codes) - n >= MINIMUM_N)):
            if code == OTHERS:
                continue
            rest_n, rest_k = len(codes) - n[code], good.sum() - k[code]
            p = float(lower_tail(k[code], n[code], rest_k / rest_n, rest_n))
            low, high = wilson(k[code], n[code])
            found.append(Part(name, known.labels[f][code], int(n[code]), int(k[code]), float(low), float(high), float(rest_k / rest_n), p))
    q = q_values([part.q for part in found]) if found else []
    told = [replace(part, q=float(one)) for part, one in zip(found, q, strict=True) if one <= FALSE_SHARE]
    return sorted(told, key=lambda part: -(part.rest * part.n - part.k)), len(found)
