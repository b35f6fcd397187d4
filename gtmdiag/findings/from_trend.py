"""Findings over time: steps whose conversion fell lately, and alarms by rule that many weeks together bear out."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gtmdiag.findings.finding import Finding
from gtmdiag.funnel.alarms import Alarm
from gtmdiag.funnel.estimates.multiple import benjamini_hochberg
from gtmdiag.funnel.estimates.windows import Pooled
from gtmdiag.funnel.limits import FALSE_ALARMS
from gtmdiag.funnel.trend import StepTrend, Trend
from gtmdiag.funnel.trend_words import alarm_sentence, changed_sentence, span_of

_OWNER = "CEO to name one owner"


def trend_findings(trend: Trend, leaking: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each step that fell beyond chance, and for each rule that the ripe weeks together bear out.

    A rule that only fires in single weeks is no finding: at most volumes that happens by chance. Nor is one on a stage
    in ``leaking``, whose conversion is told already.
    """
    yield from (_fell(step) for step in trend.steps if step.changed and step.moved and step.moved.estimate < 0)
    told = [(alarm, alarm.pooled) for alarm in trend.alarms if alarm.pooled is not None]
    flags = benjamini_hochberg([whole.p_value for _, whole in told], FALSE_ALARMS).flagged
    for (alarm, whole), flagged in zip(told, flags, strict=True):
        if flagged and alarm.stage not in leaking:
            yield _alarm(alarm, whole)


def _fell(step: StepTrend) -> Finding:
    lately, _ = span_of(step)
    shares = [f"{share.estimate:.0%}" for share in (step.lately, step.before) if share is not None]
    return Finding(
        id=f"funnel.trend.{step.stage}",
        severity="medium",
        claim=f"{step.stage}→{step.to} fell in {lately}: {shares[0]} move on, {shares[-1]} did before.",
        evidence=(changed_sentence(step),),
        confidence="medium",
        because=f"the fall is beyond chance; of changes named so, one in {1 / FALSE_ALARMS:.0f} is a false alarm",
        owner=_OWNER,
        next_step=f"Go through the deals that left {step.stage} in {lately}, and write down what is new.",
    )


def alarm_id(alarm: Alarm) -> str:
    """Return the id of an alarm's finding."""
    return f"funnel.alarm.{alarm.stage}"


def _alarm(alarm: Alarm, whole: Pooled) -> Finding:
    own = alarm.told.own
    return Finding(
        id=alarm_id(alarm),
        severity="medium",
        claim=f"{alarm.stage}→{alarm.to} lies below its alarm of {alarm.told.rule.below:.0%}: {whole.share:.0%} of "
        f"{whole.n:,} deals moved on.",
        evidence=(alarm_sentence(alarm),),
        confidence="high" if own else "medium",
        because="all ripe weeks together lie below the threshold beyond chance"
        + ("" if own else ", but definitions differ between companies"),
        owner=_OWNER,
        next_step=f"Go through the last ten deals lost in {alarm.stage}, and report at the weekly stand-up.",
    )
