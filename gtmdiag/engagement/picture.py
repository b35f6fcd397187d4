"""Whether a picture that someone else made may be shown: no script, nothing fetched from elsewhere; and its size."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from functools import lru_cache
from xml.parsers import expat

_FORBIDDEN = {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}
_INNER = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp)[;,])", re.IGNORECASE)
_FETCHES = re.compile(r"@import|javascript:|expression\(|url\(\s*[\"']?(?!#)\S", re.IGNORECASE)
_PNG_START = b"\x89PNG\r\n\x1a\n"
_LENGTH = re.compile(r"\s*([0-9.]+)\s*(?:px|pt|mm|cm|in)?\s*")


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


def png_size(png: str) -> tuple[int, int]:
    """Return width and height in pixels of a PNG in base64; the image header comes first."""
    width, height = struct.unpack(">II", base64.b64decode(png[:32])[16:24])
    return width, height


@lru_cache(maxsize=64)
def svg_size(svg: str) -> tuple[float, float] | None:
    """Return width and height of an SVG in its own units, or None where it tells neither size nor view box."""
    inspector = _SvgInspector()
    try:
        inspector.parser.Parse(svg, True)
    except expat.ExpatError:
        return None
    box = [float(part) for part in re.findall(r"[-0-9.]+", inspector.root.get("viewBox", ""))]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        return box[2], box[3]
    sides = [_LENGTH.fullmatch(inspector.root.get(side, "")) for side in ("width", "height")]
    width, height = (float(side[1]) if side else 0.0 for side in sides)
    return (width, height) if width > 0 and height > 0 else None


class _SvgInspector:
    """Reads an SVG once, without building a tree, and notes what must not be in it."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.root: dict[str, str] = {}
        self._open: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self.parser.ProcessingInstructionHandler = self._declaration

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2].lower()
        if not self._open:
            self.root = attributes
            self.faults += [] if element == "svg" else ["it is not an SVG"]
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
