"""Handoffs in plain sentences, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.funnel.handoffs import HandoffRow
from gtmdiag.funnel.limits import MINIMUM_DEALS
from gtmdiag.funnel.waits import WaitQuantile
from gtmdiag.funnel.words import counted
from gtmdiag.trail import Sentence, Trail


def handoff_sentences(row: HandoffRow) -> tuple[Sentence, ...]:
    """Say how many deals were taken up, how long that took, and how that stands to what was agreed and published."""
    if not row.told:
        text = f"{row.step}: how long deals wait for {row.taking} is not told, since the times at which they reach "
        text += f"{row.leaving} and leave it are not at hand."
        return (Sentence(text, Trail("what the export tells", "suite", ("crm.yaml, handoffs",))),)
    if row.n == 0:
        text = f"{row.step}: no deal with known times waited for {row.taking}."
        return (Sentence(text, Trail("deals by how their first stay ended", "suite", _inputs(row), 0)),)
    return (*_answers(row), *_agreed(row), *_published(row))


def wait_text(hours: float | None, row: HandoffRow) -> str:
    """Return ``"6.5 business hours"``, ``"3 days"`` or ``"not reached"``; whole days from three of them up."""
    if hours is None:
        return "not reached"
    days, kind = hours / row.day_hours, "business " if row.clock == "business hours" else ""
    if row.clock == "days" or days >= 3:
        return f"{days:.0f} {kind}{'day' if round(days) == 1 else 'days'}"
    short = f"{hours:.1f}".removesuffix(".0")
    return f"{short} {kind}{'hour' if short == '1' else 'hours'}"


def percent(share: float) -> str:
    """Return ``"38%"``, and ``"0.4%"`` where rounding would make some none, or nearly all all."""
    return f"{share:.1%}" if 0 < share < 0.01 or 0.99 < share < 1 else f"{share:.0%}"


def agreed_text(row: HandoffRow) -> str:
    """Return the agreed response time, in the hours in which people work: ``"4 business hours"``, or ``"none"``."""
    if row.sla_hours is None:
        return "none"
    return f"{row.sla_hours:g} business {'hour' if row.sla_hours == 1 else 'hours'}"


def _interval(quantile: WaitQuantile, row: HandoffRow) -> str:
    low, high = wait_text(quantile.low, row), wait_text(quantile.high, row)
    if quantile.high is None:
        return f"{low} or more"
    number, _, unit = low.partition(" ")
    return f"{number if high.endswith(f' {unit}') else low} to {high}"


def _inputs(row: HandoffRow) -> tuple[str, ...]:
    return (f"crm, stage {row.leaving}", *(("client.yaml, business_hours",) if row.clock == "business hours" else ()))


def _answers(row: HandoffRow) -> Iterator[Sentence]:
    text = f"{row.step}, from {row.giving} to {row.taking}: of {counted(row.n, 'deal')} {row.taken:,} moved on, "
    text += f"{row.turned_down:,} were closed as lost and {row.waiting:,} still wait."
    if row.unknown:
        text += f" {counted(row.unknown, 'deal')} with a missing or backward time are left out."
    yield Sentence(text, Trail("deals by how their first stay ended", "suite", _inputs(row), row.n))
    if not row.quartiles:
        text = f"Fewer than {MINIMUM_DEALS} deals are not enough to tell how long deals wait at {row.step}."
        yield Sentence(text, Trail(f"from {MINIMUM_DEALS} deals up", "suite", _inputs(row), row.n))
        return
    _, half, most = row.quartiles
    rule = "Kaplan–Meier until the deal moves on or is lost"
    if half.hours is None:
        text = f"At {row.step} not even half of the deals had moved on or were closed within the time watched."
    else:
        text = (
            f"Half moved on or were closed within {wait_text(half.hours, row)} (95 % interval {_interval(half, row)})"
        )
        text += f", three quarters within {wait_text(most.hours, row)}" if most.hours is not None else ""
        text += "; a deal that still waits counts for as long as it has waited."
    yield Sentence(text, Trail(rule, "suite", _inputs(row), row.n))
    text = "The export shows moves between stages; an answer by call or mail before that is not in it."
    yield Sentence(text, Trail("what the export tells", "suite", _inputs(row)))
    if row.clock == "hours":
        text = "Hours are those of the clock, nights and weekends included: client.yaml names no business_hours."
        yield Sentence(text, Trail("elapsed time", "suite", ("client.yaml",)))


def _agreed(row: HandoffRow) -> Iterator[Sentence]:
    inputs = (*_inputs(row), "crm.yaml, handoffs")
    if row.sla_hours is None:
        text = f"crm.yaml has no response time for {row.step}. Without one, a late answer looks like any other."
        yield Sentence(text, Trail("a handoff has a response time", "OE", ("crm.yaml, handoffs",)))
        return
    agreed = agreed_text(row)
    if row.clock == "days":
        text = f"Agreed: {agreed}. The export has days and no times, so whether they are kept cannot be told."
        yield Sentence(text, Trail("times of day are needed", "suite", inputs, row.n))
        return
    by_clock = row.clock == "hours"
    late = f"{'At most ' if by_clock else ''}{counted(row.overdue or 0, 'deal')} still "
    late += f"{'waits' if row.overdue == 1 else 'wait'} for longer than that."
    share = row.within
    if share is None:
        text = f"Agreed: {agreed}. Too few deals were followed that long to tell the share in time."
        yield Sentence(f"{text} {late}", Trail("open deals older than the agreed time", "suite", inputs, row.n))
        return
    interval = f"{percent(share.estimate)} moved on or were closed "
    interval += f"(95 % interval {percent(share.low)} to {percent(share.high)})"
    if by_clock:
        text = f"Within {row.sla_hours:g} hours of the clock {interval}: the least that the share within the agreed "
        text += f"{agreed} can be."
    else:
        text = f"Within the agreed {agreed} {interval}."
    rule = "moved on or closed within the agreed time, Wilson at effective n"
    yield Sentence(f"{text} {late}", Trail(rule, "suite", inputs, share.n))


def _published(row: HandoffRow) -> Iterator[Sentence]:
    for one in row.published:
        text = f"Published for {one.metric}: {one.meaning} {one.low:g} {one.unit}; context, no target."
        yield Sentence(text, Trail("published value, partly comparable", one.source, (f"references.yaml, {one.id}",)))
