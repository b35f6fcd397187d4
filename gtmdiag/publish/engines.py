"""What executes notebooks: papermill with kernels that are forked, or papermill as it is. The outputs are the same."""

from __future__ import annotations

from gtmdiag.errors import UsageError, did_you_mean, shorten

WARM = "warm"
"""Where no kernel can be forked, each is started anew."""
STOCK = "stock"
ENGINES = (WARM, STOCK)


def require_engine(name: str) -> None:
    """Refuse an engine that is none.

    Raises
    ------
    UsageError
        There is no engine of that name.
    """
    if name not in ENGINES:
        raise UsageError(
            f"No engine {shorten(name)}; allowed: {', '.join(ENGINES)}. {did_you_mean(name, ENGINES)}".strip()
        )
