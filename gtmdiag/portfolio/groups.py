"""Counts of clients that tell about no group of fewer clients than the minimum, not even by subtraction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gtmdiag.portfolio.result import Share

OTHERS = "all others"


def shares(held: Iterable[str], minimum: int) -> tuple[Share, ...]:
    """Return for how many clients each label holds, the most frequent first, then all others together.

    A label of fewer clients than the minimum is told with the others. Where these are together still too few, the last
    label says only "at least": its exact number would give the others' away. Suite method.

    Parameters
    ----------
    held
        One label a client.
    minimum
        Clients from which on they are told about together.
    """
    counted = Counter(held)
    total = counted.total()
    named = sorted(((n, label) for label, n in counted.items() if n >= minimum), key=lambda pair: (-pair[0], pair[1]))
    if not named:
        return ()
    rest = total - sum(n for n, _ in named)
    exact = [Share(label, n) for n, label in named]
    if 0 < rest < minimum:
        # the two together are known, and that the others are fewer than the minimum
        last, label = named[-1]
        least = max(minimum, last + rest - (minimum - 1))
        return (*exact[:-1], Share(label, least, at_least=True), Share(OTHERS, None))
    return (*exact, Share(OTHERS, rest)) if rest else tuple(exact)
