"""Marketing's and sales' views apart: as groups where each is large enough, else as what people agreed to declare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from gtmdiag.diagnostics.marketing.result import Capability, CapabilityView, Declared, Pillar, Shown, Side, SideId
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.roles import known_roles
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import FailureMode, IndexRule, Instrument
from gtmdiag.instruments.scoring import Answers, Index, pooled_index, score

CONSENT = "marketing.declared.consent"
SIDES: tuple[tuple[SideId, str], ...] = (("marketing", "Marketing"), ("sales", "Sales"))


def members(responses: Sequence[Response], side: SideId) -> tuple[Response, ...]:
    """Return the respondents who speak for a function, the CEO left out."""
    roles = known_roles()
    return tuple(one for one in responses if one.role != "ceo" and roles[one.role].function == side)


def side_of(responses: Sequence[Response], side: SideId, label: str, rule: AnonymityRule) -> Side:
    """Return how a side may be shown. Anonymity rule; a smaller side only where every member agreed (suite method)."""
    mine = members(responses, side)
    declared = sum(one.answers.get(CONSENT) == "yes" for one in mine)
    shown: Shown = "withheld"
    if not mine:
        shown = "absent"
    elif rule.may_show_score(len(mine)):
        shown = "group"
    elif declared == len(mine):
        shown = "declared"
    return Side(side, label, len(mine), declared, shown)


def pillar(
    instrument: Instrument,
    index: IndexRule,
    responses: Sequence[Response],
    sides: Sequence[Side],
    rule: AnonymityRule,
) -> Pillar:
    """Return one pillar as both sides see it. Pillars: source AJ; index and gap: suite method."""
    ceo = next((one.answers for one in responses if one.role == "ceo"), None)
    views = {side.id: _group(instrument, index, members(responses, side.id), side, rule) for side in sides}
    own = None if ceo is None else score(instrument, ceo).index(index.id)
    marketing, sales = views["marketing"], views["sales"]
    return Pillar(
        id=index.id,
        label=index.label,
        marketing=marketing,
        sales=sales,
        ceo=own,
        declared=tuple(_declared(instrument, index, responses, sides)),
        gap=_gap(marketing, sales),
        low=_low([view for view in (marketing, sales) if view is not None], index.high_from),
    )


def capability(
    instrument: Instrument,
    mode: FailureMode,
    responses: Sequence[Response],
    sides: Sequence[Side],
) -> Capability:
    """Return whether a capability is missing: as most of a side that may be shown say, else as the CEO does.

    A side that is shown counts only where all of it answered; else the one who did not could be told from the two
    numbers.
    """
    items = [item for item in instrument.items if item.domain == mode.domain]
    dangers = {
        (item.id, option.value) for item in items for option in instrument.scale_of(item).options if option.danger
    }

    def missing(answers: Answers) -> bool | None:
        given = [(item.id, answers[item.id]) for item in items if item.id in answers]
        return any(one in dangers for one in given) if given else None

    ceo = next((missing(one.answers) for one in responses if one.role == "ceo"), None)
    views: list[CapabilityView] = []
    for side in sides:
        said = [missing(one.answers) for one in members(responses, side.id)]
        if side.shown in ("group", "declared") and None not in said:
            views.append(CapabilityView(side.id, sum(one is True for one in said), side.n))
    verdict = any(2 * view.missing > view.n for view in views) if views else ceo
    label = instrument.domain_label(mode.domain)
    return Capability(mode.domain, label, mode.meaning, mode.next, mode.source, ceo, tuple(views), verdict)


def _group(
    instrument: Instrument, index: IndexRule, mine: Sequence[Response], side: Side, rule: AnonymityRule
) -> Index | None:
    """Return a side's index; a declared side's is that of its members, each of whom is shown beside it."""
    answers = [one.answers for one in mine]
    if side.shown == "declared":
        return pooled_index(instrument, index, answers)
    counts = [sum(item.id in one for one in answers) for item in instrument.items_of(index.facet)]
    enough = side.shown == "group" and all(rule.may_show_score(n) for n in counts)
    return pooled_index(instrument, index, answers) if enough else None


def _declared(
    instrument: Instrument, index: IndexRule, responses: Sequence[Response], sides: Sequence[Side]
) -> Iterator[Declared]:
    roles = known_roles()
    for side in sides:
        for one in members(responses, side.id) if side.shown == "declared" else ():
            yield Declared(side.id, roles[one.role].label, pooled_index(instrument, index, (one.answers,)))


def _gap(marketing: Index | None, sales: Index | None) -> float | None:
    if marketing is None or sales is None:
        return None
    if marketing.low is None or marketing.high is None or sales.low is None or sales.high is None:
        return None
    if marketing.low > sales.high:
        return marketing.low - sales.high
    return min(marketing.high - sales.low, 0.0)


def _low(views: Sequence[Index], high_from: float) -> bool | None:
    known = [(view.low, view.high) for view in views if view.low is not None and view.high is not None]
    if not known:
        return None
    low, high = fmean(low for low, _ in known), fmean(high for _, high in known)
    return True if high < high_from else False if low >= high_from else None
