"""Blocks, documents and the look of a report: results made readable, before any format."""
