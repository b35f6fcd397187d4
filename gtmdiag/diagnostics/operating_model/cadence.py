"""Meetings with the authority to decide, and feedback loops that changed something (OE)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gtmdiag.diagnostics.operating_model.result import LoopAudit, MeetingAudit
from gtmdiag.diagnostics.ownership_altitude import InPlace
from gtmdiag.engagement.operating_model import FeedbackLoop, Meeting
from gtmdiag.instruments.operating_rules import LoopRule, MeetingRule, OperatingRules


def meetings(held: Sequence[Meeting], rules: OperatingRules, as_of: date) -> tuple[MeetingAudit, ...]:
    """Return the four meetings, several of one kind each by itself; nothing where the file has none."""
    if not held:
        return ()
    audited: list[MeetingAudit] = []
    for rule in rules.meetings:
        own = [_meeting(one, rule, rules, as_of) for one in held if one.kind == rule.id]
        none = MeetingAudit(rule.id, rule.label, "", rule.purpose, (), (), 0, 0, None)
        audited += own or [none]
    return tuple(audited)


def _meeting(meeting: Meeting, rule: MeetingRule, rules: OperatingRules, as_of: date) -> MeetingAudit:
    missing = tuple(rules.power(power) for power in rule.authority if power not in meeting.authority)
    judged = sorted((one for one in meeting.held if one.misses and one.date <= as_of), key=lambda one: one.date)
    return MeetingAudit(
        id=rule.id,
        label=rule.label,
        name=meeting.meeting,
        purpose=rule.purpose,
        lacks=tuple(_lacks(meeting, rule)),
        missing_powers=missing,
        judged=len(judged),
        barren=sum(not one.actions for one in judged),
        # A week without misses is not judged.
        operational=bool(judged[-1].actions) if judged else None,
    )


def _lacks(meeting: Meeting, rule: MeetingRule) -> Iterator[str]:
    if meeting.frequency is None:
        yield "frequency"
    elif meeting.frequency != rule.frequency:
        yield f"{meeting.frequency} instead of {rule.frequency}"
    if meeting.minutes is None:
        yield "length"
    elif rule.minutes is not None and meeting.minutes > rule.minutes:
        yield f"{meeting.minutes} min instead of {rule.minutes}"
    if not meeting.attendees:
        yield "attendees"
    if not meeting.outputs:
        yield "outputs"


def loops(
    told: Sequence[FeedbackLoop], answered: Sequence[InPlace], rules: OperatingRules, as_of: date
) -> tuple[LoopAudit, ...]:
    """Return the three loops (suite method, after OE): of the file, or, where it has none, as answered."""
    if told:
        return tuple(_loop(rule, told, as_of) for rule in rules.loops)
    seen = {part.id: part.in_place for part in answered}
    return tuple(_answered(rule, seen.get(rule.id)) for rule in rules.loops)


def _loop(rule: LoopRule, told: Sequence[FeedbackLoop], as_of: date) -> LoopAudit:
    own = [one for one in told if (one.giving, one.taking) == (rule.giving, rule.taking) and one.what]
    changed = [one for one in own if one.last_change and one.changed_on is not None and one.changed_on <= as_of]
    if changed:
        return LoopAudit(rule.id, rule.label, rule.about, "file", "closed", changed[0].last_change)
    return LoopAudit(rule.id, rule.label, rule.about, "file", "reporting" if own else "absent", "")


def _answered(rule: LoopRule, seen: bool | None) -> LoopAudit:
    state = "unknown" if seen is None else "reporting" if seen else "absent"
    return LoopAudit(rule.id, rule.label, rule.about, "answers", state, "")
