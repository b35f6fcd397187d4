"""How findings are put in one order: points, themes that rest on others, what faults in data weaken, and conflicts."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from gtmdiag.engagement.yamlfile import load_yaml, validate
from gtmdiag.instruments.schema import Id, Part, Text

Points = Annotated[float, Field(ge=0)]


class Ranking(Part):
    """Points of a gap: severity × confidence + value + dependency."""

    severity: dict[Literal["critical", "high", "medium", "low"], Points]
    confidence: dict[Literal["high", "medium", "low"], Points]
    value: Points
    dependency: Points
    dependency_most: Points
    close: Points


class Theme(Part):
    """What findings are about; it is built after the themes that it rests on. ``*`` in a finding's id is any text."""

    id: Id
    label: Text
    findings: Annotated[tuple[Text, ...], Field(min_length=1)]
    rests_on: tuple[Id, ...] = ()
    source: Text


class Trusting(Part):
    """Findings, and the results of the funnel that they rest on."""

    findings: Text
    results: tuple[Text, ...]


class Statement(Part):
    """What one source says."""

    text: Text
    source: Text


class Conflict(Part):
    """Two sources that pull apart, and how the suite reads them together."""

    id: Id
    title: Text
    when: Literal["centralized", "marketing"]
    one: Statement
    other: Statement
    reading: Text


class SynthesisRules(Part):
    """All of ``synthesis_rules.yaml``. Themes stand after those on which they rest."""

    schema_: Annotated[Literal["gtmdiag.synthesis_rules/1"], Field(alias="schema")]
    ranking: Ranking
    most_findings: Annotated[int, Field(ge=1)]
    themes: tuple[Theme, ...]
    trust: tuple[Trusting, ...]
    conflicts: tuple[Conflict, ...]

    @model_validator(mode="after")
    def _built_in_order(self) -> SynthesisRules:
        for number, theme in enumerate(self.themes):
            unknown = set(theme.rests_on) - {one.id for one in self.themes[:number]}
            if unknown:
                raise ValueError(f"{theme.id} rests on {', '.join(sorted(unknown))}, which must stand before it")
        return self

    def theme_of(self, finding: str) -> Theme | None:
        """Return the theme of a finding by its id, or None."""
        fits = (theme for theme in self.themes if any(fnmatchcase(finding, one) for one in theme.findings))
        return next(fits, None)

    def rests_on(self, theme: Theme) -> frozenset[str]:
        """Return the ids of all themes on which one rests, directly or through others."""
        by_id = {one.id: one for one in self.themes}
        return frozenset(theme.rests_on).union(*(self.rests_on(by_id[one]) for one in theme.rests_on))

    def results_of(self, finding: str) -> tuple[str, ...]:
        """Return the results of the funnel on which a finding rests."""
        return tuple(result for one in self.trust if fnmatchcase(finding, one.findings) for result in one.results)


@cache
def synthesis_rules() -> SynthesisRules:
    """Return the packaged rules."""
    name = "synthesis_rules.yaml"
    return validate(SynthesisRules, load_yaml(Path(__file__).with_name(name), name))
