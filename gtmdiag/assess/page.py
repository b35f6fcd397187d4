"""The form as one HTML file that asks no network for anything; its script and style for other hosts too."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gtmdiag.assess.form import FormSpec
from gtmdiag.report.markup import style
from gtmdiag.resources import templates

# in the order in which one needs the other
_MODULES = ("answers.js", "pages.js", "form.js")
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./\w+\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|function|async|class)", re.MULTILINE)
# lines of comment and indentation, a fifth of what a mail carries; no text of the form goes over a line's end
_ASIDE = re.compile(r"^(?:\s+|//.*\n)+", re.MULTILINE)


@cache
def form_module() -> str:
    """Return the form as one ES module, whose default export has an anywidget's ``render``."""
    sources = [(_folder() / name).read_text("utf-8") for name in _MODULES]
    return "".join(_ASIDE.sub("", _EXPORT.sub("", _IMPORT.sub("", source))) for source in sources)


@cache
def form_css(*, dark: bool = False) -> str:
    """Return the form's style with the theme's variables; ``dark`` follows the reader's system."""
    return f"{style(dark=dark)}\n{_ASIDE.sub('', (_folder() / 'form.css').read_text('utf-8'))}"


def form_page(spec: FormSpec) -> str:
    """Return the form as a self-contained page.

    The page's policy lets nothing be fetched and nothing run but this script and this style. Answers stay in the
    browser's storage until the respondent downloads or copies them.
    """
    script = f"{_inside(form_module(), 'script')}\nstart(document);\n"
    sheet = _inside(form_css(dark=True), "style")
    data = json.dumps(spec.to_dict(), ensure_ascii=False, separators=(",", ":"))
    jinja = Environment(
        loader=FileSystemLoader(_folder()), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return jinja.get_template("form.html.j2").render(
        spec=spec,
        title=spec.respondent.client_name,
        script=Markup(script),
        script_hash=_hash(script),
        style=Markup(sheet),
        style_hash=_hash(sheet),
        # in JSON `<` stands in texts only, where its escape means the same
        data=Markup(data.replace("<", "\\u003c")),
    )


def _folder() -> Path:
    return templates() / "form"


def _inside(source: str, tag: str) -> str:
    """Return ``source`` so that it cannot end its element; in strings, where it might stand, it means the same."""
    return re.sub(f"</(?={tag})", r"<\\/", source.replace("<!--", r"<\!--"), flags=re.IGNORECASE)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
