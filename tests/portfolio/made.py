"""Clients' folders with a results.json written by hand, of the form that a render writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

INDICES = ("champion", "operator", "autonomy")


def index(low: float, high: float | None = None) -> dict[str, Any]:
    return {"low": low, "high": low if high is None else high}


def reading(*values: dict[str, Any] | None, n: int = 1) -> dict[str, Any]:
    return {**dict(zip(INDICES, (*values, None, None, None), strict=False)), "n": n, "verdict": {"id": "operator"}}


def step(stage: str, to: str, estimate: float, margin: float = 0.05, n: int = 100) -> dict[str, Any]:
    low, high = max(estimate - margin, 0.0), min(estimate + margin, 1.0)
    share = {"estimate": estimate, "low": low, "high": high, "n": n, "horizon_days": 90}
    return {"stage": stage, "to": to, "conversion": share}


def leak(value: float, stage: str = "MQL", to: str = "SQL") -> dict[str, Any]:
    money = {"value": value, "low": value / 2, "high": value * 2}
    return {"stage": stage, "to": to, "conversion": {"n": 100}, "flagged": True, **money}


def funnel(
    *steps: Mapping[str, Any],
    roles: Mapping[str, Sequence[str]] | None = None,
    leaks: Sequence[Mapping[str, Any]] = (),
    currency: str = "EUR",
) -> dict[str, Any]:
    stages = [{"stage": one["stage"], "roles": list((roles or {}).get(one["stage"], ()))} for one in steps]
    estimates = {"stages": list(steps), "leaks": list(leaks), "currency": currency}
    return {"deals": 500, "stages": stages, "estimates": estimates}


def move(index_id: str, before: float, after: float, reading: str = "moved") -> dict[str, Any]:
    values = [index(before), index(after)]
    change, better = after - before, index_id != "operator"
    told = {"id": index_id, "who": "CEO", "higher_is_better": better, "values": values, "change": change}
    return {**told, "noise": 10.0, "reading": reading}


def results(
    client_id: str,
    name: str = "",
    *,
    ceo: Mapping[str, Any] | None = None,
    crm: Mapping[str, Any] | None = None,
    theme: str = "",
    moves: Sequence[Mapping[str, Any]] = (),
    **changed: Any,
) -> dict[str, Any]:
    waves = {"waves": [{"name": "2026-1"}, {"name": "2026-2"}], "moves": list(moves)} if moves else None
    return {
        "schema": "gtmdiag.results/1",
        "client": {"id": client_id, "name": name or client_id, "branding": {"name": None}},
        "wave": "2026-2",
        "respondents": 1,
        "as_of": "2026-10-31",
        "champion_operator": {"hash": "a" * 64, "ceo": ceo, "team": None},
        "ownership_altitude": None,
        "marketing": None,
        "funnel": crm,
        "synthesis": {"constraint": {"theme": theme} if theme else None},
        "waves": waves,
        **changed,
    }


def client(root: Path, content: Mapping[str, Any] | str | bytes | None, folder: str = "") -> Path:
    """Write a client's folder; with no content it is one that was never rendered."""
    told: Any = content["client"] if isinstance(content, Mapping) else {"id": folder, "name": folder}
    place = root / (folder or told["id"])
    place.mkdir(parents=True)
    (place / "client.yaml").write_text(f'id: {told["id"]}\nname: "{told["name"]}"\n', encoding="utf-8")
    if content is not None:
        path = place / "reports" / "no-wave" / "results.json"
        path.parent.mkdir(parents=True)
        text = json.dumps(content) if isinstance(content, Mapping) else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place
