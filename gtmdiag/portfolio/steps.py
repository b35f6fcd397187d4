"""Bring the steps of several clients' funnels together: by the role of a stage where it has one, else by its name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gtmdiag.funnel.config import name_key

WON = "won"
Key = tuple[str, str]


@dataclass(frozen=True)
class OwnStep:
    """A step of one client, as its CRM calls the two stages."""

    client: int
    stage: str
    to: str

    @property
    def name(self) -> str:
        """Both names with an arrow."""
        return f"{self.stage} → {self.to}"


def stage_keys(stages: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Return by what each stage of one client is compared: its first role, else its name.

    Where one stage has the role ``mql`` and another one is merely called MQL, the role counts, and the other stage is
    compared with nothing.
    """
    rows = list(stages)
    by_role = {stage: name_key(sorted(roles)[0]) for stage, roles in rows if roles}
    taken = set(by_role.values())
    by_name = {stage: name_key(stage) for stage, roles in rows if not roles and name_key(stage) not in taken}
    return {**by_role, **by_name}


def shared(steps: Iterable[OwnStep], keys: Mapping[int, Mapping[str, str]]) -> dict[Key, tuple[OwnStep, ...]]:
    """Return the steps of all clients by the pair of keys that they share; stages without a key are left out."""
    found: dict[Key, list[OwnStep]] = defaultdict(list)
    for step in steps:
        known = keys.get(step.client, {})
        leaving, entering = known.get(step.stage), WON if step.to == WON else known.get(step.to)
        if leaving is not None and entering is not None:
            found[leaving, entering].append(step)
    return {key: tuple(own) for key, own in sorted(found.items())}


def name_of(key: Key, own: Sequence[OwnStep], least: int) -> str:
    """Return what most clients call a step; of names alike in number the first by the alphabet.

    Where fewer than ``least`` call it so, it is named by what they share.
    """
    counted = Counter(step.name for step in own)
    name = min(counted, key=lambda name: (-counted[name], name))
    return name if counted[name] >= least else " → ".join(key)
