"""Tails of counts, summed term by term or by saddle point, compiled. `false_discovery.lower_tail` says what they are for."""

from __future__ import annotations

from math import erfc, exp, lgamma, log, log1p, pi, sqrt

import numpy as np
from numba import njit

_SMALL = 1e-17  # a term under so much of the sum is the last one
ALWAYS = 60.0  # standard deviation of the sum's terms up to which it is always summed
NEVER = 2000.0  # and from which it never is
NEAR = (1e-7, 0.25)  # between them a p is near a decision, and summed in any case


@njit(cache=True, nogil=True)
def tails(k, n, k0, n0):
    """P(p < q), p ~ Beta(k0, n0 - k0 + 1), q ~ Beta(k + 1, n - k), for 0 <= k < n, 0 < k0 <= n0, float64 arrays of one length.

    Where n0 is inf, p is known and k0 is p itself, under 1.
    """
    p = np.empty(len(k))
    for i in range(len(k)):
        known = np.isinf(n0[i])
        whole = not known and k0[i] == np.floor(k0[i]) and n0[i] == np.floor(n0[i])
        if known:
            spread = sqrt(n[i] * k0[i] * (1 - k0[i]))
        else:
            rate = (k[i] + k0[i]) / (n[i] + n0[i])
            spread = sqrt(rate * (1 - rate) * n[i] * (n0[i] / (n[i] + n0[i]) if whole else 1 + n[i] / n0[i]))
        if spread > ALWAYS:
            p[i] = saddle(k[i], n[i], k0[i], n0[i])
            if spread > NEVER or not NEAR[0] <= p[i] <= NEAR[1]:
                continue
        if known:
            p[i] = binomial(k[i], n[i], k0[i])
        else:
            p[i] = fisher(k[i], n[i], k0[i], n0[i]) if whole else beta_binomial(k[i], n[i], k0[i], n0[i])
    return p


@njit(cache=True, nogil=True)
def binomial(k, n, rate):
    """P(X <= k), X binomial."""
    odds = rate / (1 - rate)
    term = exp(_log_density(k, n, rate))
    if k <= n * rate:  # under the mean: downwards
        total, j = term, k
        while j > 0:
            term *= j / ((n - j + 1) * odds)
            total += term
            j -= 1
            if term <= _SMALL * total:
                break
        return min(1.0, total)
    total, j = 0.0, k
    while j < n:
        term *= (n - j) * odds / (j + 1)
        total += term
        j += 1
        if term <= _SMALL * max(total, 1e-3):
            break
    return max(0.0, 1.0 - total)


@njit(cache=True, nogil=True)
def fisher(k, n, k0, n0):
    """P(X <= k), X the successes among n when k + k0 of n + n0 are drawn: Fisher's exact test."""
    s = k + k0
    term = _fisher_mass(k, n, k0, n0)
    if k * (n + n0) <= s * n:  # under the mean: downwards
        total, j, first = term, k, max(0.0, s - n0)
        while j > first:
            term *= j * (n0 - s + j) / ((s - j + 1) * (n - j + 1))
            total += term
            j -= 1
            if term <= _SMALL * total:
                break
        return min(1.0, total)
    total, j, last = 0.0, k, min(s, n)
    while j < last:
        term *= (s - j) * (n - j) / ((j + 1) * (n0 - s + j + 1))
        total += term
        j += 1
        if term <= _SMALL * max(total, 1e-3):
            break
    return max(0.0, 1.0 - total)


@njit(cache=True, nogil=True)
def beta_binomial(k, n, a, n0):
    """P(X <= k), X beta-binomial of n with a and b = n0 - a + 1."""
    b = n0 - a + 1
    term = _fisher_mass(k, n, a, n0) * a / (k + a)
    if k * (a + b) <= n * a:
        total, j = term, k
        while j > 0:
            term *= j * (n - j + b) / ((n - j + 1) * (j + a - 1))
            total += term
            j -= 1
            if term <= _SMALL * total:
                break
        return min(1.0, total)
    total, j = 0.0, k
    while j < n:
        term *= (n - j) * (j + a) / ((j + 1) * (n - j - 1 + b))
        total += term
        j += 1
        if term <= _SMALL * max(total, 1e-3):
            break
    return max(0.0, 1.0 - total)


@njit(cache=True, nogil=True)
def _fisher_mass(k, n, k0, n0):
    """C(n, k) C(n0, k0) / C(n + n0, k + k0), the numbers need not be whole: three binomial densities (Loader 2000)."""
    s, m = k + k0, n + n0
    return exp(_log_density(k, n, s / m) + _log_density(k0, n0, s / m) - _log_density(s, m, s / m))


@njit(cache=True, nogil=True)
def _log_density(x, n, p):
    if x <= 0:
        return n * log1p(-p) if p < 1 else 0.0
    if x >= n:
        return n * log(p)
    return _stirling(n) - _stirling(x) - _stirling(n - x) - _deviance(x, n * p) - _deviance(n - x, n * (1 - p)) + log(n / (2 * pi * x * (n - x))) / 2


@njit(cache=True, nogil=True)
def _deviance(x, m):
    """x ln(x / m) + m - x."""
    v = (x - m) / (x + m)
    if abs(v) < 0.1:
        total, power, square = (x - m) * v, 2 * x * v, v * v
        for j in range(1, 1000):
            power *= square
            grown = total + power / (2 * j + 1)
            if grown == total:
                break
            total = grown
        return total
    return x * log(x / m) + m - x


@njit(cache=True, nogil=True)
def _stirling(x):
    """ln Gamma(x + 1) without its leading terms (x + 1/2) ln x - x + ln(2 pi) / 2."""
    if x < 15:
        return lgamma(x + 1) - (x + 0.5) * log(x) + x - 0.9189385332046727
    y = 1 / (x * x)
    return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x


@njit(cache=True, nogil=True)
def _polygammas(x):
    """The first four derivatives of ln Gamma at x > 0 (Abramowitz and Stegun 6.3.18, 6.4.11), from x >= 10 on, and by recurrence under it."""
    d1 = d2 = d3 = d4 = 0.0
    while x < 10:
        r = 1 / x
        d1 -= r
        d2 += r * r
        d3 -= 2 * r * r * r
        d4 += 6 * r * r * r * r
        x += 1
    r = 1 / x
    y = r * r
    d1 += log(x) - r / 2 - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * 691 / 32760)))))
    d2 += r + y / 2 + r * y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * (5 / 66 - y * 691 / 2730)))))
    d3 -= y * (1 + r + y * (1 / 2 - y * (1 / 6 - y * (1 / 6 - y * (3 / 10 - y * (5 / 6 - y * 691 / 210))))))
    d4 += r * y * (2 + 3 * r + y * (2 - y * (1 - y * (4 / 3 - y * (3 - y * (10 - y * 691 / 15))))))
    return d1, d2, d3, d4


@njit(cache=True, nogil=True)
def _cumulants(t, a, b, c, d):
    """Derivatives 1 to 4 at t of the cumulant function of logit p - logit q, p ~ Beta(a, b) or, where b is inf, a itself, q ~ Beta(c, d)."""
    y, z = _polygammas(c - t), _polygammas(d + t)
    if np.isinf(b):
        return log(a / (1 - a)) - y[0] + z[0], y[1] + z[1], z[2] - y[2], y[3] + z[3]
    w, x = _polygammas(a + t), _polygammas(b - t)
    return w[0] - x[0] - y[0] + z[0], w[1] + x[1] + y[1] + z[1], w[2] - x[2] - y[2] + z[2], w[3] + x[3] + y[3] + z[3]


@njit(cache=True, nogil=True)
def saddle(k, n, k0, n0):
    """P(p < q) by the saddle point of logit p - logit q, which is continuous (Lugannani and Rice 1980, Advances in Applied Probability 12,
    475-490; with the second-order term of Daniels 1987, International Statistical Review 55, 37-48)."""
    a, b, c, d = k0, n0 - k0 + 1, k + 1, n - k
    k1, k2, k3, k4 = _cumulants(0.0, a, b, c, d)
    z = -k1 / sqrt(k2)
    least, most = (-d if np.isinf(b) else -min(a, d)), min(b, c)
    t = min(max(-k1 / k2, least * 0.9), most * 0.9)
    for _ in range(60):
        g1, g2, g3, g4 = _cumulants(t, a, b, c, d)
        if g1 > 0:
            most = t
        else:
            least = t
        new = t - g1 / g2
        if not least < new < most:
            new = (least + most) / 2
        done = abs(new - t) <= 1e-7 / sqrt(g2)
        t = new
        if done:
            break
    u = t * sqrt(g2)
    if abs(u) < 0.3:  # Edgeworth's series about the mean: there the differences below lose digits
        s3, s4 = k3 / k2**1.5, k4 / k2**2
        skew = s3 / 6 * (z * z - 1) + s4 / 24 * (z**3 - 3 * z) + s3 * s3 / 72 * (z**5 - 10 * z**3 + 15 * z)
        return erfc(-z / sqrt(2)) / 2 - exp(-z * z / 2) / sqrt(2 * pi) * skew
    level = _log_ratio(c, -t) + _log_ratio(d, t)
    level += t * log(a / (1 - a)) if np.isinf(b) else _log_ratio(a, t) + _log_ratio(b, -t)
    w = sqrt(max(0.0, -2 * level)) * (1.0 if u > 0 else -1.0)
    s3, s4 = g3 / g2**1.5, g4 / g2**2
    upper = 1 / u - 1 / w + (s4 / 8 - 5 * s3 * s3 / 24) / u - s3 / (2 * u * u) - 1 / u**3 + 1 / w**3
    return min(1.0, max(0.0, erfc(-w / sqrt(2)) / 2 - exp(-w * w / 2) / sqrt(2 * pi) * upper))


@njit(cache=True, nogil=True)
def _log_ratio(x, t):
    """ln Gamma(x + t) - ln Gamma(x), without losing digits where x is large."""
    if min(x, x + t) < 20:
        return lgamma(x + t) - lgamma(x)
    y = x - 1
    return (y + 0.5) * log1p(t / y) + t * log(y + t) - t + _stirling(y + t) - _stirling(y)
