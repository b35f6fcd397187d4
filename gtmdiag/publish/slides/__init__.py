"""A document as slides: split at its headings, measured, arranged, carried on to a further slide where it is too much.

The deck in PDF and the deck in PPTX are drawn from the same arranged pages, so that they say the same on each slide.
"""

from __future__ import annotations

from gtmdiag.publish.slides.page import Page, Pages
from gtmdiag.publish.slides.pages import foot_of, slide_pages

__all__ = ["Page", "Pages", "foot_of", "slide_pages"]
