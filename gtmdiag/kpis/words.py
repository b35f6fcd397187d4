"""What a rule that was run says, each sentence with its trail."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.numbers import capital, count, listed
from gtmdiag.engagement.operating_model import OPERATING_FILE, Kpi
from gtmdiag.kpis.result import Recent, RuleReading
from gtmdiag.kpis.run import misses
from gtmdiag.trail import Sentence, Trail

SHOWN_WEEKS = 4


def sentences(reading: RuleReading) -> Iterator[Sentence]:
    """Yield whether the rule fires and on which weeks, its false alarms, the pooled test and the backtest."""
    inputs = (f"{reading.source}, {reading.kpi.metric}", f"{OPERATING_FILE}, kpis")
    trail = Trail("weeks running, as the rule is written", "suite", inputs, len(reading.weeks))
    yield Sentence(_now(reading), trail)
    if reading.gaps:
        names = ", ".join(reading.gaps[-SHOWN_WEEKS:])
        text = f"{capital(count(len(reading.gaps), 'week'))} without a value, each of which ends a run: {names}."
        yield Sentence(text, trail)
    if reading.false_alarm is not None:
        alarm = reading.false_alarm
        yield Sentence(
            f"At {alarm.volume:.0f} a week and a true {alarm.rate:.0%} the rule would fire for nothing in "
            f"{alarm.chance:.0%} of years.",
            Trail("false alarms of a rule with a window, exact binomial", "suite", inputs, round(alarm.volume)),
        )
    if reading.recent is not None:
        trail = Trail("pooled weeks against the threshold, exact binomial", "suite", inputs, reading.recent.n)
        yield Sentence(_pooled(reading.kpi, reading.recent), trail)
    yield from _history(reading, inputs)


def rule_in_words(kpi: Kpi) -> str:
    """Return ``"below 30%, two weeks running"``."""
    running = f", {count(kpi.window, 'week')} running" if kpi.window and kpi.window > 1 else ""
    return f"{kpi.direction} {value_in_words(kpi, kpi.threshold or 0)}{running}"


def value_in_words(kpi: Kpi, value: float) -> str:
    """Return a value in the metric's unit: ``"28%"``, ``"31 days"``, ``"2.1 times"``."""
    if kpi.unit == "share":
        return f"{100 * value:.1f}".removesuffix(".0") + "%"
    number = f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    return f"{number} {kpi.unit}" if kpi.unit in ("days", "times") else number


def chance(p: float) -> str:
    """Return a probability in words: ``"3%"``, ``"less than 0.1%"``."""
    return "less than 0.1%" if p < 0.001 else f"{100 * p:.2g}%" if p < 0.995 else "more than 99%"


def _pooled(kpi: Kpi, last: Recent) -> str:
    text = f"The last {count(last.weeks, 'week')} together: {last.share:.0%} (95 % interval {last.low:.0%} to "
    text += f"{last.high:.0%}, n = {last.n:,})"
    if not misses(kpi, last.share):
        return f"{text}, on the good side of the threshold."
    far = "low" if kpi.direction == "below" else "high"
    at = value_in_words(kpi, kpi.threshold or 0)
    return f"{text}; at a true {at} so {far} a share would come up in {chance(last.p_value)} of cases."


def _now(reading: RuleReading) -> str:
    kpi = reading.kpi
    rule = f"{kpi.label} {rule_in_words(kpi)}"
    if reading.fires:
        last = reading.alarms[-1].weeks[-SHOWN_WEEKS:]
        told = listed([f"{week.name} {value_in_words(kpi, week.value or 0)}" for week in last])
        return f"{rule}: fires. {capital(count(reading.running, 'week'))} running, the last: {told}."
    if reading.running:
        return f"{rule}: does not fire; {count(reading.running, 'week')} running of {reading.window}."
    return f"{rule}: does not fire."


def _history(reading: RuleReading, inputs: tuple[str, ...]) -> Iterator[Sentence]:
    past = reading.backtest
    trail = Trail("the rule run over its history", "suite", inputs, past.judged)
    weeks = count(past.judged, "week")
    if not past.alarms:
        yield Sentence(f"Over {weeks} it would never have fired.", trail)
        return
    text = f"Over {weeks} it would have fired {count(past.alarms, 'time')}, standing in {past.fired} of them."
    yield Sentence(text, trail)
    missed = [one for one in past.quarters if one.missed]
    caught = [one.weeks_early for one in missed if one.weeks_early is not None]
    met = [one for one in past.quarters if not one.missed]
    if missed:
        early = f", {listed([str(weeks) for weeks in caught])} weeks before the end" if caught else ""
        told = capital(count(len(missed), "quarter"))
        yield Sentence(f"{told} missed the result; it fired in {len(caught)} of them{early}.", trail)
    if met:
        wrong = sum(bool(one.alarm) for one in met)
        yield Sentence(f"{capital(count(len(met), 'quarter'))} met it; it fired in {wrong} of them.", trail)
