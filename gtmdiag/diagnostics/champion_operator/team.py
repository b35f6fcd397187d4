"""The leaders' view of the CEO as a group, held by the anonymity rule."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import mean, median, stdev

from gtmdiag.diagnostics.champion_operator.result import DomainView
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.schema import Instrument, Item
from gtmdiag.instruments.scoring import Answers, value_of

BLIND_SPOT = 1
"""Steps by which the CEO must be more favourable (suite method)."""


def domain_views(
    instrument: Instrument, ceo: Answers | None, leaders: Sequence[Answers], rule: AnonymityRule
) -> tuple[DomainView, ...]:
    """Return the mirrored domains as the CEO and the leaders answer them, withheld where the group is too small."""
    operators = {item.domain: item for item in instrument.items_of("operator")}
    return tuple(
        _view(instrument, champion, operators[champion.domain], ceo or {}, leaders, rule)
        for champion in instrument.items_of("champion")
        if champion.domain in operators
    )


def _view(
    instrument: Instrument,
    champion: Item,
    operator: Item,
    ceo: Answers,
    leaders: Sequence[Answers],
    rule: AnonymityRule,
) -> DomainView:
    own = _score(instrument, champion, operator, ceo)
    scores = [score for one in leaders if (score := _score(instrument, champion, operator, one)) is not None]
    champions, operators = _values(instrument, champion, leaders), _values(instrument, operator, leaders)
    gap = None
    if own is not None and rule.may_show_score(len(champions)) and rule.may_show_score(len(operators)):
        # From the two shown means, not from the scores: those who answered one item only could be had by subtraction.
        gap = own - _favourable(instrument, operator, mean(champions), mean(operators))
    # A spread beside means that count one or two people more gives their answers away: no other answers fit.
    apart = (len(champions) - len(scores), len(operators) - len(scores))
    spread_shown = rule.may_show_spread(len(scores)) and all(n == 0 or rule.may_show_score(n) for n in apart)
    return DomainView(
        id=champion.domain,
        label=instrument.domain_label(champion.domain),
        ceo_champion=value_of(instrument, champion, ceo),
        ceo_operator=value_of(instrument, operator, ceo),
        team_champion=float(mean(champions)) if rule.may_show_score(len(champions)) else None,
        team_operator=float(mean(operators)) if rule.may_show_score(len(operators)) else None,
        n=len(scores),
        gap=None if gap is None else float(gap),
        spread=float(stdev(scores)) if spread_shown else None,
        agreement=sum(abs(score - median(scores)) <= 1 for score in scores) / len(scores) if spread_shown else None,
        blind_spot=_blind_spot(own, gap, scores) if rule.may_show_score(len(scores)) else None,
    )


def _blind_spot(own: Fraction | None, gap: Fraction | None, scores: Sequence[Fraction]) -> bool | None:
    if own is None or gap is None:
        return None
    return gap >= BLIND_SPOT and sum(own - score >= BLIND_SPOT for score in scores) * 2 > len(scores)


def _score(instrument: Instrument, champion: Item, operator: Item, answers: Answers) -> Fraction | None:
    values = (value_of(instrument, champion, answers), value_of(instrument, operator, answers))
    if values[0] is None or values[1] is None:
        return None
    return _favourable(instrument, operator, Fraction(values[0]), Fraction(values[1]))


def _favourable(instrument: Instrument, operator: Item, champion_value: Fraction, operator_value: Fraction) -> Fraction:
    """Return the mean of the champion value and the mirrored operator value."""
    scale = instrument.scale_of(operator)
    return (champion_value + scale.lowest + scale.highest - operator_value) / 2


def _values(instrument: Instrument, item: Item, leaders: Sequence[Answers]) -> list[Fraction]:
    """Return the leaders' answers, as fractions: a gap of exactly one step must not be 0.999… here."""
    return [Fraction(value) for one in leaders if (value := value_of(instrument, item, one)) is not None]
