"""The look of every output, read from ``templates/theme.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from gtmdiag.engagement.yamlfile import load_yaml, validate
from gtmdiag.resources import templates

Colour = Annotated[str, Field(pattern=r"\A#[0-9A-Fa-f]{6}\z")]
# a family's name stands in a style sheet
Family = Annotated[str, Field(pattern=r"\A[\w -]+\z")]
Points = Annotated[float, Field(ge=1, le=200)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_dict(self) -> dict[str, Any]:
        """Return the values as JSON data."""
        return self.model_dump(mode="json")


class Palette(_Section):
    """Colours as ``#RRGGBB``, one palette for light and one for dark."""

    ink: Colour
    muted: Colour
    line: Colour
    wash: Colour
    paper: Colour
    accent: Colour
    good: Colour
    warn: Colour
    bad: Colour
    critical: Colour
    high: Colour
    medium: Colour
    low: Colour
    strength: Colour


class Fonts(_Section):
    """Font families in order of preference."""

    screen: Annotated[tuple[Family, ...], Field(min_length=1)]
    print: Annotated[tuple[Family, ...], Field(min_length=1)]
    mono: Annotated[tuple[Family, ...], Field(min_length=1)]


class Sizes(_Section):
    """Font sizes in points, for print."""

    body: Points
    small: Points
    tiny: Points
    title: Points
    heading1: Points
    heading2: Points
    heading3: Points
    heading4: Points
    tile: Points


class Theme(_Section):
    """Colours, fonts and sizes of every output. ``series`` are the colours of a chart's series, in order of use."""

    light: Palette
    dark: Palette
    series: Annotated[tuple[Colour, ...], Field(min_length=1)]
    fonts: Fonts
    sizes: Sizes


@cache
def load_theme(path: Path | None = None) -> Theme:
    """Return the theme of ``path``, by default the one in the templates folder.

    Raises
    ------
    InputError
        With every missing, unknown or malformed entry.
    MissingError
        There is no such file.
    """
    path = path or templates() / "theme.yaml"
    return validate(Theme, load_yaml(path, f"templates/{path.name}"))
