"""Whether a picture from a notebook may enter a report: no script, nothing fetched from elsewhere."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from xml.parsers import expat

from gtmdiag.report.blocks import Block, Figure, Notice

_FORBIDDEN = {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}
_INNER = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp)[;,])", re.IGNORECASE)
_FETCHES = re.compile(r"@import|javascript:|expression\(|url\(\s*[\"']?(?!#)\S", re.IGNORECASE)
_PNG_START = b"\x89PNG\r\n\x1a\n"


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


def svg_fault(svg: str) -> str:
    """Return why ``svg`` may not enter a report, or an empty string."""
    inspector = _SvgInspector()
    try:
        inspector.parser.Parse(svg, True)
    except expat.ExpatError as error:
        return f"it is not well-formed ({error})"
    return inspector.faults[0] if inspector.faults else ""


def png_fault(png: str) -> str:
    """Return why ``png``, in base64, may not enter a report, or an empty string."""
    try:
        start = base64.b64decode(png, validate=True)[: len(_PNG_START)]
    except binascii.Error:
        return "it is not base64"
    return "" if start == _PNG_START else "it is not a PNG"


class _SvgInspector:
    """Reads an SVG once, without building a tree, and notes what must not be in it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._open: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self.parser.ProcessingInstructionHandler = self._declaration

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2].lower()
        if not self._open and element != "svg":
            self.faults.append("it is not an SVG")
        if element in _FORBIDDEN:
            self.faults.append(f"it holds <{element}>")
        for key, value in attributes.items():
            attribute = key.rpartition(":")[2].lower()
            if attribute.startswith("on"):
                self.faults.append(f"it holds the script attribute {attribute}")
            elif (attribute in {"href", "src"} and not _INNER.match(value)) or _FETCHES.search(value):
                self.faults.append(f"its {attribute} points outside")
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        if self._open[-1] == "style" and _FETCHES.search(text):
            self.faults.append("its style fetches from outside")

    def _declaration(self, *_: object) -> None:
        self.faults.append("it declares entities or style sheets")
