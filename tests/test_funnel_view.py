"""The analysis in the terminal: 80 columns whatever the names, and what is serious first."""

from __future__ import annotations

from gtmdiag.funnel.checks import Check
from gtmdiag.funnel.stalled import Stalled, StalledDeal, StalledDeals
from gtmdiag.funnel.trust import trust_gate
from gtmdiag.funnel_lines import handoff_lines, hygiene_lines, stalled_lines
from gtmdiag.terminal import WIDTH
from tests.funnel.test_handoffs import CONFIG, DEALS, rows, waits

LONG = "W" * 200 + "\x1b[31m"


def test_long_name_or_control_character_that_breaks_the_terminal() -> None:
    deal = StalledDeal(LONG, LONG, 99_999, 3, LONG, 10**14, "EUR")
    stalled = StalledDeals((Stalled(LONG, 10**7, 10**6, 99_999, ()), Stalled(LONG, 1, 0, None, ())), (deal,) * 25, 900)
    check = Check("c", LONG, 9, 10, "values", 1.0, (LONG,), ("trend",), True, LONG)
    config = CONFIG.replace("from: marketing", f"from: {'W' * 150}")
    lines = [
        *stalled_lines(stalled),
        *hygiene_lines([check], trust_gate([check])),
        *handoff_lines(rows(waits(*DEALS), config=config)),
    ]
    assert max(map(len, lines)) <= WIDTH
    assert not any("\x1b" in line for line in lines)
    assert "  and 895 more" in lines


def test_serious_fault_behind_a_small_one_or_fault_that_is_not_there() -> None:
    def check(name: str, n: int, *, serious: bool) -> Check:
        return Check(name, name, n, 1000, "rows", None, (), ("trend",), serious, "")

    checks = [check("small", 90, serious=False), check("none", 0, serious=False), check("big", 50, serious=True)]
    lines = list(hygiene_lines(checks, trust_gate(checks)))
    faults = [line for line in lines if " rows (" in line]
    assert faults == ["! big: 50 of 1,000 rows (5.0%)", "  small: 90 of 1,000 rows (9.0%)"]
    assert list(stalled_lines(StalledDeals((), (), 0))) == []
    assert list(handoff_lines(())) == []
