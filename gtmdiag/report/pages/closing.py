"""Own instruments, what is missing, confidence in the numbers, method and sources, appendix."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag import __version__
from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.diagnostics.own import shown
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.finding import Finding
from gtmdiag.instruments.rules import Reference, references, sources
from gtmdiag.report.blocks import Block, Column, Evidence, Group, Headline, Notice, Prose, Table
from gtmdiag.report.records import Tone
from gtmdiag.report.words import prose

_MOST_FINDINGS = 7
_CONFIDENCE_TONES: dict[str, Tone] = {"high": "good", "medium": "warn", "low": "bad"}


def own_instruments(diagnosis: Diagnosis) -> Group:
    """Return the results of the consultant's own instruments, one table each; empty where there are none."""
    blocks: list[Block] = []
    for result in diagnosis.own:
        columns = (Column("Index"), Column("CEO", "right"), Column(f"Leaders (n = {result.n})", "right"))
        rows = tuple(
            (index.label, shown(index.ceo, index.ceo_band), shown(index.leaders, index.leaders_band))
            for index in result.indices
        )
        note = f"Own instrument {result.instrument}, version {result.version}."
        blocks.append(Table(result.title, columns, rows, note))
    return Group(tuple(blocks))


def missing(diagnosis: Diagnosis) -> Group:
    """Return what is missing and what it would add."""
    if not diagnosis.missing:
        return Group((Notice("good", "Nothing is missing", "Every input that this report can use is there."),))
    return Group((prose(diagnosis.missing),))


def confidence(diagnosis: Diagnosis) -> Group:
    """Return how sure each main finding is and why, and the problems of the inputs that did not stop the analysis."""
    found = diagnosis.findings[:_MOST_FINDINGS]
    blocks: list[Block] = [Headline(_confidence_headline(diagnosis, found), level=3)]
    if found:
        blocks.append(_sureness(found))
    if diagnosis.funnel is not None and diagnosis.funnel.checks:
        blocks.append(prose((diagnosis.funnel.trust.sentence,)))
    if not diagnosis.warnings:
        return Group((*blocks, Notice("good", "The inputs were read without a warning", "")))
    columns = (Column("Where"), Column("Found"), Column("What to do"))
    rows = tuple(
        (f"{problem.file}, {problem.place}" if problem.place else problem.file, problem.found, problem.remedy)
        for problem in diagnosis.warnings
    )
    return Group((*blocks, Table("What weakens the figures", columns, rows)))


def _confidence_headline(diagnosis: Diagnosis, found: Sequence[Finding]) -> str:
    low = sum(one.confidence == "low" for one in found)
    if not found:
        told = "How far the numbers carry"
    elif low:
        told = f"{low} of {len(found)} findings to be confirmed before acting"
    else:
        told = "The findings can be acted on; none is of low confidence"
    weak = len(diagnosis.warnings)
    return f"{told}; {count(weak, 'weakness', 'weaknesses')} of the inputs" if weak else told


def _sureness(found: Sequence[Finding]) -> Table:
    columns = (Column("Finding"), Column("Sure"), Column("Because"))
    rows = tuple((one.claim, capital(one.confidence), capital(one.because)) for one in found)
    tones: tuple[tuple[Tone, ...], ...] = tuple(
        ("neutral", _CONFIDENCE_TONES[one.confidence], "neutral") for one in found
    )
    return Table("", columns, rows, "", tones)


def method(diagnosis: Diagnosis) -> Group:
    """Return what is the suite's own, the anonymity rule and the sources."""
    minimum, spread = diagnosis.client.anonymity.group_minimum, diagnosis.client.anonymity.spread_minimum
    told = [
        Evidence("Rules marked “suite method” are a design of this suite; all others cite their source.", ""),
        Evidence(
            f"A group's scores are shown from {minimum} respondents up, its spread from {spread} up. The CEO's answers "
            "are named as the CEO's.",
            "suite method",
        ),
    ]
    if diagnosis.as_of is not None:
        told.append(Evidence(f"The date that the report speaks of comes from {diagnosis.as_of_source}.", ""))
    return Group((Prose(tuple(told)), _sources()))


def appendix(diagnosis: Diagnosis) -> Group:
    """Return the published values, and which version of which questions and of the suite made the report."""
    instruments = [
        f"{result.instrument} version {result.version} (hash {result.hash[:12]})"
        for result in (
            diagnosis.champion_operator,
            diagnosis.gut_check,
            diagnosis.ownership_altitude,
            diagnosis.operating_model,
            diagnosis.marketing,
            *diagnosis.own,
        )
        if result is not None
    ]
    told = [Evidence(f"Questions asked: {'; '.join(instruments)}.", "")] if instruments else []
    told.append(Evidence(f"Made with gtmdiag {__version__}.", ""))
    return Group((_references(), Prose(tuple(told))))


def _references() -> Table:
    columns = (
        Column("Measure"),
        Column("Published", "right"),
        Column("Meaning"),
        Column("Source"),
        Column("Comparable"),
    )
    rows = tuple(
        (
            one.metric,
            _value(one),
            one.meaning,
            " ".join(part for part in (one.source, str(one.year or ""), f"({one.n})" if one.n else "") if part),
            f"{one.comparable}; {one.caution}" if one.caution else one.comparable,
        )
        for one in references()
        if one.comparable != "no"
    )
    return Table("Published values, as context and never as a target", columns, rows)


def _value(one: Reference) -> str:
    if one.low is None:
        return "–"
    if one.unit == "share":
        return f"{one.low:.0%}" if one.high is None else f"{one.low:.0%} to {one.high:.0%}"
    return f"{one.low:g} {one.unit}"


def _sources() -> Table:
    columns = (Column("Name"), Column("Source"))
    return Table("Sources", columns, tuple((source.id, source.citation) for source in sources()))
