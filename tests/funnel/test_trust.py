"""The trust gate: every result stands or is to be read with care, and only a serious fault decides that."""

from __future__ import annotations

from gtmdiag.funnel.checks import Check
from gtmdiag.funnel.trust import RESULTS, trust_gate


def check(name: str, n: int, *weakens: str, serious: bool = False) -> Check:
    return Check(name, f"Deals with {name}", n, 1000, "deals", None, ("D-1",) * bool(n), weakens, serious, "Mend it.")


def test_result_in_both_or_neither() -> None:
    checks = [
        check("a", 300, "trend", serious=True),
        check("b", 500, "forecast", "trend", serious=True),
        check("c", 9, "conversion"),
    ]
    gate = trust_gate(checks)
    assert sorted((*gate.stand, *gate.with_care)) == sorted(RESULTS)
    assert gate.with_care == ("trend", "forecast")
    assert [one.id for one in gate.serious] == ["b", "a"]
    assert "2 of 3 checks of the data are beyond the threshold. Read with care: trend, forecast." in gate.sentence.text


def test_result_told_that_the_analysis_does_not_have() -> None:
    gate = trust_gate([check("a", 300, "trend", serious=True)], ("conversion", "trend"))
    assert (gate.stand, gate.with_care) == (("conversion",), ("trend",))
    assert trust_gate([check("a", 300, "trend", serious=True)], ("trend",)).sentence.text.endswith("without reserve.")


def test_data_that_nobody_checked_posing_as_sound() -> None:
    assert "not checked" in trust_gate([]).sentence.text
    assert trust_gate([check("a", 3, "trend")]).sentence.text.startswith("Every result stands")
