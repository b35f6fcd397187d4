"""What the funnel would be worth at other conversions, and how much of that each stage holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from gtmdiag.funnel.estimates.chain import Chain, flow
from gtmdiag.funnel.estimates.table import FloatArray


@dataclass(frozen=True, eq=False)
class Gap:
    """Revenue at the benchmarks less revenue as it is; positive where there is something to gain.

    Arrays may have further axes at the end, one for each set of draws.

    Attributes
    ----------
    whole
        Shape (…): the gap with all benchmarks met together. Signed: cut at 0 it would be too high on average.
    alone
        Shape (K, …): with only this stage's benchmark met. These do not add to the whole.
    shapley
        Shape (K, …): each stage's share of the whole; they add to it.
    """

    whole: FloatArray
    alone: FloatArray
    shapley: FloatArray


def gap(chain: Chain, benchmark: FloatArray) -> Gap:
    """Measure the gap between a funnel and its benchmarks, and attribute it to stages.

    Parameters
    ----------
    chain
        The funnel.
    benchmark
        Shape (K,) or (K, …) as the draws: conversion to measure against, from 0 to 1; NaN for a stage that has none.

    Notes
    -----
    A stage's Shapley value is what meeting its benchmark adds, on average over all orders in which the stages could be
    mended. As no deal passes a stage twice, revenue is linear in each conversion apart, and the average over orders is
    an integral along the straight line from the conversions to the benchmarks: Δ_i·∫₀¹ ∂Rev/∂p_i(p + tΔ) dt (Owen,
    Management Science 18 (1972) 64–79). That is a polynomial in t of degree below K, which Gauss–Legendre integrates
    exactly with ⌈K/2⌉ points: no enumeration of 2^K sets, and no sampling of orders however many stages there are.
    """
    told = np.asarray(benchmark, dtype=np.float64)
    if told.shape[:1] != (len(chain.stages),) or (told < 0).any() or (told > 1).any():
        raise ValueError(f"{len(chain.stages)} stages need as many benchmarks, each between 0 and 1 or NaN")
    now = chain.conversion
    target = told if told.ndim == now.ndim else told.reshape(-1, *(1 for _ in now.shape[1:]))
    step = np.where(np.isnan(target), 0.0, target - now)
    steps = int((~np.isnan(told.reshape(len(told), -1)[:, 0])).sum()) if len(told) else 0
    points, weights = _gauss_legendre(max((steps + 1) // 2, 1))
    along = (points + 1) / 2
    # The places on the line come first among the further axes, so that draws of mix and value still fit theirs.
    ahead = now[:, np.newaxis] + step[:, np.newaxis] * along.reshape(1, -1, *(1 for _ in now.shape[1:]))
    conversion = np.clip(ahead, 0, 1)
    mix = chain.mix if chain.mix.ndim == 2 else chain.mix[:, :, np.newaxis]
    slopes = flow(replace(chain, conversion=conversion, mix=mix)).sensitivity
    shapley = step * sum(slopes[:, i] * weight / 2 for i, weight in enumerate(weights.tolist()))
    here = flow(chain)
    there = flow(replace(chain, conversion=np.clip(now + step, 0, 1)))
    return Gap(there.revenue - here.revenue, step * here.sensitivity, shapley)


@cache
def _gauss_legendre(points: int) -> tuple[FloatArray, FloatArray]:
    return np.polynomial.legendre.leggauss(points)
