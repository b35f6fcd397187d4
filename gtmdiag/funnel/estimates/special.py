"""The few functions of probability that numpy lacks."""

from __future__ import annotations

from math import erfc, exp, lgamma, log, sqrt

import numpy as np

from gtmdiag.funnel.estimates.table import FloatArray


def log_gamma(x: FloatArray) -> FloatArray:
    """Return ln Γ(x) for x > 0: Stirling's series above 10, reached by Γ(x + 1) = x·Γ(x); relative error near 1e-14."""
    small = x < 10
    low = x[small]
    steps = np.ceil(10 - low)
    product = np.ones_like(low)
    for k in range(int(steps.max(initial=0))):
        product = np.where(k < steps, product * (low + k), product)
    y = x.copy()
    y[small] += steps
    square = 1 / (y * y)
    series = 1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))
    result = (y - 0.5) * np.log(y) - y + 0.5 * log(2 * np.pi) + series / y
    result[small] -= np.log(product)
    return result


def binomial_at_most(k: int, n: int, p: float) -> float:
    """Return the probability of at most ``k`` successes in ``n`` trials with probability ``p``, exactly summed."""
    if k < 0:
        return 0.0
    if k >= n or p <= 0:
        return 1.0
    if p >= 1:
        return 0.0
    successes = np.arange(1, k + 1)
    steps = np.log((n - successes + 1) / successes) + log(p) - np.log1p(-p)
    logs = n * np.log1p(-p) + np.concatenate([[0.0], np.cumsum(steps)])
    return float(min(np.exp(logs).sum(), 1.0))


def chi_square_above(x: float, degrees: int) -> float:
    """Return the probability that a chi-square variable with whole ``degrees`` ≥ 1 exceeds ``x``, by its finite sum."""
    half = x / 2
    if half <= 0:
        return 1.0
    odd = degrees % 2
    first = 0.5 if odd else 0.0
    logs = [(first + j) * log(half) - half - lgamma(first + j + 1) for j in range((degrees - odd) // 2)]
    return min((erfc(sqrt(half)) if odd else 0.0) + sum(exp(value) for value in logs), 1.0)
