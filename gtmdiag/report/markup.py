"""Blocks as HTML, for a notebook's cell and for the report; the environment that all HTML templates share."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gtmdiag.report.blocks import Block
from gtmdiag.report.theme import load_theme
from gtmdiag.resources import templates

_NO_WORDS = {"schema", "kind", "tone", "tones", "svg", "png", "width", "data"}
_WORDS: dict[str, dict[str, str]] = {
    "severities": {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low", "strength": "Strength"},
    "tones": {"neutral": "Note", "good": "Good", "warn": "Caution", "bad": "Problem"},
    "marks": {"good": "✓", "warn": "!", "bad": "✕"},
}


@cache
def environment() -> Environment:
    """Return the Jinja environment of ``templates/html``: escapes everything, refuses an unknown name."""
    # Jinja's own types leave filters and globals open
    jinja: Any = Environment(
        loader=FileSystemLoader(templates() / "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters["base64"] = _base64
    jinja.globals.update(_WORDS)
    return jinja


@cache
def style(*sheets: str, dark: bool = False, primary: str = "", accent: str = "") -> Markup:
    """Return the theme's variables and ``sheets`` of ``templates/html``, as text for a ``<style>`` element.

    ``dark`` adds the dark colours, for those whose system asks for them; ``primary`` and ``accent`` are a client's own.
    """
    theme = load_theme().branded(primary, accent)
    variables: dict[str, str] = {
        **theme.light.to_dict(),
        **{f"size-{name}": f"{points / theme.sizes.body:.3f}em" for name, points in theme.sizes.to_dict().items()},
        "sans": _families(theme.fonts.screen),
        "mono": _families(theme.fonts.mono),
    }
    parts = [_rule(variables), *((templates() / "html" / sheet).read_text("utf-8") for sheet in sheets)]
    if dark:
        parts.append(f"@media screen and (prefers-color-scheme: dark) {{ {_rule(theme.dark.to_dict())} }}")
    return Markup("\n".join(parts))


def cell_html(block: Block) -> str:
    """Return ``block`` as HTML for a notebook's output, with its style."""
    return environment().get_template("cell.html.j2").render(block=block, css=style("blocks.css"))


def plain_text(block: Block) -> str:
    """Return the texts of ``block``, one a line, for where HTML cannot be shown."""
    return "\n".join(_texts(block.to_dict()))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, dict):
        record = cast("dict[str, Any]", value)
        return [text for key, item in record.items() if key not in _NO_WORDS for text in _texts(item)]
    return [text for item in cast("list[Any]", value) for text in _texts(item)] if isinstance(value, list) else []


def _rule(variables: dict[str, str]) -> str:
    return f".gtm {{ {' '.join(f'--{name}: {value};' for name, value in variables.items())} }}"


def _families(names: tuple[str, ...]) -> str:
    # a generic family is a keyword, which quotes would turn into a name
    return ", ".join(f'"{name}"' if " " in name else name for name in names)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
