"""Whether a picture from a notebook may enter a report: no script, nothing fetched from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gtmdiag.engagement.picture import png_fault, svg_fault
from gtmdiag.report.blocks import Block, Figure, Notice


@dataclass(frozen=True)
class Vetted:
    """A figure free of unsafe parts, or the notice that stands for it; and what was left out."""

    block: Block
    warnings: tuple[str, ...] = ()


def vet(figure: Figure) -> Vetted:
    """Return ``figure`` without an SVG or PNG that is unsafe or broken."""
    svg_reason = svg_fault(figure.svg) if figure.svg else ""
    png = "".join(figure.png.split())
    png_reason = png_fault(png) if png else ""
    name = f"figure {figure.title or figure.alt!r}"
    warnings = [
        f"{name}: {kind} left out, {reason}." for kind, reason in (("SVG", svg_reason), ("PNG", png_reason)) if reason
    ]
    safe = replace(figure, svg="" if svg_reason else figure.svg, png="" if png_reason else png)
    if safe.svg or safe.png:
        return Vetted(safe, tuple(warnings))
    text = f"{figure.alt} The picture itself cannot be shown. Run its cell again."
    return Vetted(
        Notice("warn", figure.title or "A figure is missing", text.strip()),
        (*warnings, f"{name}: no picture could be shown."),
    )
