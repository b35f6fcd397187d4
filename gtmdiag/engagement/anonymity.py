"""From how many respondents a group may be shown.

All counts are of respondents whose answers are *not* shown under their own name elsewhere. A CEO's answers are named,
so anyone can take them out of a total: leave the CEO out of every count. The numbers are for one figure alone. Where
one is shown of a group and of a part of it, the remaining members follow by subtraction: show one of the two, or count
the rest too. A second report after one more person has answered can be compared with the first.
"""

from __future__ import annotations

from dataclasses import dataclass


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
