"""What a notebook needs so that a consultant's own figure reaches every format."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import base64
import io
import sys
from typing import Any

from gtmdiag.engagement.picture import svg_fault
from gtmdiag.report.blocks import Figure

_PNG_DPI = 144


def setup() -> None:
    """Let the running kernel show a plain matplotlib figure as a `Figure` block. Outside IPython nothing happens."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        # by name: a notebook without figures never loads matplotlib
        shell.display_formatter.mimebundle_formatter.for_type_by_name("matplotlib.figure", "Figure", _bundle)


def from_matplotlib(figure: Any) -> Figure:
    """Return a ``matplotlib.figure.Figure`` as a block: the same figure gives the same bytes, at any time.

    The figure's title (of the whole, else of its first axes with one) becomes the alt text. It is drawn in the picture,
    so the block has no title of its own. It is a PNG only where a report would refuse its SVG, for a link in it.
    """
    import matplotlib as mpl

    with mpl.rc_context({"svg.hashsalt": "gtmdiag"}):
        svg = io.StringIO()
        figure.savefig(svg, format="svg", bbox_inches="tight", metadata={"Date": None})
    if not svg_fault(svg.getvalue()):
        return Figure("", svg.getvalue(), "", alt=_title(figure))
    png = io.BytesIO()
    figure.savefig(png, format="png", bbox_inches="tight", dpi=_PNG_DPI, metadata={"Software": None})
    return Figure("", "", base64.b64encode(png.getvalue()).decode("ascii"), alt=_title(figure))


def _bundle(figure: Any, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG001
    return from_matplotlib(figure).mime_bundle()


def _title(figure: Any) -> str:
    titles: list[str] = [
        figure.get_suptitle(),
        *(axes.get_title(loc) for axes in figure.axes for loc in ("center", "left", "right")),
    ]
    return next((title.strip() for title in titles if title.strip()), "")
