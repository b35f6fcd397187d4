"""The look of every output, read from ``templates/theme.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from gtmdiag.engagement.yamlfile import load_yaml, refusal, validate
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
    cover: Colour
    good: Colour
    warn: Colour
    bad: Colour
    critical: Colour
    high: Colour
    medium: Colour
    low: Colour
    strength: Colour


class Fonts(_Section):
    """Font families in order of preference; ``extra`` are families by the package that holds them, where installed."""

    screen: Annotated[tuple[Family, ...], Field(min_length=1)]
    print: Annotated[tuple[Family, ...], Field(min_length=1)]
    extra: Mapping[Annotated[str, Field(pattern=r"\A[a-z]\w*\z")], Family]
    office: Family
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


class Slide(_Section):
    """Size, margin and type of a slide, in points."""

    width: Annotated[float, Field(ge=400, le=2000)]
    height: Annotated[float, Field(ge=300, le=2000)]
    margin: Points
    title: Points
    kicker: Points
    body: Points
    small: Points
    table: Points
    least: Points
    tile: Points


def _date_pattern(value: str) -> str:
    if sorted(re.findall(r"\{(\w*)\}", value)) != ["day", "month", "year"]:
        raise refusal("a pattern with {day}, {month} and {year}", 'Write "{day} {month} {year}".')
    return value


class Formats(_Section):
    """How a language writes dates, and its paper. ``date`` holds ``{day}``, ``{month}`` and ``{year}``."""

    date: Annotated[str, AfterValidator(_date_pattern)]
    paper: Literal["a4", "letter"]


class Theme(_Section):
    """Colours, fonts and sizes of every output. ``series`` are the colours of a chart's series, in order of use."""

    light: Palette
    dark: Palette
    series: Annotated[tuple[Colour, ...], Field(min_length=1)]
    fonts: Fonts
    sizes: Sizes
    slide: Slide
    formats: Mapping[str, Formats]

    def format_of(self, language: str) -> Formats:
        """Return the formats of a language tag: of the language with its region, else of the language, else any."""
        known = (language, language.partition("-")[0], "default")
        return next(self.formats[name] for name in known if name in self.formats)

    def branded(self, primary: str, accent: str) -> Theme:
        """Return the theme in a client's colours; either may be empty."""
        colours = {"cover": primary, "accent": accent}
        light = self.light.model_copy(update={name: colour for name, colour in colours.items() if colour})
        series = (accent or self.series[0], primary or self.series[1], *self.series[2:])
        return self.model_copy(update={"light": light, "series": series})

    @model_validator(mode="after")
    def _has_default(self) -> Theme:
        if "default" not in self.formats:
            raise refusal("formats with an entry 'default'", "Add it.")
        return self


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


@cache
def extra_fonts() -> Mapping[str, Path]:
    """Return the folders of the theme's extra families whose package is installed, by family."""
    found = ((family, find_spec(package)) for package, family in load_theme().fonts.extra.items())
    return {family: Path(spec.origin).parent for family, spec in found if spec is not None and spec.origin}


@dataclass
class _Worn:
    colours: tuple[str, str] = ("", "")


_WORN = _Worn()


def wear(primary: str, accent: str) -> None:
    """Let every figure that this process draws from now on have a client's colours; empty ones are the theme's own."""
    _WORN.colours = (primary, accent)


def worn_theme() -> Theme:
    """Return the theme in the colours that `wear` has set."""
    return load_theme().branded(*_WORN.colours)
