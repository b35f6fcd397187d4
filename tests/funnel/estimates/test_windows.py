from __future__ import annotations

from itertools import product

import pytest

from gtmdiag.funnel.estimates.special import binomial_at_most
from gtmdiag.funnel.estimates.windows import Rule, Week, evaluate, false_alarm, pooled

TWICE = Rule(0.25, 2)


def test_false_alarms_a_year_of_the_published_rule() -> None:
    assert false_alarm(TWICE, [20] * 52, 0.3) == pytest.approx(0.917, abs=0.0005)
    assert false_alarm(Rule(0.25, 1), [20] * 52, 0.3) > 0.9999
    assert false_alarm(TWICE, [400] * 52, 0.3) < 0.01


def test_false_alarm_other_than_all_histories_together_give() -> None:
    volumes, rate = [3, 9, 0, 5, 8, 2], 0.4
    rule = Rule(0.5, 2)
    total = 0.0
    for history in product((True, False), repeat=6):
        chance, running, fired = 1.0, 0, False
        for n, miss in zip(volumes, history, strict=True):
            below = binomial_at_most((n - 1) // 2, n, rate) if n else 0.0
            chance *= below if miss else 1 - below
            running = running + 1 if miss else 0
            fired |= running >= 2
        total += chance * fired
    assert false_alarm(rule, volumes, rate) == pytest.approx(total, abs=1e-14)


def test_weeks_over_a_turn_of_the_year_that_do_not_count_as_running() -> None:
    weeks = [Week("2026-W53", 2, 20), Week("2026-W52", 8, 20), Week("2027-W01", 4, 20)]
    verdict = evaluate(TWICE, weeks)
    assert (verdict.fires, verdict.fired_in, verdict.running) == (True, ("2027-W01",), 2)


@pytest.mark.parametrize("between", [[], [Week("2026-W06", 0, 0)], [Week("2026-W06", 1, 20, complete=False)]])
def test_run_that_goes_on_over_a_week_that_tells_nothing(between: list[Week]) -> None:
    verdict = evaluate(TWICE, [Week("2026-W05", 1, 20), *between, Week("2026-W07", 1, 20)])
    assert (verdict.fires, verdict.running, verdict.left_out) == (False, 1, ("2026-W06",))


def test_unfinished_week_that_sets_off_or_ends_an_alarm() -> None:
    misses = [Week("2026-W05", 1, 20), Week("2026-W06", 1, 20)]
    assert not evaluate(TWICE, [misses[0], Week("2026-W06", 0, 3, complete=False)]).fires
    assert evaluate(TWICE, [*misses, Week("2026-W07", 9, 10, complete=False)]).fires
    assert evaluate(TWICE, []).left_out == ()


def test_share_at_the_threshold_that_counts_as_below() -> None:
    assert not Rule(0.07, 1).misses(7, 100)
    assert Rule(0.07, 1).misses(6, 100)
    assert not Rule(0.25, 1).misses(5, 20)


def test_pooled_test_other_than_the_exact_binomial() -> None:
    found = pooled(TWICE, 8, 40)
    assert found is not None
    assert (found.share, found.n) == (0.2, 40)
    assert found.p_value == pytest.approx(0.2998, abs=0.0005)
    assert pooled(TWICE, 0, 0) is None


def test_rule_that_can_never_or_always_fire_is_refused() -> None:
    with pytest.raises(ValueError, match="threshold between 0 and 1"):
        Rule(25, 2)
