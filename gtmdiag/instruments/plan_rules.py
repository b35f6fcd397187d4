"""The actions that a client's gaps call for, read from ``plan_rules.yaml``."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from gtmdiag.engagement.yamlfile import load_yaml, validate
from gtmdiag.instruments.schema import Id, Part, Text

Per = Literal[
    "unowned_row",
    "disputed_row",
    "loose_handoff",
    "team_short_of_rules",
    "report_only",
    "powerless_meeting",
    "finding",
    "institution",
    "leak",
    "fired",
    "hand_over",
    "take_up",
    "marketing",
]


class ActionRule(Part):
    """An action, due on a ``day`` of the plan (1 is its first Monday); ``effort`` in person-days."""

    id: Id
    day: Annotated[int, Field(ge=1, le=90)]
    per: Per | None = None
    needs: Annotated[tuple[Text, ...], Field(min_length=1)]
    text: Text
    owner: Text
    measure: Text
    effort: Annotated[float, Field(gt=0)]
    source: Text

    def answers(self, finding: str) -> bool:
        """Tell whether the action answers a finding, by its id."""
        return any(fnmatchcase(finding, one) for one in self.needs)

    def place(self, finding: str) -> int:
        """Return which of its needs a finding meets first, from 0."""
        return next((place for place, one in enumerate(self.needs) if fnmatchcase(finding, one)), len(self.needs))


class PlanRules(Part):
    """All of ``plan_rules.yaml``: the build is done by day 30, the blueprint by day 90."""

    schema_: Annotated[Literal["gtmdiag.plan_rules/1"], Field(alias="schema")]
    build: tuple[ActionRule, ...]
    blueprint: tuple[ActionRule, ...]


@cache
def plan_rules() -> PlanRules:
    """Return the packaged rules."""
    name = "plan_rules.yaml"
    return validate(PlanRules, load_yaml(Path(__file__).with_name(name), name))
