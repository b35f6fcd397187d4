"""Trends and alarms in plain sentences, each with what it rests on."""

from __future__ import annotations

from gtmdiag.funnel.alarms import Alarm
from gtmdiag.funnel.trend import StepTrend, Trend
from gtmdiag.funnel.words import counted, listed, points
from gtmdiag.instruments.rules import sources
from gtmdiag.trail import Sentence, Trail

_PERIOD = "share of each age's deals that move on in the weeks told, put together over the ages (period Aalen–Johansen)"
_INPUTS = ("crm, stage", "crm, entered_at")


def trend_sentences(trend: Trend) -> tuple[Sentence, ...]:
    """Say which steps changed lately, which lie below their threshold, and what was left out."""
    known = [step for step in trend.steps if not step.lacking]
    found = [changed_sentence(step) for step in known if step.changed]
    if known and not found:
        n = sum(step.lately.n for step in known if step.lately is not None)
        found.append(Sentence("No step has changed lately beyond chance.", Trail(_PERIOD, "suite", _INPUTS, n)))
    found += [_below(step) for step in known if step.threshold is not None and step.below]
    found += [alarm_sentence(alarm) for alarm in trend.alarms]
    lacking = [f"{step.stage} → {step.to}" for step in trend.steps if step.lacking]
    if lacking:
        text = f"Not enough data for a trend: {listed(lacking)}. That few deals pass here is itself worth knowing."
        found.append(Sentence(text, Trail("fewest deals for a trend", "suite", _INPUTS)))
    if trend.unfinished:
        text = f"Week {trend.unfinished} is not over and is left out; trends end with {trend.last_week}."
        found.append(Sentence(text, Trail("complete ISO weeks only", "suite", ("as_of",))))
    return tuple(found)


def span_of(step: StepTrend) -> tuple[str, str]:
    """Return the newest windows and those before in words: ``"the last 4 weeks"``, ``"the 9 weeks before"``."""
    lately = step.windows.weeks * step.windows.lately
    before = step.windows.weeks * step.windows.n - lately
    return f"the last {counted(lately, 'week')}", f"the {counted(before, 'week')} before"


def rule_text(alarm: Alarm) -> str:
    """Return ``"below 25% 2 weeks running"``."""
    rule = alarm.told.rule
    return f"below {rule.below:.0%} {'in a week' if rule.weeks == 1 else counted(rule.weeks, 'week') + ' running'}"


def alarm_sentence(alarm: Alarm) -> Sentence:
    """Say what a rule says as it is written, what it says of weeks that had their time, and how often it errs."""
    text = f"Rule “{rule_text(alarm)}” on {alarm.stage} → {alarm.to}: as weeks are counted today it "
    text += "fires" if alarm.counted.fires else "does not fire"
    if alarm.pooled is not None and alarm.weeks:
        weeks, days = counted(len(alarm.weeks), "week"), counted(alarm.days, "day")
        text += f"; of the {weeks} whose deals had {days}, it fired in {len(alarm.ripe.fired_in) or 'none'}"
    whose = {"own": "your own conversion", "benchmark": "its benchmark", "threshold": "the threshold itself"}[
        alarm.rate_is
    ]
    text += f". With {alarm.a_week:,.0f} deals a week it fires for nothing in {chance(alarm.false_alarm)} of years"
    text += f" at a true {alarm.rate:.0%}, {whose}."
    rule = "rule on weekly shares as written; false alarms in 52 weeks, exact binomial"
    source = "suite" if alarm.told.own else alarm.told.source
    inputs = ("crm.yaml, rules", *_INPUTS) if alarm.told.own else _INPUTS
    return Sentence(text, Trail(rule, source, inputs, sum(week.n for week in alarm.weeks)))


def chance(probability: float) -> str:
    """Return a probability as a percentage that is never 0% or 100% by rounding."""
    if 0 < probability < 0.001:
        return "under 0.1%"
    if 0.99 < probability < 1:
        return "over 99%"
    return f"{probability:.1%}" if probability < 0.1 else f"{probability:.0%}"


def changed_sentence(step: StepTrend) -> Sentence:
    """Say how a step that changed stands lately against before."""
    assert step.before is not None and step.lately is not None and step.moved is not None
    lately, before = span_of(step)
    way = "fell" if step.moved.estimate < 0 else "rose"
    text = f"{step.stage} → {step.to} {way} to {step.lately.estimate:.0%} in {lately}, from {step.before.estimate:.0%} "
    text += f"in {before}: {points(step.moved.estimate)} points ({points(step.moved.low)} to {points(step.moved.high)})"
    text += f", moves within {counted(step.horizon_days, 'day')}. That is beyond chance; what caused it is not told."
    return Sentence(text, Trail(_PERIOD, "suite", _INPUTS, step.before.n + step.lately.n))


def _below(step: StepTrend) -> Sentence:
    assert step.threshold is not None
    shares = [point.share for point in step.points if point.share is not None]
    sure = sum(share.high < step.threshold.share for share in shares)
    noun = "week" if step.windows.weeks == 1 else f"window of {step.windows.weeks} weeks"
    plural = noun + "s" if step.windows.weeks == 1 else f"windows of {step.windows.weeks} weeks"
    text = f"{step.stage} → {step.to} lay below {step.threshold.share:.0%} in {step.below} of the last "
    text += f"{len(shares)} {noun if len(shares) == 1 else plural}, with its whole 95% band in {sure or 'none'}."
    source = step.threshold.source if step.threshold.source in {one.id for one in sources()} else "suite"
    return Sentence(text, Trail(_PERIOD, source, _INPUTS, sum(point.entered for point in step.points)))
