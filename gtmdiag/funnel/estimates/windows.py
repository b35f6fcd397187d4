"""Rules with a window, such as "below 25 % two weeks running": when they fire, and how often for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from gtmdiag.funnel.estimates.intervals import wilson
from gtmdiag.funnel.estimates.special import binomial_at_most

# A share meets a threshold such as 7 % of 100 also where 0.07 · 100 is a little above 7.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Rule:
    """Fires when a weekly share lies below a threshold so many weeks running.

    Attributes
    ----------
    below
        Between 0 and 1. A share equal to it is not below it.
    weeks
        Weeks running, 1 or more.
    """

    below: float
    weeks: int

    def __post_init__(self) -> None:
        if not 0 < self.below < 1 or self.weeks < 1:
            raise ValueError(f"a rule needs a threshold between 0 and 1 and a week or more: {self}")

    def misses(self, successes: int, n: int) -> bool:
        """Tell whether a week with this many successes out of ``n`` lies below the threshold."""
        return successes < self.below * n - _ROUNDING


@dataclass(frozen=True)
class Week:
    """One week: its ISO name (``2026-W05``), successes out of n deals, and whether it is over."""

    week: str
    successes: int
    n: int
    complete: bool = True


@dataclass(frozen=True)
class Verdict:
    """What a rule says of a series of weeks.

    Attributes
    ----------
    fires
        Whether it fires at the last complete week.
    fired_in
        The weeks at whose end it fired.
    running
        How many weeks running, up to the last complete one, lie below the threshold.
    left_out
        Weeks that were not judged, since they are not over or have no deals, and weeks missing in between. Each ends a
        run, but for the unfinished weeks after the last complete one.
    """

    fires: bool
    fired_in: tuple[str, ...]
    running: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Pooled:
    """All weeks together against the threshold.

    Attributes
    ----------
    share, low, high
        From 0 to 1, with Wilson's interval.
    n
        Deals.
    p_value
        Probability of so few successes or fewer if the true share were the threshold (exact binomial).
    """

    share: float
    low: float
    high: float
    n: int
    p_value: float


def evaluate(rule: Rule, weeks: Sequence[Week]) -> Verdict:
    """Apply a rule as it is written: to calendar weeks one after the other, in any order given."""
    by_monday = {_monday(week.week): week for week in weeks}
    complete = [monday for monday, week in by_monday.items() if week.complete]
    fired: list[str] = []
    left_out = sorted(week.week for week in weeks if not week.complete)
    running = 0
    monday, last = min(complete, default=date.max), max(complete, default=date.min)
    while monday <= last:
        week = by_monday.get(monday)
        if week is None or not week.complete or week.n == 0:
            running = 0
            if week is None or week.complete:
                left_out.append(f"{monday:%G-W%V}")
        else:
            running = running + 1 if rule.misses(week.successes, week.n) else 0
            if running >= rule.weeks:
                fired.append(week.week)
        monday += timedelta(weeks=1)
    return Verdict(running >= rule.weeks, tuple(fired), running, tuple(sorted(left_out)))


def false_alarm(rule: Rule, volumes: Sequence[int], rate: float) -> float:
    """Return the probability that a rule fires at least once though the true share is ``rate``.

    Parameters
    ----------
    rule
        The rule.
    volumes
        Deals in each week, such as ``[20] * 52`` for a year.
    rate
        True share, from 0 to 1; a false alarm where it is at or above the rule's threshold.

    Notes
    -----
    Exact: each week lies below by a binomial tail, and the weeks running are a Markov chain whose last state is "has
    fired". A week without deals ends a run, as in `evaluate`.
    """
    below = {n: binomial_at_most(_most_below(rule, n), n, rate) for n in set(volumes)}
    # The chance of so many weeks running, the latest ones, without having fired; plain floats, for the arrays are tiny.
    state = [1.0, *[0.0] * (rule.weeks - 1)]
    fired = 0.0
    for n in volumes:
        miss = below[n]
        fired += state[-1] * miss
        state = [sum(state) * (1 - miss), *(chance * miss for chance in state[:-1])]
    return min(fired, 1.0)


def pooled(rule: Rule, successes: int, n: int, *, level: float = 0.95) -> Pooled | None:
    """Test all deals of a window together against the rule's threshold; None without deals."""
    if n == 0:
        return None
    low, high = wilson(successes / n, n, level)
    return Pooled(successes / n, low, high, n, binomial_at_most(successes, n, rule.below))


def _most_below(rule: Rule, n: int) -> int:
    most = int(rule.below * n) + 1
    while most >= 0 and not rule.misses(most, n):
        most -= 1
    return most


def _monday(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)
