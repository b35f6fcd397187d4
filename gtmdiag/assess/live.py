"""What is alive where someone has a notebook open, and a plain block in every report."""

# ipywidgets comes without types.
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from gtmdiag.report.blocks import Block
from gtmdiag.report.markup import cell_html
from gtmdiag.report.session import SESSION


@dataclass(frozen=True)
class Live:
    """A block for every report; where someone has the notebook open, the widget that ``build`` makes in its place.

    A front end without widgets shows the block too.
    """

    block: Block
    build: Callable[[], Any]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002
        bundle = self.block.mime_bundle()
        if not os.environ.get(SESSION):
            return bundle
        return cast("dict[str, Any]", self.build()._repr_mimebundle_()) | bundle


class Shown:
    """A place in a widget that shows a block, and another one when told."""

    def __init__(self) -> None:
        """Make an empty place."""
        import ipywidgets

        self.widget: Any = ipywidgets.HTML()
        self.widget.layout.min_width = "0"

    def show(self, block: Block) -> None:
        """Show a block; no text of it can be markup."""
        self.widget.value = cell_html(block)
