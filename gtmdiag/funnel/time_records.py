"""Trend, definitions and change for programs: plain records of what ``gtmdiag funnel --json`` prints."""

from __future__ import annotations

from gtmdiag.funnel.alarms import Alarm
from gtmdiag.funnel.change import StepChange
from gtmdiag.funnel.definitions import Defined, StepDefinitions
from gtmdiag.funnel.estimates.difference import Contrast
from gtmdiag.funnel.records import Record, share_record
from gtmdiag.funnel.trend import StepTrend, Trend


def trend_record(trend: Trend) -> Record:
    """Return each step over time, and the alarms."""
    return {
        "last_week": trend.last_week,
        "steps": [_step_over_time(step) for step in trend.steps],
        "alarms": [_alarm(alarm) for alarm in trend.alarms],
    }


def _step_over_time(step: StepTrend) -> Record:
    return {
        "from": step.stage,
        "to": step.to,
        "lacking": step.lacking,
        "threshold": None if step.threshold is None else step.threshold.share,
        "weeks_a_point": step.windows.weeks,
        "points": [
            {"week": point.week, "entered": point.entered, "conversion": share_record(point.share)}
            for point in step.points
        ],
        "before": share_record(step.before),
        "lately": share_record(step.lately),
        "change": _contrast(step.moved),
        "changed": step.changed,
    }


def _alarm(alarm: Alarm) -> Record:
    whole = alarm.pooled
    return {
        "from": alarm.stage,
        "to": alarm.to,
        "below": alarm.told.rule.below,
        "weeks": alarm.told.rule.weeks,
        "source": alarm.told.source,
        "fires": alarm.counted.fires,
        "fired_in_ripe_weeks": list(alarm.ripe.fired_in),
        "false_alarm": alarm.false_alarm,
        "pooled": None
        if whole is None
        else {"share": whole.share, "low": whole.low, "high": whole.high, "n": whole.n, "p_value": whole.p_value},
    }


def definition_record(step: StepDefinitions) -> Record:
    """Return one step by the three definitions."""

    def record(one: Defined) -> Record:
        return {"moved": one.moved, "n": one.n, "share": one.share}

    definitions = {"strict": record(step.strict), "any": record(step.any), "first": record(step.first)}
    return {"from": step.stage, "to": step.to, **definitions, "spread": step.spread}


def change_record(step: StepChange) -> Record:
    """Return the change of one step between two periods."""
    known = step.change is not None
    return {
        "from": step.stage,
        "to": step.to,
        "lacking": step.lacking,
        "first_week": step.first,
        "turn_week": step.turn,
        "last_week": step.last,
        "horizon_days": step.horizon_days,
        "before": step.before if known else None,
        "after": step.after if known else None,
        "change": _contrast(step.change),
        "rate": _contrast(step.rate),
        "mix": _contrast(step.mix),
        "changed": step.changed,
        "segments": [
            {
                "segment": one.segment,
                "n_before": one.n_before,
                "n_after": one.n_after,
                "before": one.before,
                "after": one.after,
                "rate": one.rate,
                "mix": one.mix,
            }
            for one in step.segments
        ],
    }


def _contrast(moved: Contrast | None) -> Record | None:
    return None if moved is None else {"estimate": moved.estimate, "low": moved.low, "high": moved.high}
