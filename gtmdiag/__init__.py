"""gtmdiag: a diagnostic and assessment suite for go-to-market operating models."""

__version__ = "0.1.0"
