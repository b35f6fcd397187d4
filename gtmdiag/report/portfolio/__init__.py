"""What the portfolio notebook calls: the portfolio, and its pages, each a function from it to a block."""

from __future__ import annotations

from pathlib import Path

from gtmdiag.portfolio.file import NAME, from_file
from gtmdiag.portfolio.read import read_portfolio
from gtmdiag.portfolio.result import Portfolio
from gtmdiag.portfolio.sources import read_sources
from gtmdiag.report.jupyter import setup
from gtmdiag.report.portfolio.closing import method, stages
from gtmdiag.report.portfolio.common import constraints, movers
from gtmdiag.report.portfolio.opening import cover, overview
from gtmdiag.report.portfolio.places import places
from gtmdiag.report.portfolio.spreads import conversion, indices, leaks

__all__ = [
    "constraints",
    "conversion",
    "cover",
    "indices",
    "leaks",
    "method",
    "movers",
    "open_portfolio",
    "overview",
    "places",
    "stages",
]


def open_portfolio(engagement: str) -> Portfolio:
    """Return the portfolio that ``gtmdiag portfolio`` left in a folder, else that of the clients' folders in it.

    Parameters
    ----------
    engagement
        Path of the folder, relative to the notebook's own.

    Raises
    ------
    InputError, MissingError, StorageError, UsageError
        In plain words; the notebook shows the message, not a traceback.
    """
    setup()
    made = Path(engagement) / NAME
    return from_file(made) if made.is_file() else read_portfolio(read_sources(Path(engagement))).portfolio
