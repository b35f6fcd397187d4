"""Whether somebody has the notebook open."""

from __future__ import annotations

from typing import Final

SESSION: Final = "JPY_SESSION_NAME"
"""What a Jupyter server tells the kernels of notebooks that someone has open; none is told when a report is made."""
