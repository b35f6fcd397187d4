"""An engagement to answer in, and what forms give back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gtmdiag.instruments.load import PACKAGED, packaged
from tests.engagements import write

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
INSTRUMENTS = {name: packaged(name) for name in PACKAGED}
ROADMAP, MAKER = "gut_check.roadmap.centralize", "gut_check.market_maker.centralize"
DIRECTION = "champion_operator.strategic_direction.champion"


def client(root: Path) -> Path:
    return write(root, {"client.yaml": "schema: gtmdiag.client/1\nid: acme\nname: Acme\n"})


def at(minutes: float) -> str:
    """Return a time as the form writes it, in minutes before (negative) or after noon."""
    return (NOW + timedelta(minutes=minutes)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def form(
    answers: Mapping[str, object], minutes: float = -60, respondent: str = "jane", role: str = "cmo", **changed: object
) -> dict[str, Any]:
    """Return what a form gives back; an answer may be a value or a whole record."""
    given = {
        item: value if isinstance(value, dict) else {"value": value, "comment": "", "at": at(minutes)}
        for item, value in answers.items()
    }
    names = dict.fromkeys(item.partition(".")[0] for item in answers)
    versions = {name: {"version": INSTRUMENTS[name].version, "hash": INSTRUMENTS[name].hash} for name in names}
    return {
        "schema": "gtmdiag.answers/1",
        "respondent": respondent,
        "role": role,
        "wave": "2026-11",
        "client": "acme",
        "instruments": versions,
        "answers": given,
        "prediction": None,
        "saved_at": at(minutes),
        "submitted": False,
        **changed,
    }


def sent(path: Path, data: Mapping[str, object]) -> Path:
    path.write_text(json.dumps(data), encoding="utf-8")
    return path
