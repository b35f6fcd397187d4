"""How far ownership is institutional, and the ways to fail that already show."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from gtmdiag.diagnostics.ownership_altitude.result import Evidence, InPlace, Institution, Mode
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.schema import FailureMode, Instrument, Item
from gtmdiag.instruments.scoring import Answers, pooled_index, score

INDEX, STEWARD = "institution", "ownership_altitude.steward.in_place"
IN_PLACE = 1.5
"""Mean from which a part counts as in place, between partly (1) and yes (2)."""


def institution(
    instrument: Instrument, ceo: Answers | None, leaders: Sequence[Answers], rule: AnonymityRule
) -> Institution:
    """Return the index of the CEO and of the leaders, each part, what comes next, and the steward's risks.

    The parts and the falling back of a steward within about six months: source GJ. Index and order: suite method.
    """
    index = next(rule for rule in instrument.indices if rule.id == INDEX)
    items = instrument.items_of(index.facet)
    parts = tuple(part_in_place(instrument, item, ceo or {}, leaders, rule) for item in items)
    shown = rule.may_show_score(len(leaders)) and all(part.leaders is not None for part in parts)
    missing = {part.id for part in parts if part.in_place is False}
    return Institution(
        ceo=None if ceo is None else score(instrument, ceo).index(index.id),
        leaders=pooled_index(instrument, index, leaders) if shown else None,
        parts=parts,
        next_part=next((domain for domain in instrument.build_order if domain in missing), None),
        steward_risks=_steward_risks(instrument, ceo or {}, leaders, rule),
    )


def modes(
    instrument: Instrument, ceo: Answers | None, leaders: Sequence[Answers], rule: AnonymityRule
) -> tuple[Mode, ...]:
    """Return each way to fail with its evidence (source GJ): as the CEO sees it, else as most leaders do."""
    return tuple(_mode(instrument, mode, ceo or {}, leaders, rule) for mode in instrument.failure_modes)


def part_in_place(
    instrument: Instrument, item: Item, ceo: Answers, leaders: Sequence[Answers], rule: AnonymityRule
) -> InPlace:
    """Return whether one part is in place, as the CEO sees it and as the leaders' mean says where it may be shown."""
    scale = instrument.scale_of(item)
    own = ceo.get(item.id)
    given = [int(one[item.id]) for one in leaders if item.id in one]
    mean = fmean(given) if rule.may_show_score(len(given)) else None
    views = [float(own)] if own is not None else []
    views += [mean] if mean is not None else []
    return InPlace(
        id=item.domain,
        label=instrument.domain_label(item.domain),
        ceo=None if own is None else scale.label(own),
        leaders=mean,
        n=len(given),
        # Both must see it: what only one side sees is not an institution.
        in_place=min(views) >= IN_PLACE if views else None,
    )


def _steward_risks(
    instrument: Instrument, ceo: Answers, leaders: Sequence[Answers], rule: AnonymityRule
) -> tuple[str, ...]:
    if ceo.get(STEWARD) == 0:
        return ()  # Nobody is there who could fall back.
    items = [item for item in instrument.items if item.domain == "steward_risk"]
    found = [_evidence(instrument, item, ceo, leaders, rule) for item in items]
    return tuple(f"{one.text} {one.answer}." for one in found if one.seen)


def _mode(
    instrument: Instrument, mode: FailureMode, ceo: Answers, leaders: Sequence[Answers], rule: AnonymityRule
) -> Mode:
    items = [item for item in instrument.items if item.domain == mode.domain]
    evidence = tuple(_evidence(instrument, item, ceo, leaders, rule) for item in items)
    label = instrument.domain_label(mode.domain)
    return Mode(mode.domain, label, mode.meaning, mode.next, mode.source, evidence, _shows(evidence))


def _shows(evidence: Sequence[Evidence]) -> bool | None:
    """Tell whether most signs are seen, one of several being too little for the claim; None where others decide."""
    seen = sum(one.seen is True for one in evidence)
    not_known = sum(one.seen is None for one in evidence)
    if 2 * seen > len(evidence):
        return True
    return False if 2 * (seen + not_known) <= len(evidence) else None


def _evidence(
    instrument: Instrument, item: Item, ceo: Answers, leaders: Sequence[Answers], rule: AnonymityRule
) -> Evidence:
    scale = instrument.scale_of(item)
    dangers = {option.value: option.label.lower() for option in scale.options if option.danger}
    given = [one[item.id] for one in leaders if item.id in one]
    told: list[str] = []
    seen: list[bool] = []
    own = ceo.get(item.id)
    if own is not None:
        told.append(f"CEO: {scale.label(own).lower()}")
        seen.append(own in dangers)
    if rule.may_show_score(len(given)):
        count = sum(value in dangers for value in given)
        told.append(f"{count} of {len(given)} leaders: {' or '.join(dangers.values())}")
        seen.append(2 * count > len(given))
    return Evidence(
        item.id, item.self_, "; ".join(told) or ("not shown" if given else "not answered"), any(seen) if seen else None
    )
