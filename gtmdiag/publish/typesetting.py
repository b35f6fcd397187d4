"""What every PDF shares: fonts that come with the templates, Typst in this process, data instead of markup."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import typst

from gtmdiag.engagement.picture import png_size
from gtmdiag.errors import MissingError, RenderError, shorten
from gtmdiag.publish.glyphs import Coverage, displayable, read_coverage
from gtmdiag.report.brand import Brand
from gtmdiag.report.document import Document
from gtmdiag.report.theme import extra_fonts, load_theme
from gtmdiag.resources import templates

_EMPTY = 5
"""So many empty documents are set after each."""


@dataclass(frozen=True)
class Pdf:
    """A PDF's bytes, and in plain words what could not be shown as it was."""

    data: bytes
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Typeface:
    """The fonts of every PDF: Typst's own handle, the families in order, and what they show."""

    fonts: typst.Fonts
    text: tuple[str, ...]
    mono: tuple[str, ...]
    coverage: Coverage


def typeset_data(template: str, data: Any, document: Document) -> Pdf:
    """Set ``data`` by a template of ``templates/typst``. The same data gives the same bytes.

    Parameters
    ----------
    template
        Name of the template; it reads the data from ``document.json`` and the look from ``theme.json``.
    data
        JSON data. Each ``figure`` in it gets the name of its file as ``picture``; texts are reduced to what the fonts
        show; ``language`` and ``date`` are added.
    document
        Tells language, date and the client's look.

    Raises
    ------
    RenderError
        A figure cannot be drawn, or the theme names a font that is not there.
    """
    face = _typeface()
    shown = displayable(data, face.coverage)
    pictures = dict(_pictures(shown.data))
    day = day_of(document.date)
    stamp = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else datetime(1970, 1, 1, tzinfo=UTC)
    told = shown.data | {
        "language": _language(document.language),
        "date": {"year": day.year, "month": day.month, "day": day.day} if day else None,
    }
    theme = document.brand.theme.to_dict()
    theme["fonts"] = {"text": face.text, "mono": face.mono}
    files = _sources() | {"main.typ": _sources()[template], "theme.json": _json(theme)} | pictures
    files |= _logo(document.brand, told)
    try:
        made = _compile(files | {"document.json": _json(told)}, face.fonts, stamp)
    except typst.TypstError as error:
        raise RenderError(_reason(error, told, pictures, face.fonts)) from error
    return Pdf(made, (shown.warning,) if shown.warning else ())


def day_of(text: str) -> date | None:
    """Return an ISO date, or None where the text is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _logo(brand: Brand, told: dict[str, Any]) -> dict[str, bytes]:
    """Put the logo beside the template, and its name into the data."""
    told["logo"] = None
    if brand.logo is None:
        return {}
    told["logo"] = {"picture": "logo.svg", "ratio": brand.logo.ratio}
    return {"logo.svg": (brand.logo.data if brand.logo.kind == "svg" else _png_as_svg(brand.logo.data)).encode()}


def _compile(files: dict[str, bytes], fonts: typst.Fonts, stamp: datetime) -> bytes:
    try:
        return typst.compile(
            cast("Any", files),  # the binding takes a dict of virtual files, its types do not say so
            root=templates() / "typst",  # without it a picture could take in files from where the command was called
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=stamp,
        )
    finally:
        _forget(fonts)


def _forget(fonts: typst.Fonts) -> None:
    """Let Typst drop what it keeps of all documents but the last, which the next one may share with it.

    What it worked out stays for ten more compilations that have no use for it, tens of MiB for a report; it has no call
    to drop it. With five empty ones after each document that is until the one after the next.
    """
    for _ in range(_EMPTY):
        empty = cast("Any", {"main.typ": b""})
        typst.compile(empty, root=templates() / "typst", font_paths=fonts, ignore_system_fonts=True, format="svg")


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


@cache
def _sources() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((templates() / "typst").glob("*.typ"))}


@cache
def _typeface() -> _Typeface:
    """Return the fonts that come with the templates and, for other scripts, the one that comes with matplotlib."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise MissingError("matplotlib is not installed, and its fonts are needed. Install gtmdiag again.")
    extra = extra_fonts()
    folders = [templates() / "fonts", Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf", *extra.values()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    text = (*load_theme().fonts.print, *extra)
    for family in text:
        if family not in fonts.families():
            raise RenderError(
                f"theme.yaml, fonts.print: found {family!r}, which is no font of {folders[0]}. "
                "Put its static font files there or name another."
            )
    upright: dict[str, Sequence[Path]] = {
        family: [
            Path(font.path) for font in fonts.fonts() if font.path and font.family == family and font.style == "normal"
        ]
        for family in text
    }
    mono = tuple(family for family in load_theme().fonts.mono if family in fonts.families())
    return _Typeface(fonts, text, (*mono, *text), read_coverage(upright.values()))


def _figures(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        node = cast("dict[str, Any]", value)
        if node.get("kind") == "figure":
            yield node
        else:
            yield from _figures(list(node.values()))
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _figures(item)


def _pictures(data: Any) -> Iterator[tuple[str, bytes]]:
    """Turn each figure's SVG or PNG into a file beside the template, and its ``picture`` into that file's name."""
    for number, figure in enumerate(_figures(data), start=1):
        svg, png = figure.pop("svg"), figure.pop("png")
        figure["picture"] = f"figure-{number}.svg"
        yield figure["picture"], (svg or _png_as_svg(png)).encode()


def _png_as_svg(png: str) -> str:
    """Return an SVG that holds a PNG: Typst's binding takes no file that is not text."""
    width, height = png_size(png)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{png}"/></svg>'
    )


def _reason(error: typst.TypstError, data: Any, pictures: dict[str, bytes], fonts: typst.Fonts) -> str:
    """Return why setting failed; Typst does not name the figure that cannot be drawn, so each is tried alone."""
    for figure in _figures(data):
        name = figure["picture"]
        trial = b'#set document(title: "x")\n#image("%b", alt: "x")' % name.encode()
        try:
            _compile({"main.typ": trial, name: pictures[name]}, fonts, datetime(1970, 1, 1, tzinfo=UTC))
        except typst.TypstError as cause:
            title = shorten(figure["title"] or figure["alt"])
            return f"the figure {title} cannot be drawn: {cause}. Run its cell again."
    return f"the PDF cannot be set: {error}"


def _language(tag: str) -> dict[str, str | None]:
    parts = tag.split("-")
    regions = [part.upper() for part in parts[1:] if len(part) == 2 and part.isalpha()]
    return {"lang": parts[0].lower(), "region": regions[0] if regions else None}


def raster(svg: str) -> bytes:
    """Return an SVG as PNG, for formats that take no SVG.

    Raises
    ------
    RenderError
        It cannot be drawn.
    """
    source = b'#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image("x.svg")'
    try:
        return typst.compile(
            cast("Any", {"main.typ": source, "x.svg": svg.encode()}),
            root=templates() / "typst",
            font_paths=_typeface().fonts,
            ignore_system_fonts=True,
            format="png",
            ppi=288.0,
        )
    except typst.TypstError as error:
        raise RenderError(f"a picture cannot be drawn: {error}. Run its cell again.") from error
