"""Handoffs: a process with trigger, packet and response time, else only a suggestion (OE)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.operating_model.result import HandoffAudit
from gtmdiag.diagnostics.ownership_altitude.institution import part_in_place
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.operating_model import MapHandoff
from gtmdiag.engagement.spans import Span
from gtmdiag.instruments.operating_rules import HandoffRule, OperatingRules
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Answers

PARTS = {"trigger": "trigger", "packet": "data packet", "sla": "response time"}


def handoffs(
    described: Sequence[MapHandoff],
    rules: OperatingRules,
    instrument: Instrument,
    ceo: Answers,
    leaders: Sequence[Answers],
    rule: AnonymityRule,
) -> tuple[HandoffAudit, ...]:
    """Return the handoffs of the file and those published ones that it lacks; without any, those of the answers."""
    if not described:
        return tuple(_answered(one, instrument, ceo, leaders, rule) for one in rules.handoffs)
    audited = [_described(handoff, rules.handoff_of(handoff)) for handoff in described]
    there = {audit.id for audit in audited}
    return (*audited, *(_absent(one) for one in rules.handoffs if one.id not in there))


def _described(handoff: MapHandoff, published: HandoffRule | None) -> HandoffAudit:
    given = {"trigger": bool(handoff.trigger), "packet": bool(handoff.packet), "sla": bool(handoff.sla)}
    missing = tuple(words for part, words in PARTS.items() if not given[part])
    initiator = published is not None and published.initiator and not handoff.initiated_by
    weak = [] if handoff.escalation else ["escalation path"]
    weak += ["who initiates"] if initiator else []
    return HandoffAudit(
        id=published.id if published else "",
        name=handoff.name,
        label=published.label if published else f"{handoff.giving} to {handoff.taking}",
        origin="file",
        process=not missing,
        missing=missing,
        weak=tuple(weak),
        sla=times(handoff.sla),
        published=times(published.sla) if published else "",
        slower=tuple(_slower(handoff, published)) if published else (),
        packet=published.packet if published else (),
        symptom=published.symptom if published else "",
    )


def _slower(handoff: MapHandoff, published: HandoffRule) -> Iterator[str]:
    """Yield what is due later than published; a sole response time is held against the first published one."""
    for number, (what, due) in enumerate(published.sla.items()):
        own = handoff.sla.get(what) or (handoff.sla.get("response") if number == 0 else None)
        if own is not None and own.longer_than(due):
            yield f"{what} {own}, published {due}"


def _absent(published: HandoffRule) -> HandoffAudit:
    return _outline(published, "absent", False, tuple(PARTS.values()))


def _answered(
    published: HandoffRule, instrument: Instrument, ceo: Answers, leaders: Sequence[Answers], rule: AnonymityRule
) -> HandoffAudit:
    seen: dict[str, bool | None] = {}
    for part, words in PARTS.items():
        item = instrument.item(f"{instrument.id}.{published.id}.{part}")
        seen[words] = part_in_place(instrument, item, ceo, leaders, rule).in_place if item is not None else None
    missing = tuple(words for words, there in seen.items() if there is False)
    process = False if missing else True if all(seen.values()) else None
    return _outline(published, "answers", process, missing)


def _outline(published: HandoffRule, origin: str, process: bool | None, missing: tuple[str, ...]) -> HandoffAudit:
    return HandoffAudit(
        id=published.id,
        name=published.label,
        label=published.label,
        origin="answers" if origin == "answers" else "absent",
        process=process,
        missing=missing,
        weak=(),
        sla="",
        published=times(published.sla),
        slower=(),
        packet=published.packet,
        symptom=published.symptom,
    )


def times(sla: dict[str, Span]) -> str:
    """Return response times in words: ``"4 business hours"``, ``"joint call 48 hours; first session 5 days"``."""
    return "; ".join(str(due) if what == "response" else f"{what} {due}" for what, due in sla.items())
