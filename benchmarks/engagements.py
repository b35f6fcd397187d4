"""Engagements made from the sample client: as many as asked for, all different, the same for the same seed."""

from __future__ import annotations

import csv
import random
import re
import shutil
from pathlib import Path

from benchmarks.commands import SAMPLE

KEPT = 0.9
"""The part of the sample's deals that each client has."""
AMOUNTS = (0.7, 1.4)
"""Between these factors each client's amounts are."""
# Values that may be one more or one less on the scales of these instruments.
_ANSWER = re.compile(r"^(      (?:champion_operator|marketing)\.\S+: )([23])$", re.MULTILINE)


def write_engagements(root: Path, clients: int, seed: int) -> list[Path]:
    """Write so many clients' folders under ``root`` and return them. More clients leave the first ones as they were."""
    return [_write(root / f"client-{number:04}", random.Random(f"{seed} {number}")) for number in range(clients)]


def _write(home: Path, rng: random.Random) -> Path:
    shutil.copytree(SAMPLE, home, ignore=shutil.ignore_patterns("reports"))
    client = home / "client.yaml"
    text = re.sub(r"^id: .*$", f"id: {home.name}", client.read_text(encoding="utf-8"), flags=re.MULTILINE)
    name = f"name: Company {rng.randrange(10**6):06}"
    client.write_text(re.sub(r"^name: .*$", name, text, count=1, flags=re.MULTILINE), encoding="utf-8")
    for answers in sorted(home.glob("answers/*/*.yaml")):
        text = answers.read_text(encoding="utf-8")
        answers.write_text(
            _ANSWER.sub(lambda found: f"{found[1]}{int(found[2]) + rng.choice((-1, 0, 1))}", text), encoding="utf-8"
        )
    _vary_deals(home / "crm", rng)
    return home


def _vary_deals(crm: Path, rng: random.Random) -> None:
    """Leave some deals out of both tables and change the amounts of the others."""
    factor = rng.uniform(*AMOUNTS)
    kept: set[str] = set()
    deals: list[dict[str, str]] = []
    for deal in _rows(crm / "deals.csv"):
        if rng.random() < KEPT:
            kept.add(deal["deal_id"])
            amount = deal["amount"] and str(round(float(deal["amount"]) * factor * rng.uniform(0.9, 1.1)))
            deals.append(deal | {"amount": amount})
    _write_rows(crm / "deals.csv", deals)
    history = crm / "stage_history.csv"
    _write_rows(history, [row for row in _rows(history) if row["deal_id"] in kept])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
