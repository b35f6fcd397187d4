"""What may be shown of groups, against everything a reader could work out."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.engagement.anonymity import AnonymityRule, shown_groups

SIZES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 8))
RULES = st.builds(AnonymityRule, st.integers(3, 4), st.integers(4, 6))


def least_that_follows(sizes: dict[str, int], shown: frozenset[str], total_shown: bool) -> int | None:
    """Return the fewest respondents whose sum is a linear combination of the sums shown."""
    names = [name for name in sizes if sizes[name]]
    vectors = [[float(name == other) for other in names] for name in names if name in shown]
    if total_shown and shown:
        vectors.append([1.0] * len(names))
    if not vectors:
        return None
    matrix = np.array(vectors)
    rank = np.linalg.matrix_rank(matrix)
    unions = [union for k in range(1, len(names) + 1) for union in combinations(names, k)]
    follows = [
        sum(sizes[name] for name in union)
        for union in unions
        if np.linalg.matrix_rank(np.vstack([matrix, [float(name in union) for name in names]])) == rank
    ]
    return min(follows, default=None)


@given(SIZES, RULES, st.booleans(), st.sampled_from(["score", "spread"]))
def test_nothing_smaller_than_the_minimum_follows_by_subtraction(
    sizes: dict[str, int], rule: AnonymityRule, total_shown: bool, what: Literal["score", "spread"]
) -> None:
    shown = shown_groups(sizes, rule, total_shown, what)
    least = least_that_follows(sizes, shown, total_shown)
    minimum = rule.group_minimum if what == "score" else max(rule.group_minimum, rule.spread_minimum)
    assert least is None or least >= minimum


@given(SIZES, RULES, st.booleans(), st.sampled_from("abcdef"))
def test_an_added_respondent_reveals_no_group_that_is_still_too_small(
    sizes: dict[str, int], rule: AnonymityRule, total_shown: bool, joined: str
) -> None:
    after = {**sizes, joined: sizes.get(joined, 0) + 1}
    shown = shown_groups(after, rule, total_shown)
    assert all(rule.may_show_score(after[name]) for name in shown)
    assert (least_that_follows(after, shown, total_shown) or rule.group_minimum) >= rule.group_minimum


def test_a_group_is_held_back_so_that_two_people_stay_hidden() -> None:
    sizes = {"sales": 6, "marketing": 4, "cs": 2}
    assert shown_groups(sizes, AnonymityRule(), total_shown=True) == {"sales"}
    assert shown_groups(sizes, AnonymityRule(), total_shown=False) == {"sales", "marketing"}


def test_groups_are_not_held_back_without_need() -> None:
    assert shown_groups({"a": 3, "b": 4, "c": 0}, AnonymityRule(), total_shown=True) == {"a", "b"}
    assert shown_groups({"a": 3, "b": 2, "c": 1}, AnonymityRule(), total_shown=True) == {"a"}


def test_spread_never_from_fewer_than_a_score() -> None:
    assert not AnonymityRule(group_minimum=7, spread_minimum=5).may_show_spread(6)
