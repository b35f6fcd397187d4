"""What a file of slides can hold and the library cannot say, written as the elements that it is in the file."""

from __future__ import annotations

from typing import Any

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def child(parent: Any, name: str, namespace: str = DRAWING, **attributes: str) -> Any:
    """Add an element at the end of ``parent`` and return it."""
    made = parent.makeelement(f"{{{namespace}}}{name}", attributes)
    parent.append(made)
    return made
