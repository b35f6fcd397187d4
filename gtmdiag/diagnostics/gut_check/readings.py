"""Read one respondent's five answers."""

from __future__ import annotations

from math import comb

from gtmdiag.diagnostics.gut_check.result import Prerequisite, Reading
from gtmdiag.instruments.schema import IndexRule, Instrument
from gtmdiag.instruments.scoring import Answers, pooled_index, score

SECOND_LINE = "gut_check.second_line.centralize"


def counting_rule(instrument: Instrument) -> IndexRule:
    """Return the rule that counts the answers for one leader."""
    return next(rule for rule in instrument.indices if rule.id == "yes_count")


def read(instrument: Instrument, answers: Answers) -> Reading:
    """Return one respondent's reading. Threshold: source CD; margin, flips and prerequisite: suite method."""
    rule = counting_rule(instrument)
    items = instrument.items_of(rule.facet)
    scored = score(instrument, answers)
    yes = sum(str(answers.get(item.id)) == rule.counts for item in items)
    unanswered = sum(item.id not in answers for item in items)
    threshold = int(rule.high_from)
    side = _side(instrument, answers)
    margin = None if side is None else yes - threshold if side == "centralized" else threshold - 1 - yes - unanswered
    flips = tuple(
        item.id for item in items if item.id in answers and _side_without(instrument, answers, item.id) != side
    )
    return Reading(
        yes=yes,
        no=len(items) - yes - unanswered,
        unanswered=unanswered,
        side=side,
        verdict=None if scored.verdict is None else instrument.verdict(scored.verdict),
        prerequisite=_prerequisite(answers),
        margin=margin,
        flips=flips if side is not None else (),
        needed=threshold - yes if side is None else 0,
    )


def _side(instrument: Instrument, answers: Answers) -> str | None:
    rule = counting_rule(instrument)
    sides = pooled_index(instrument, rule, (answers,)).sides(rule.high_from)
    return None if len(sides) > 1 else "centralized" if sides == ("high",) else "distributed"


def _side_without(instrument: Instrument, answers: Answers, item_id: str) -> str | None:
    """Return the side with one answer turned round; the side as it is where that leaves the matter open."""
    turned = {**answers, item_id: "no" if answers[item_id] == "yes" else "yes"}
    return _side(instrument, turned) or _side(instrument, answers)


def reasons_to_wait(ceo: Reading | None, side: str) -> list[str]:
    """Return why a change to a side would come too early, in words (suite method)."""
    prerequisite = "unknown" if ceo is None else ceo.prerequisite
    reasons = [f"the prerequisite is {prerequisite}"] if side == "centralized" and prerequisite != "met" else []
    return [*reasons, "the margin is nil"] if ceo is not None and ceo.margin == 0 else reasons


def base_rate(instrument: Instrument) -> tuple[int, int]:
    """Return how many of all answer patterns reach the threshold, and how many there are."""
    rule = counting_rule(instrument)
    n = len(instrument.items_of(rule.facet))
    return sum(comb(n, yes) for yes in range(int(rule.high_from), n + 1)), 2**n


def _prerequisite(answers: Answers) -> Prerequisite:
    answer = answers.get(SECOND_LINE)
    return "unknown" if answer is None else "met" if answer == "yes" else "missing"
