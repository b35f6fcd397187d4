"""The slides of the board deck: each is a function from a diagnosis to a group of blocks, for one cell of a notebook.

A group's first block is the headline of level 2 that becomes the slide's title; what follows is arranged and, where it
does not fit, carried on to a further slide. A slide without its inputs is an empty group.
"""

from __future__ import annotations

from gtmdiag.report.deck.chapters import ceo_role, funnel, ownership
from gtmdiag.report.deck.closing import appendix, confidence, risks, roadmap
from gtmdiag.report.deck.opening import cover, decision, scorecard, summary
from gtmdiag.report.deck.operating import handoffs, kpi_rules, layers

__all__ = [
    "appendix",
    "ceo_role",
    "confidence",
    "cover",
    "decision",
    "funnel",
    "handoffs",
    "kpi_rules",
    "layers",
    "ownership",
    "risks",
    "roadmap",
    "scorecard",
    "summary",
]
