"""From how many respondents a group may be shown, and never so that a smaller one follows by subtraction.

All counts are of respondents whose answers are *not* shown under their own name elsewhere. A CEO's answers are named,
so anyone can take them out of a total: leave the CEO out of every count. The promise holds within one report and one
way of grouping; a second grouping of the same people, or a second report after one more person has answered, can be
compared with the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class AnonymityRule:
    """The two minimum numbers of respondents.

    Attributes
    ----------
    group_minimum
        For a score.
    spread_minimum
        For a spread or a comment: a mean and a spread of few people give their answers away.
    """

    group_minimum: int = 3
    spread_minimum: int = 5

    def may_show_score(self, n: int) -> bool:
        """Tell whether a score of ``n`` respondents may be shown."""
        return n >= self.group_minimum

    def may_show_spread(self, n: int) -> bool:
        """Tell whether a spread of ``n`` respondents may be shown."""
        return n >= max(self.spread_minimum, self.group_minimum)


def shown_groups(
    sizes: Mapping[str, int], rule: AnonymityRule, total_shown: bool, what: Literal["score", "spread"] = "score"
) -> frozenset[str]:
    """Return which groups may be shown.

    Parameters
    ----------
    sizes
        Respondents by group; no one is in two groups.
    rule
        The minimum numbers.
    total_shown
        Whether the same figure is also shown for all groups together. What is held back is then the total less the
        groups shown, so it must be nobody or reach the minimum itself: where it does not, the smallest group that
        could be shown is held back with it.
    what
        The figure: a score, or its spread.
    """
    allowed = rule.may_show_score if what == "score" else rule.may_show_spread
    shown = {name for name, size in sizes.items() if allowed(size)}
    held_back = sum(sizes.values()) - sum(sizes[name] for name in shown)
    if total_shown and shown and held_back and not allowed(held_back):
        shown.remove(min(shown, key=lambda name: (sizes[name], name)))
    return frozenset(shown)
