"""Questionnaires as data: reading, validating and scoring them; sources, stages and reference values."""
