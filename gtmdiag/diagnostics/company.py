"""The company's stage, from its headcount and business units."""

from __future__ import annotations

from dataclasses import dataclass

from gtmdiag.diagnostics.numbers import count
from gtmdiag.instruments.rules import Stage, stages
from gtmdiag.trail import Sentence, Trail


@dataclass(frozen=True)
class CompanyStage:
    """The stage of a company.

    Attributes
    ----------
    stage
        ``"early"``, ``"scaling"`` or ``"mature"``; None when the headcount is not known.
    near
        The neighbouring stage when the headcount lies within the edge (10 %) of its threshold, else None.
    sentence
        The stage in words, with its trail.
    """

    stage: str | None
    near: str | None
    sentence: Sentence

    @property
    def shown(self) -> tuple[str, ...]:
        """The stages to show: the stage, and the near one if there is one."""
        return tuple(stage for stage in (self.stage, self.near) if stage is not None)


def company_stage(headcount: int | None, business_units: int | None) -> CompanyStage:
    """Return the stage of a company.

    Several business units make it mature; else fewer than 100 people are early, 100 to 499 scaling, 500 and more
    mature. Within 10 % of a threshold both stages are named. Source of the thresholds: suite method, where GJ is
    silent.
    """
    rules = stages()
    if business_units is not None and business_units > 1:
        text = f"With {count(business_units, 'business unit')} the company counts as mature, whatever its headcount."
        return CompanyStage(rules.stages[-1].id, None, _sentence(text, "client.yaml, company.business_units"))
    if headcount is None:
        text = "The stage of the company is not known: client.yaml gives no headcount."
        return CompanyStage(None, None, _sentence(text, "client.yaml, company.headcount"))
    position = max(number for number, stage in enumerate(rules.stages) if headcount >= stage.from_headcount)
    stage, near = rules.stages[position], _near(rules.stages, position, headcount, rules.edge)
    text = f"With {count(headcount, 'person', 'people')} the company counts as {stage.label.lower()}"
    text += f", close to the edge of {near.label.lower()}." if near else "."
    return CompanyStage(
        stage.id, near.id if near else None, _sentence(text, "client.yaml, company.headcount", stage.source)
    )


def _near(order: tuple[Stage, ...], position: int, headcount: int, edge: float) -> Stage | None:
    above = order[position + 1] if position + 1 < len(order) else None
    if above is not None and above.from_headcount - headcount <= edge * above.from_headcount:
        return above
    if position > 0 and headcount - order[position].from_headcount <= edge * order[position].from_headcount:
        return order[position - 1]
    return None


def _sentence(text: str, origin: str, source: str = "suite") -> Sentence:
    return Sentence(text, Trail("stage of the company", source, (origin,)))
