"""How mature each layer is: claimed, evidenced by artefacts, and effective on what carries it (suite method).

Source of the five layers, each resting on the one below: OE.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from statistics import fmean

from gtmdiag.diagnostics.operating_model.result import LayerMaturity, Shown
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.operating_model import Artefact, OperatingModel
from gtmdiag.instruments.operating_rules import OperatingRules
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Answers

SAID, WRITTEN, USED, IMPROVED = 1, 2, 3, 4
CLAIMED = "claimed"


def maturity(
    model: OperatingModel,
    rules: OperatingRules,
    instrument: Instrument,
    ceo: Answers,
    leaders: Sequence[Answers],
    rule: AnonymityRule,
    as_of: date,
) -> Iterator[LayerMaturity]:
    """Yield each layer from the lowest up. An artefact more never lowers a maturity; nor does a higher claim."""
    below = IMPROVED
    for layer in rules.layers:
        item = f"{instrument.id}.{layer.id}.{CLAIMED}"
        own = int(ceo[item]) if item in ceo else None
        given = [int(one[item]) for one in leaders if item in one]
        mean = fmean(given) if rule.may_show_score(len(given)) else None
        artefacts = tuple(shown(one, as_of, rules.used_within_days) for one in model.artefacts if one.layer == layer.id)
        said = _told(model, layer.id) or (own or 0) >= SAID or (mean or 0) >= SAID or bool(artefacts)
        evidenced = max([SAID if said else 0, *(one.proves for one in artefacts)])
        below = min(below, evidenced)
        yield LayerMaturity(layer.id, layer.label, layer.next, own, mean, len(given), evidenced, below, artefacts)


def shown(artefact: Artefact, as_of: date, used_within_days: int) -> Shown:
    """Return what one artefact proves at a date. What it says of later days is not believed."""
    written = (artefact.link or artefact.file) and artefact.date is not None and artefact.date <= as_of
    since = as_of - timedelta(days=used_within_days)
    used = artefact.used_on is not None and since <= artefact.used_on <= as_of
    improved = artefact.improved_on is not None and artefact.improved_on <= as_of and artefact.improved_because
    if not written:
        lacks = "a date" if artefact.link or artefact.file else "a link or file"
        return Shown(artefact.name, artefact.date, artefact.used_on, SAID, lacks)
    if not used:
        lacks = f"use in the last {used_within_days} days"
        return Shown(artefact.name, artefact.date, artefact.used_on, WRITTEN, lacks)
    if not improved:
        return Shown(artefact.name, artefact.date, artefact.used_on, USED, "a change by its own feedback")
    return Shown(artefact.name, artefact.date, artefact.used_on, IMPROVED, "")


def _told(model: OperatingModel, layer: str) -> bool:
    parts = {
        "revenue_architecture": model.stages,
        "ownership_map": model.raci,
        "kpi_architecture": (*model.kpis, *model.adopted),
        "operating_cadence": model.cadence,
        "feedback_loops": model.feedback_loops,
    }
    return bool(parts[layer])
