"""What one person's answers on operating and on marketing come to, as blocks: for a consultant, never for a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from gtmdiag.diagnostics import marketing, operating_model
from gtmdiag.diagnostics.marketing import MarketingResult
from gtmdiag.diagnostics.marketing.words import shown
from gtmdiag.diagnostics.numbers import capital, listed, lower_first
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.diagnostics.operating_model.words import next_layer
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.operating_model import OperatingModel
from gtmdiag.engagement.roles import known_roles
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.operating_rules import operating_rules
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Answers
from gtmdiag.report.blocks import Block, Group, Headline, Notice, Tile, Tiles
from gtmdiag.report.marketing_figures import pillar_gaps
from gtmdiag.report.operating_figures import layer_map

_CEO = "ceo"
_WRITTEN = 2


def operating_view(
    instrument: Instrument, answers: Answers, role: str, model: OperatingModel | None, as_of: date
) -> Group:
    """Return what one person claims of the five layers beside what the file proves, owners that are named, handoffs."""
    if not answers:
        return Group((Notice("neutral", instrument.title, "Nothing is answered yet."),))
    # One person's own view is asked for, which the diagnostic gives of the CEO's answers only.
    given = [Response("", _CEO, answers)]
    result = operating_model.diagnose(model, operating_rules(), instrument, given, AnonymityRule(), as_of=as_of)
    assert result is not None, "there is an answer"
    over = [lower_first(layer.label) for layer in result.layers if layer.overclaimed]
    sub = f"More is claimed than shown: {listed(over)}." if over else ""
    if role != _CEO:
        claims = (None if layer.ceo is None else float(layer.ceo) for layer in result.layers)
        layers = (replace(one, ceo=None, leaders=claim, n=1) for one, claim in zip(result.layers, claims, strict=True))
        result = replace(result, layers=tuple(layers))
    blocks: list[Block] = [Headline(next_layer(result), level=4, sub=sub), Tiles(tuple(_operating_tiles(result)))]
    return Group((*blocks, layer_map(result)))


def _operating_tiles(result: OperatingModelResult) -> Iterator[Tile]:
    claims = [layer.claimed for layer in result.layers if layer.claimed is not None]
    if claims:
        written = sum(claim >= _WRITTEN for claim in claims)
        yield Tile("Layers claimed", f"{written} of {len(claims)}", "written or more")
    proven = sum(layer.evidenced >= _WRITTEN for layer in result.layers)
    yield Tile("Layers shown", f"{proven} of {len(result.layers)}", "by a dated document")
    named = [row.nobody for row in result.blind if row.accountable]
    if named:
        free = sum(named)
        note = "rows with one accountable"
        yield Tile("Owners named", f"{len(named) - free} of {len(named)}", note, "bad" if free else "good")
    known = [one for one in result.handoffs if one.process is not None]
    if known:
        processes = sum(one.process is True for one in known)
        tone = "good" if processes == len(known) else "warn"
        yield Tile("Handoffs", f"{processes} of {len(known)}", "have trigger, packet, response time", tone)


def marketing_view(instrument: Instrument, answers: Answers, role: str) -> Group:
    """Return one person's four pillars, and the capabilities that the person says are missing."""
    result = marketing.diagnose(instrument, [Response("", _CEO, answers)], AnonymityRule()) if answers else None
    if result is None:
        return Group((Notice("neutral", instrument.title, "Nothing is answered yet."),))
    from_50 = {index.id: index.high_from for index in instrument.indices}
    low = {
        pillar.id
        for pillar in result.pillars
        if pillar.ceo is not None and pillar.ceo.high is not None and pillar.ceo.high < from_50[pillar.id]
    }
    names = [lower_first(pillar.label) for pillar in result.pillars if pillar.id in low]
    headline = f"How marketing operates: weak in {listed(names)}" if names else "How marketing operates: no weak pillar"
    tiles = tuple(
        Tile(pillar.label, shown(pillar.ceo), "of 100", "warn" if pillar.id in low else "neutral")
        for pillar in result.pillars
    )
    blocks: list[Block] = [Headline(headline, level=4), Tiles(tiles)]
    missing = [lower_first(one.label) for one in result.capabilities if one.ceo]
    if missing:
        blocks.append(Notice("warn", "Missing", f"{capital(listed(missing))}."))
    figure = pillar_gaps(_as_said_by(result, role))
    return Group((*blocks, figure) if figure is not None else tuple(blocks))


def _as_said_by(result: MarketingResult, role: str) -> MarketingResult:
    """Return the result with the one view there is under the side for which the role speaks."""
    side = known_roles()[role].function if role in known_roles() else ""
    if role == _CEO or side not in ("marketing", "sales"):
        return result
    if side == "marketing":
        pillars = tuple(replace(one, ceo=None, marketing=one.ceo) for one in result.pillars)
    else:
        pillars = tuple(replace(one, ceo=None, sales=one.ceo) for one in result.pillars)
    return replace(result, pillars=pillars)
