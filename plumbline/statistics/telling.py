"""Whether something tells an outcome instead of foretelling it: nearly all that have it came to the outcome, hardly any other did.

A cause shifts chances, and even a strong one leaves exceptions on both sides; what was filled in afterwards leaves next to none. So the question
is not whether a difference is beyond chance (an honest cause is too), but whether it is beyond what an honest cause of `HONEST` times the odds
could do.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, logsumexp

HONEST = 30.0  # times the odds: 60 % against 5 % is 28 times
HONEST_KNOWN = 10.0  # of an attribute that is known of those alone that came to it: no cause is


def beyond_honest(k: int, n: int, other_k: int, other_n: int, odds_ratio: float = HONEST) -> float:
    """p that of `n` at least `k` come to an outcome to which `other_k` of `other_n` others come, if the odds were `odds_ratio` times theirs.

    Exact, given how many came to it in all (Fisher's noncentral hypergeometric distribution): the others' rate is not taken as known.
    """
    hits, size = k + other_k, n + other_n
    x = np.arange(max(0, hits - other_n), min(n, hits) + 1, dtype=np.float64)
    log = -gammaln(x + 1) - gammaln(n - x + 1) - gammaln(hits - x + 1) - gammaln(size - n - hits + x + 1) + x * np.log(odds_ratio)
    return float(min(1.0, np.exp(logsumexp(log[x >= k]) - logsumexp(log))))
