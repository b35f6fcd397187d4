"""A client's own look in client.yaml: the name as it is written, a logo, two colours that can be read."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from gtmdiag.engagement.validation import refusal

CONTRAST = 4.5
"""Least contrast of a colour against white, for text in it and for white text on it (WCAG 2, AA)."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours ``#RRGGBB``, from 1 to 21 (WCAG 2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def darkened(colour: str) -> str:
    """Return the nearest darker shade of a colour that keeps the least contrast against white."""
    parts = _channels(colour)
    shades = (f"#{''.join(f'{round(part * step / 100):02X}' for part in parts)}" for step in range(100, -1, -1))
    return next(shade for shade in shades if contrast(shade, "#FFFFFF") >= CONTRAST)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(value: str) -> str:
    if not _COLOUR.fullmatch(value):
        raise refusal("a colour such as '#14213D'", 'Write # and six hexadecimal digits, in quotes: "#14213D".')
    found = contrast(value, "#FFFFFF")
    if found < CONTRAST:
        allowed = (
            f"a contrast against white of at least {CONTRAST}, so that text in it can be read; this has {found:.1f}"
        )
        raise refusal(allowed, f'The nearest shade that has it is "{darkened(value)}".')
    return value.upper()


Colour = Annotated[str, AfterValidator(_colour)]


class Branding(BaseModel):
    """The ``branding`` of client.yaml; everything may be left out.

    ``name`` is the client's name as it stands on covers, ``logo`` a file of the engagement (SVG or PNG); ``primary``
    fills covers and ``accent`` marks what matters; ``paper`` is the report's, by default that of the language.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str | None = None
    logo: str | None = None
    primary: Colour | None = None
    accent: Colour | None = None
    paper: Literal["a4", "letter"] | None = None
