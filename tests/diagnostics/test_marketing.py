"""Marketing's against sales' view: exact at its thresholds, and no single answer ever shown without consent."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from gtmdiag.diagnostics import marketing
from gtmdiag.diagnostics.marketing import MarketingResult
from gtmdiag.diagnostics.marketing.sides import CONSENT
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.load import packaged
from gtmdiag.instruments.scoring import score
from tests.diagnostics.people import Given, some

MARKETING, RULE = packaged("marketing"), AnonymityRule()
PILLARS = [rule.id for rule in MARKETING.indices]


def answers(value: int, consent: str = "no", **changed: int) -> Given:
    """Return whole answers: the same to every item of the pillars, but for those of a facet that is named."""
    given = {item.id: changed.get(item.facet, value) for item in MARKETING.items if item.facet in PILLARS}
    return {**given, CONSENT: consent}


def side(role: str, *given: Given) -> list[Response]:
    numbers = count()
    return [Response(f"secret-{role}-{next(numbers)}", role, one) for one in given]


def diagnosed(*responses: Response) -> MarketingResult:
    result = marketing.diagnose(MARKETING, responses, RULE)
    assert result is not None
    return result


def test_gap_or_weakness_off_its_threshold() -> None:
    alike = diagnosed(*side("cmo", *[answers(4)] * 3), *side("vp_sales", answers(4), answers(4), answers(3)))
    assert not alike.apart
    apart = diagnosed(*side("cmo", *[answers(4)] * 3), *side("vp_sales", *[answers(3)] * 3))
    assert [(one.id, one.gap) for one in apart.apart] == [(name, 25.0) for name in PILLARS]
    assert [one.low for one in diagnosed(*side("cmo", *[answers(3)] * 3)).pillars] == [False] * 4
    below = diagnosed(*side("cmo", answers(3), answers(3), {**answers(3), "marketing.agile.model": 2}))
    assert [one.id for one in below.pillars if one.low] == ["model"]


def test_small_side_shown_without_the_consent_of_everyone_in_it() -> None:
    sales = side("vp_sales", *[answers(2)] * 3)
    for consents, shown in ((("yes", "yes"), "declared"), (("yes", "no"), "withheld"), (("yes",), "declared")):
        result = diagnosed(*side("cmo", *(answers(4, one) for one in consents)), *sales)
        assert result.marketing.shown == shown
        assert all((one.marketing is None) == (shown == "withheld") for one in result.pillars)
        assert all(bool(one.declared) == (shown == "declared") for one in result.pillars)
        assert bool(result.withheld) == (shown == "withheld")
    assert all(not one.declared for one in diagnosed(*sales).pillars), "a group is not shown one by one beside itself"


@settings(max_examples=60)
@given(st.lists(some(MARKETING), max_size=5), st.lists(some(MARKETING), max_size=5), some(MARKETING))
def test_added_respondent_who_reveals_a_side_that_was_withheld(
    first: list[Given], second: list[Given], more: Given
) -> None:
    people = [*side("cmo", *first), *side("vp_sales", *second)]
    before = marketing.diagnose(MARKETING, people, RULE)
    after = marketing.diagnose(MARKETING, [*people, *side("vp_sales", more)], RULE)
    if before is None or after is None:
        return
    # Whoever joins sales tells nothing of marketing.
    assert [one.marketing for one in before.pillars] == [one.marketing for one in after.pillars]
    for result in (before, after):
        for which in (result.marketing, result.sales):
            views = [getattr(one, which.id) for one in result.pillars]
            capabilities = [view for one in result.capabilities for view in one.views if view.side == which.id]
            if which.shown in ("withheld", "absent"):
                assert views == [None] * 4
                assert not capabilities
            if which.shown == "group":
                assert which.n >= RULE.group_minimum
                assert all(view.n == which.n for view in capabilities)


@settings(max_examples=60)
@given(some(MARKETING, *PILLARS, whole=True), st.sampled_from([item.id for item in MARKETING.items_of("strategy")]))
def test_raised_answer_that_lowers_its_pillar(given_: Given, item: str) -> None:
    value = given_[item]
    raised = {**given_, item: min(int(value) + 1, 5)}
    before, after = (score(MARKETING, one).index("strategy") for one in (given_, raised))
    assert before.low is not None
    assert after.low is not None
    assert after.low >= before.low


def test_missing_answers_that_make_a_gap() -> None:
    partly = {name: value for name, value in answers(3).items() if name != "marketing.agile.model"}
    result = diagnosed(*side("cmo", *[answers(4)] * 4), *side("vp_sales", *[answers(3)] * 3, partly))
    gap = {one.id: one.gap for one in result.pillars}
    assert gap["strategy"] == 25.0
    assert gap["model"] is not None
    assert 0 < gap["model"] < 25.0


def test_action_that_answers_nothing_or_gap_without_an_action() -> None:
    weak = diagnosed(*side("cmo", *[answers(2)] * 3), *side("vp_sales", *[answers(2)] * 3))
    assert {"assess", "technology", "collaboration", "talent"} == {one.step for one in weak.actions}
    assert all(one.because for one in weak.actions)
    strong = diagnosed(*side("cmo", *[answers(5)] * 3), *side("vp_sales", *[answers(5)] * 3))
    assert strong.actions == ()
    answered = {gap for remedy in MARKETING.remedies for gap in remedy.answers}
    assert {*PILLARS, *(mode.domain for mode in MARKETING.failure_modes)} == answered


def test_ceo_or_another_function_counted_to_a_side() -> None:
    alone = diagnosed(Response("respondent-zero", "ceo", answers(1)), *side("cfo", *[answers(1)] * 3))
    assert (alone.marketing.n, alone.sales.n, alone.others) == (0, 0, 3)
    assert [one.low for one in alone.pillars] == [None] * 4
    assert replace(alone.pillars[0], ceo=None).marketing is None
    assert marketing.diagnose(MARKETING, side("cfo", answers(1)), RULE) is None
