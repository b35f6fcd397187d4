"""What ``gtmdiag portfolio`` prints: how many clients were taken in, where the outputs are, who was left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gtmdiag.publish.portfolio import MadePortfolio


def portfolio_lines(made: MadePortfolio) -> Iterator[str]:
    """Yield the outputs, then what is not told for want of clients."""
    portfolio, rendered = made.read.portfolio, made.rendered
    yield from map(str, rendered.outputs)
    for path in rendered.kept:
        yield f"Your edited {path.name} is kept in {path.parent / '.history'}."
    yield from (f"warning: {warning}" for warning in rendered.warnings)
    n = len(portfolio.clients)
    yield f"{n:,} {'client' if n == 1 else 'clients'} side by side, {len(portfolio.left_out)} left out."
    if not portfolio.enough:
        yield (
            f"Nothing is told about them together: that takes {portfolio.minimum} clients. "
            "Each client's own figures are shown."
        )


def portfolio_json(made: MadePortfolio) -> dict[str, Any]:
    """Return the same for programs; the figures are in portfolio.json."""
    portfolio, rendered = made.read.portfolio, made.rendered
    return {
        "clients": len(portfolio.clients),
        "minimum": portfolio.minimum,
        "hidden": portfolio.hidden,
        "outputs": [str(path) for path in rendered.outputs],
        "kept": [str(path) for path in rendered.kept],
        "warnings": list(rendered.warnings),
        "problems": made.read.problems,
    }
