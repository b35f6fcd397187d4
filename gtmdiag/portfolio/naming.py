"""Under which label a client stands: its name, or a code that gives nothing of it away."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

# no vowels, so that no word comes out; none that are taken for one another
_SIGNS: Final = "BCDFGHJKMNPQRSTVWXZ2345679"
_SHORT, _LONG = 4, 10


def codes(ids: Sequence[str], key: bytes) -> dict[str, str]:
    """Return a code for each client id: ``"Client K7QX"``.

    It depends on the id and the key alone, so it stays when clients come and go. Without the key no one can tell which
    id a code belongs to, not even by trying out ids.
    """
    digests = {client_id: hmac.new(key, client_id.encode(), hashlib.sha256).digest() for client_id in ids}
    short = Counter(_signs(digest, _SHORT) for digest in digests.values())
    return {
        client_id: f"Client {_signs(digest, _SHORT if short[_signs(digest, _SHORT)] == 1 else _LONG)}"
        for client_id, digest in digests.items()
    }


def names(told: Mapping[str, str]) -> dict[str, str]:
    """Return a label for each client id of its name; one that could be taken for another's has its id beside it."""
    with_id = {client_id: f"{name} ({client_id})" for client_id, name in told.items()}
    alike = Counter(label.casefold() for label in (*told.values(), *with_id.values()))
    return {client_id: name if alike[name.casefold()] == 1 else with_id[client_id] for client_id, name in told.items()}


def holds_name(text: str, named: Sequence[str]) -> bool:
    """Tell whether a text holds one of these names, in any case."""
    return any(name.casefold() in text.casefold() for name in named if name)


def _signs(digest: bytes, length: int) -> str:
    number = int.from_bytes(digest)
    return "".join(_SIGNS[number // len(_SIGNS) ** place % len(_SIGNS)] for place in range(length))
