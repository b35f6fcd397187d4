"""A document as slides that can be edited: real titles and layouts, native charts and tables, notes with the trail."""

from __future__ import annotations

from gtmdiag.publish.powerpoint.presentation import render_pptx

__all__ = ["render_pptx"]
