"""The closed list of roles that a respondent may have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict

from gtmdiag.engagement.yamlfile import load_yaml, validate
from gtmdiag.errors import did_you_mean

Function = Literal["business", "marketing", "sales", "cs", "product", "revops", "finance", "other"]


class Role(BaseModel):
    """A role: its id in answers files, its label in reports, and the function that it speaks for."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str
    label: str
    function: Function


class _Roles(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: tuple[Role, ...]


@cache
def known_roles() -> Mapping[str, Role]:
    """Return every role by its id, in the order of ``roles.yaml``."""
    listed = validate(_Roles, load_yaml(Path(__file__).with_name("roles.yaml"), "roles.yaml"))
    return MappingProxyType({role.id: role for role in listed.roles})


def near_role(word: str) -> str:
    """Return ``"Did you mean 'vp_sales'?"`` for a near miss such as ``"VP Sales"``, or an empty string."""
    return did_you_mean("_".join(word.replace("-", " ").split()), known_roles())
