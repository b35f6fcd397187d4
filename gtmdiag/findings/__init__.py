"""From the diagnostics to findings of one form."""
