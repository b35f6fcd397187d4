"""A client's logo: an SVG or PNG of the engagement, checked before it is drawn."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gtmdiag.engagement.branding import Branding
from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.picture import png_fault, png_size, svg_fault, svg_size
from gtmdiag.errors import InputError, Problem

MOST_BYTES = 200_000
SMALLEST, LARGEST = 200, 4000
"""Pixels of a PNG logo's longer side."""
WIDEST = 8.0
"""Longer side of a logo divided by the shorter one."""


@dataclass(frozen=True)
class Logo:
    """A logo: SVG text, or PNG in base64, and its width divided by its height."""

    kind: Literal["svg", "png"]
    data: str
    ratio: float


def read_logo(root: Path, branding: Branding) -> Logo | None:
    """Return the client's logo, or None where none is named.

    Raises
    ------
    InputError
        The file is not there, is no SVG or PNG, is too large or too small, or would run or fetch something.
    """
    if branding.logo is None:
        return None
    shown = branding.logo
    path = inside(root, *Path(shown).parts)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _refused(
            shown, "no such file", "a file of the engagement", "Put it there, or take the line out."
        ) from error
    if len(data) > MOST_BYTES:
        raise _refused(shown, f"{len(data):,} bytes", f"at most {MOST_BYTES:,} bytes", "Save it simpler or smaller.")
    return logo_of(data, shown)


def logo_of(data: bytes, shown: str) -> Logo:
    """Return the bytes of an SVG or PNG file as a logo. See `read_logo`."""
    png = base64.b64encode(data).decode("ascii")
    if not png_fault(png):
        width, height = png_size(png)
        if not SMALLEST <= max(width, height) <= LARGEST:
            allowed = f"{SMALLEST} to {LARGEST} pixels on the longer side"
            raise _refused(shown, f"{width} × {height} pixels", allowed, "Export it at another size, or as SVG.")
        return _proportioned(Logo("png", png, width / max(height, 1)), shown)
    try:
        svg = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(shown, "neither SVG nor PNG", "an SVG or PNG file", "Export it as one of these.") from None
    fault = svg_fault(svg)
    if fault:
        raise _refused(shown, fault, "an SVG that only draws", "Export it as plain SVG, or as PNG.")
    size = svg_size(svg)
    if size is None:
        raise _refused(shown, "no size", "an SVG with a viewBox", "Export it with its page fitted to the drawing.")
    return _proportioned(Logo("svg", svg, size[0] / size[1]), shown)


def _proportioned(logo: Logo, shown: str) -> Logo:
    if not 1 / WIDEST <= logo.ratio <= WIDEST:
        found = f"{logo.ratio:.1f} times as wide as high"
        raise _refused(shown, found, f"at most {WIDEST:g} to 1 either way", "Use a more compact form of the logo.")
    return logo


def _refused(shown: str, found: str, allowed: str, remedy: str) -> InputError:
    return InputError([Problem(shown, "branding.logo of client.yaml", found, allowed, remedy)])
