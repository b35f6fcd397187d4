from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.portfolio.groups import OTHERS, shares

held = st.lists(st.sampled_from("abcdef"), max_size=40)


@given(held, st.integers(3, 8))
def test_number_of_a_small_group_that_is_told_or_can_be_reckoned(labels: list[str], minimum: int) -> None:
    found = shares(labels, minimum)
    counted = Counter(labels)
    exact = {one.label: one.n for one in found if one.n is not None and not one.at_least}
    assert all(n >= minimum for n in exact.values())
    assert all(counted[label] == n for label, n in exact.items() if label != OTHERS)
    assert all(counted[one.label] >= (one.n or 0) >= minimum for one in found if one.at_least)
    # what is left when all exact numbers are taken away is nobody, or enough
    left = sum(counted.values()) - sum(exact.values())
    assert not found or left == 0 or left >= minimum


def test_all_that_can_be_told_is_told() -> None:
    told = [(one.label, one.n, one.at_least) for one in shares("a" * 9 + "b" * 6 + "c" * 3 + "d" * 2, 5)]
    assert told == [("a", 9, False), ("b", 6, False), (OTHERS, 5, False)]
    told = [(one.label, one.n, one.at_least) for one in shares("a" * 9 + "b" * 3, 5)]
    assert told == [("a", 8, True), (OTHERS, None, False)]
