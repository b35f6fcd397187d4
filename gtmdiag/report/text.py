"""Plain text that every format can carry."""

from __future__ import annotations

import re

_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return ``text`` without the characters that XML, HTML or PDF cannot hold: controls, lone surrogates, NUL."""
    return _NOT_TEXT.sub("", text)


def cut(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` characters, with an ellipsis where some are left out."""
    return text if len(text) <= width else f"{text[: width - 1]}…"
