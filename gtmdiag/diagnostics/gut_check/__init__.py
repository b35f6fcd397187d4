"""D2: whether go-to-market should be run under one leader.

Five yes/no questions; two or more yes say: consider centralizing. Source of questions and threshold: CD. Prerequisite,
margin, base rate, guard-rails and the distributed side: suite method. The question is who operates go-to-market, not
who owns it.
"""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.diagnostics.gut_check.group import guard_rails, leaders_sides, most_leaders, questions
from gtmdiag.diagnostics.gut_check.readings import base_rate, counting_rule, read, reasons_to_wait
from gtmdiag.diagnostics.gut_check.result import Change, GuardRail, GutCheckResult, Question, Reading
from gtmdiag.diagnostics.gut_check.words import caveats, sentences
from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import Instrument

__all__ = ["Change", "GuardRail", "GutCheckResult", "Question", "Reading", "diagnose"]


def diagnose(
    instrument: Instrument, responses: Sequence[Response], present: str | None, rule: AnonymityRule
) -> GutCheckResult | None:
    """Run the gut check.

    Parameters
    ----------
    instrument
        The gut-check instrument, packaged or its replacement.
    responses
        Valid answers of the CEO (role ``ceo``) and of leaders.
    present
        Today's structure: ``"centralized"``, ``"distributed"`` or None.
    rule
        Smallest groups whose scores and spreads may be shown.

    Returns
    -------
    GutCheckResult | None
        None when nobody has answered.
    """
    if not responses:
        return None
    own = next((response.answers for response in responses if response.role == "ceo"), None)
    leaders = [response.answers for response in responses if response.role != "ceo"]
    ceo = None if own is None else read(instrument, own)
    items = instrument.items_of(counting_rule(instrument).facet)
    asked = [one for one in leaders if any(item.id in one for item in items)]
    sides = leaders_sides(instrument, asked, rule)
    side, basis = (ceo.side, "the CEO's answers") if ceo is not None else (most_leaders(sides), "most leaders")
    rails = guard_rails(instrument, own, leaders, rule)
    change = _change(side, ceo, present)
    rate = base_rate(instrument)
    return GutCheckResult(
        instrument=instrument.id,
        version=instrument.version,
        hash=instrument.hash,
        ceo=ceo,
        leaders=len(asked),
        sides=sides,
        withheld=_withheld(len(asked), sides, rule),
        side=side,
        basis=basis,
        base_rate=rate,
        present=present,
        change=change,
        questions=questions(instrument, own, leaders, rule),
        guard_rails=rails,
        structures=instrument.structures,
        sentences=tuple(sentences(instrument, ceo, sides, side, present, change)),
        caveats=tuple(caveats(instrument, ceo, rate)),
    )


def _change(side: str | None, ceo: Reading | None, present: str | None) -> Change:
    """Return what the verdict asks of today's structure (suite method)."""
    if side is None or present is None:
        return "unknown"
    if side == present:
        return "keep"
    return "change later" if reasons_to_wait(ceo, side) else "change"


def _withheld(leaders: int, sides: tuple[tuple[str, int], ...] | None, rule: AnonymityRule) -> str:
    if sides is not None:
        return ""
    if leaders == 0:
        return "No leader has answered."
    return (
        f"{capital(count(leaders, 'leader has', 'leaders have'))} answered; their view is shown once "
        f"{rule.group_minimum} of them come out on a side, so that no single answer can be told."
    )
