"""Executing notebooks and writing reports."""
