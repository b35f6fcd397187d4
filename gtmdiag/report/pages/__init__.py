"""The pages of the reports: each is a function from a diagnosis to a block, for one cell of a notebook."""

from __future__ import annotations

from gtmdiag.report.pages.ceo_role import ceo_role
from gtmdiag.report.pages.closing import appendix, confidence, method, missing, own_instruments
from gtmdiag.report.pages.funnel import funnel
from gtmdiag.report.pages.funnel_sections import (
    funnel_counts,
    funnel_definitions,
    funnel_forecast,
    funnel_handoffs,
    funnel_hygiene,
    funnel_leaks,
    funnel_method,
    funnel_segments,
    funnel_stalled,
    funnel_times,
    funnel_trend,
    what_if,
)
from gtmdiag.report.pages.gut_check import gut_check
from gtmdiag.report.pages.kpi_rules import kpi_rules
from gtmdiag.report.pages.marketing import marketing
from gtmdiag.report.pages.opening import cover, findings, summary
from gtmdiag.report.pages.operating_model import operating_model
from gtmdiag.report.pages.ownership_altitude import ownership_altitude
from gtmdiag.report.pages.plan import plan
from gtmdiag.report.pages.scorecard import scorecard
from gtmdiag.report.pages.synthesis import synthesis
from gtmdiag.report.pages.waves import waves

__all__ = [
    "appendix",
    "ceo_role",
    "confidence",
    "cover",
    "findings",
    "funnel",
    "funnel_counts",
    "funnel_definitions",
    "funnel_forecast",
    "funnel_handoffs",
    "funnel_hygiene",
    "funnel_leaks",
    "funnel_method",
    "funnel_segments",
    "funnel_stalled",
    "funnel_times",
    "funnel_trend",
    "gut_check",
    "kpi_rules",
    "marketing",
    "method",
    "missing",
    "operating_model",
    "own_instruments",
    "ownership_altitude",
    "plan",
    "scorecard",
    "summary",
    "synthesis",
    "waves",
    "what_if",
]
