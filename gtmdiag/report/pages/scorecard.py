"""The scorecard: every diagnostic on one line, with what it is held against and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult, Reading
from gtmdiag.diagnostics.gut_check import GutCheckResult
from gtmdiag.diagnostics.numbers import count
from gtmdiag.diagnostics.ownership_altitude import OwnershipAltitudeResult
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.report.blocks import Column, Group, Headline, Notice, Table
from gtmdiag.report.records import Tone
from gtmdiag.report.words import index_words

_OWNERS = {"nobody": "Nobody", "function": "Single functions", "council": "Council", "business": "CEO or GM"}
_HIGH = 50
"""From here on an index is high (suite method)."""


@dataclass(frozen=True)
class _Row:
    what: str
    result: str
    against: str
    rests_on: str
    tone: Tone = "neutral"


def scorecard(diagnosis: Diagnosis) -> Group:
    """Return the scorecard as one table."""
    rows = list(_rows(diagnosis))
    if not rows:
        return Group((Notice("neutral", "No score yet", "Answers or a CRM export would give the first."),))
    columns = (Column("What is measured"), Column("Result"), Column("Held against"), Column("Rests on"))
    cells = tuple((row.what, row.result, row.against, row.rests_on) for row in rows)
    tones: tuple[tuple[Tone, ...], ...] = tuple(("neutral", row.tone, "neutral", "neutral") for row in rows)
    note = "Suite method where no source is named. Brackets: 95 % interval."
    return Group((Headline(_headline(rows), level=3), Table("", columns, cells, note, tones)))


def _headline(rows: Sequence[_Row]) -> str:
    judged = [row for row in rows if row.tone != "neutral"]
    short = sum(row.tone != "good" for row in judged)
    if not judged:
        return "Nothing that was measured could be held against anything yet"
    if not short:
        return "Every result reaches what it is held against"
    verb, it = ("falls", "it is") if short == 1 else ("fall", "they are")
    return f"{short} of {len(judged)} results {verb} short of what {it} held against"


def _rows(diagnosis: Diagnosis) -> Iterator[_Row]:
    if diagnosis.champion_operator is not None:
        yield from _role(diagnosis.champion_operator)
    if diagnosis.ownership_altitude is not None:
        yield from _ownership(diagnosis.ownership_altitude)
    if diagnosis.gut_check is not None:
        yield from _gut(diagnosis.gut_check)
    if diagnosis.funnel is not None:
        yield from _funnel(diagnosis.funnel)


def _role(result: ChampionOperatorResult) -> Iterator[_Row]:
    views = (("the CEO's own answers", result.ceo), ("the leaders' answers", result.team))
    for who, reading in views:
        if reading is not None:
            verdict = reading.verdict
            told = "Open" if verdict is None else verdict.label + (", borderline" if reading.borderline else "")
            tone = "neutral" if verdict is None else verdict.tone
            yield _Row(f"CEO's role, by {who}", told, _indices(reading), count(reading.n, "respondent"), tone)


def _indices(reading: Reading) -> str:
    parts = (("champion", reading.champion), ("operator", reading.operator), ("autonomy", reading.autonomy))
    return "; ".join(f"{name} {index_words(index)}" for name, index in parts) + f"; high from {_HIGH}"


def _ownership(result: OwnershipAltitudeResult) -> Iterator[_Row]:
    owner = result.ownership
    if owner is not None:
        told = "Disputed" if owner.level is None else _OWNERS.get(owner.level, result.short(owner.level))
        good = owner.level == "business" and owner.in_practice is not False
        in_name = " in name" if owner.level == "business" and owner.in_practice is False else ""
        tone: Tone = "good" if good else "warn" if owner.level == "business" else "bad"
        against = "business level, in practice (GJ)"
        yield _Row("Who owns the model", told + in_name, against, count(len(owner.positions), "respondent"), tone)
    judged = {name: len(result.sides(name)) for name in ("fits", "too low", "too high", "disputed")}
    of = sum(judged.values())
    if of:
        told = f"{judged['fits']} of {of} rights sit where the stage asks"
        apart = ", ".join(f"{n} {name}" for name, n in judged.items() if name != "fits" and n)
        tone = "good" if not apart else "bad" if 2 * judged["fits"] < of else "warn"
        yield _Row("Rights to design and decide", told, apart or "none misplaced", _people(result), tone)
    parts = [part for part in result.institution.parts if part.in_place is not None]
    if parts:
        held = sum(part.in_place is True for part in parts)
        tone = "good" if held == len(parts) else "warn" if held else "bad"
        yield _Row(
            "Ownership made institutional", f"{held} of {len(parts)} parts in place", "all", _people(result), tone
        )


def _people(result: OwnershipAltitudeResult) -> str:
    return count(result.respondents, "respondent")


def _gut(result: GutCheckResult) -> Iterator[_Row]:
    told = {"centralized": "One leader", "distributed": "Several leaders"}.get(result.side or "", "Open")
    today = {"centralized": "one leader today", "distributed": "several leaders today"}.get(result.present or "", "")
    against = ", ".join(part for part in (today, "one leader from 2 of 5 yes (CD)") if part)
    reading = result.ceo
    change: Tone = "warn" if result.change in ("change", "change later") else "neutral"
    rests_on = f"{reading.yes} of 5 yes, by the CEO" if reading is not None else result.basis
    yield _Row("Who should run go-to-market", told, against, rests_on, change)


def _funnel(result: FunnelResult) -> Iterator[_Row]:
    if result.win_rate_of_closed is not None:
        closed = result.outcomes.won.n + result.outcomes.lost.n
        yield _Row("Deals won of those closed", f"{result.win_rate_of_closed:.0%}", "no benchmark", f"{closed:,} deals")
    leaks = result.estimates.leaks if result.estimates is not None else ()
    for leak in leaks:
        share = leak.conversion
        told = f"{share.estimate:.0%} ({share.low:.0%} to {share.high:.0%})"
        tone: Tone = "bad" if leak.flagged else "good" if share.low >= leak.benchmark.share else "neutral"
        source = "own target" if leak.benchmark.kind == "target" else leak.benchmark.source
        against = f"{leak.benchmark.share:.0%} ({source}), within {share.horizon_days} days"
        yield _Row(f"{leak.stage} → {leak.to}", told, against, f"{share.n:,} deals", tone)
