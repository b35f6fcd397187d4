"""From how many respondents a spread may be shown."""

from __future__ import annotations

from gtmdiag.engagement.anonymity import AnonymityRule


def test_spread_never_from_fewer_than_a_score() -> None:
    assert not AnonymityRule(group_minimum=7, spread_minimum=5).may_show_spread(6)
