"""Two names with an arrow between them: ``MQL→SQL`` or ``MQL -> SQL``."""

from __future__ import annotations

import re

from gtmdiag.engagement.yamlfile import refusal

_ARROW = re.compile(r"→|->")


def parted(value: object, what: str) -> tuple[str, str]:
    """Return the two names, which ``what`` tells in plural; refuse all else."""
    parts = [part.strip() for part in _ARROW.split(value)] if isinstance(value, str) else []
    if len(parts) != 2 or not all(parts):
        raise refusal(f"two {what} with an arrow between them", "Write 'MQL→SQL' or 'MQL -> SQL'.")
    return parts[0], parts[1]
