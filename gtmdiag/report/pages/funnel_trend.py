"""Conversion over time: trends, alarms by rule, definitions side by side, and why conversion changed."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.funnel.alarms import Alarm
from gtmdiag.funnel.change import StepChange
from gtmdiag.funnel.change_words import change_sentences
from gtmdiag.funnel.definitions import Defined, StepDefinitions, definition_sentence
from gtmdiag.funnel.estimates.difference import Contrast
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.limits import FALSE_ALARMS
from gtmdiag.funnel.trend import LATE, MINIMUM_ENTERED, RIPE, StepTrend, Trend
from gtmdiag.funnel.trend_words import chance, rule_text, trend_sentences
from gtmdiag.funnel.words import points
from gtmdiag.report.blocks import Block, Column, Notice, Table
from gtmdiag.report.trend_figure import trend_panels
from gtmdiag.report.words import prose

_MOST_ROWS = 30
_NOT_ENOUGH = "Not enough data"


def trend_blocks(trend: Trend) -> list[Block]:
    """Return the picture, what it says, the steps lately against before, and the alarms by rule."""
    picture = trend_panels(trend)
    if picture is None:
        least = "; ".join(sorted({step.lacking for step in trend.steps})) or "no stages"
        return [Notice("neutral", "Not enough data for a trend", f"Every step has too few deals: {least}.")]
    blocks: list[Block] = [picture, prose(trend_sentences(trend)), _steps(trend)]
    if trend.alarms:
        blocks.append(_alarms(trend.alarms))
    return blocks


def definitions_blocks(steps: Sequence[StepDefinitions]) -> list[Block]:
    """Return the three definitions of each step side by side."""
    names = ("Exactly the next stage", "This stage or further", "Without falling back", "Spread in points")
    rows = tuple(
        (
            f"{step.stage} → {step.to}",
            _defined(step.strict),
            _defined(step.any),
            _defined(step.first),
            _NOT_ENOUGH.lower() if step.spread is None else f"{step.spread * 100:.1f}",
        )
        for step in steps[:_MOST_ROWS]
    )
    note = (
        "All are shares so far: open deals may still move on. Exactly the next stage: of deals that entered the stage. "
        "This stage or further: deals that skipped the stage count as having passed it. Without falling back: moves to "
        "any further stage, but for deals that first went back." + _more(len(steps))
    )
    columns = (Column("Step"), *(Column(name, "right") for name in names))
    return [prose((definition_sentence(steps),)), Table("Conversion by three definitions", columns, rows, note)]


def change_blocks(steps: Sequence[StepChange]) -> list[Block]:
    """Return what changed between two periods, what of it is rate and what is mix, and the segments behind it."""
    known = [step for step in steps if step.change is not None]
    if not known:
        text = "Two periods of up to half a year, with enough deals in each, are needed to compare conversion."
        return [Notice("neutral", "Not enough data to compare two periods", text)]
    names = ("Before", "After", "n", "Within days", "Change in points", "Segments' own", "Mix of segments")
    columns = (Column("Step"), *(Column(name, "right") for name in names), Column("Reading"))
    note = (
        "Before and after: deals by week of entry, two periods of 13 or 26 weeks one after the other, with open deals "
        "counted for as long as they were followed. Own and mix add to the change; 95% intervals in brackets. Steps "
        f"are tested together, so that at most {FALSE_ALARMS:.0%} of the changes named are false alarms on average. "
        "Suite method: Aalen–Johansen, Kitagawa." + _more(len(steps))
    )
    table = Table(
        "Conversion in two periods, one after the other", columns, tuple(map(_change, steps[:_MOST_ROWS])), note
    )
    apart = [step for step in known if len(step.segments) > 1 and (step.changed or step.against)]
    return [prose(change_sentences(steps)), table, *map(_segments, apart[:5])]


def _steps(trend: Trend) -> Table:
    names = ("Before", "Lately", "Change in points", "n", "Within days", "Threshold")
    columns = (Column("Step"), *(Column(name, "right") for name in names), Column("Reading"))
    note = (
        "Lately: the last 4 of 13 weeks, or the last 8 of 24 where fewer deals enter; before: the others. What "
        "happened in these weeks to deals of every age, so that a fresh change shows before young deals are ripe. "
        f"Moves within the days stated, by which {LATE:.0%} of all moves come, or as many as could be watched. From "
        f"{MINIMUM_ENTERED} deals a week, or in four weeks. Suite method: period Aalen–Johansen."
        + _more(len(trend.steps))
    )
    rows = tuple(_step(step) for step in trend.steps[:_MOST_ROWS])
    return Table("Conversion lately against before", columns, rows, note)


def _step(step: StepTrend) -> tuple[str, ...]:
    line = "–" if step.threshold is None else f"{step.threshold.share:.0%} ({step.threshold.source})"
    name = f"{step.stage} → {step.to}"
    if step.lacking:
        return name, "–", "–", "–", "–", "–", line, _NOT_ENOUGH.lower()
    n = step.lately.n if step.lately is not None else 0
    reading = _NOT_ENOUGH.lower() if step.moved is None else _reading(step.moved, changed=step.changed)
    days = f"{step.horizon_days} ({step.covers:.0%})"
    return name, _share(step.before), _share(step.lately), _points(step.moved), f"{n:,}", days, line, reading


def _alarms(alarms: Sequence[Alarm]) -> Table:
    columns = (
        Column("Rule"),
        Column("As counted today"),
        Column("Fired in ripe weeks", "right"),
        Column("Fires for nothing", "right"),
        Column("All ripe weeks together", "right"),
        Column("Chance of so few", "right"),
    )
    note = (
        "As counted today: deals by week of entry and the share that has moved on by now; deals of the latest "
        "weeks have had little time, so it fires easily. Ripe weeks: the last ones of which every deal had the days "
        f"in which {RIPE:.0%} of moves come. Fires for nothing: share of years with at least one false alarm at this "
        "volume. Testing all ripe weeks together errs far less; its last column is the probability of so low a share "
        "were the threshold true."
    )
    return Table("Alarms by rule", columns, tuple(map(_alarm, alarms[:_MOST_ROWS])), note)


def _alarm(alarm: Alarm) -> tuple[str, ...]:
    source = "own" if alarm.told.own else alarm.told.source
    running = alarm.counted.running
    today = f"fires, {running} running" if alarm.counted.fires else f"quiet, {running} running"
    whole = alarm.pooled
    return (
        f"{alarm.stage} → {alarm.to} {rule_text(alarm)} ({source})",
        today,
        f"{len(alarm.ripe.fired_in)} of {len(alarm.weeks)}",
        f"{chance(alarm.false_alarm)} of years at {alarm.rate:.0%}",
        "–" if whole is None else f"{whole.share:.0%} ({whole.low:.0%} to {whole.high:.0%}), n = {whole.n:,}",
        "–" if whole is None else chance(whole.p_value),
    )


def _change(step: StepChange) -> tuple[str, ...]:
    name = f"{step.stage} → {step.to}"
    if step.change is None:
        return name, "–", "–", "–", "–", "–", "–", "–", _NOT_ENOUGH.lower()
    alone = len(step.segments) < 2
    return (
        name,
        f"{step.before:.1%}",
        f"{step.after:.1%}",
        f"{step.n_before:,} and {step.n_after:,}",
        str(step.horizon_days),
        _points(step.change),
        "–" if alone else _points(step.rate),
        "–" if alone else _points(step.mix),
        _reading(step.change, changed=step.changed),
    )


def _segments(step: StepChange) -> Table:
    names = ("Deals before", "After", "Conversion before", "After", "Own, in points", "Mix, in points")
    columns = (Column("Segment"), *(Column(name, "right") for name in names))
    rows = tuple(
        (
            one.segment or "(none)",
            f"{one.n_before:,}",
            f"{one.n_after:,}",
            "–" if one.before is None else f"{one.before:.1%}",
            "–" if one.after is None else f"{one.after:.1%}",
            points(one.rate),
            points(one.mix),
        )
        for one in step.segments
    )
    periods = f"{step.first} to {step.last}, the later half from {step.turn}; moves within {step.horizon_days} days"
    note = f"{periods}. Mix is told against the mean conversion: growth of a segment that converts better adds."
    return Table(f"{step.stage} → {step.to}: the change by segment", columns, rows, note)


def _reading(moved: Contrast, *, changed: bool) -> str:
    return "within chance" if not changed else "fell" if moved.estimate < 0 else "rose"


def _defined(one: Defined) -> str:
    return f"{one.share:.1%} ({one.moved:,} of {one.n:,})" if one.share is not None else "–"


def _share(share: Share | None) -> str:
    return "–" if share is None else f"{share.estimate:.0%} ({share.low:.0%} to {share.high:.0%})"


def _points(moved: Contrast | None) -> str:
    return "–" if moved is None else f"{points(moved.estimate)} ({points(moved.low)} to {points(moved.high)})"


def _more(rows: int) -> str:
    return f" The first {_MOST_ROWS} of {rows:,} steps." if rows > _MOST_ROWS else ""
