"""A diagnosis handed on to another process, which would make the same one again.

It is a pickle, so it is read only where the environment names its file.
"""

from __future__ import annotations

import os
import pickle
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gtmdiag.findings.diagnosis import Diagnosis

FILE = "diagnosis.pickle"
VARIABLE = "GTMDIAG_DIAGNOSIS"
"""Where a process finds the path of that file in its environment."""


def hand_over(diagnosis: Diagnosis, root: Path, today: date) -> bytes:
    """Return a diagnosis of the engagement folder ``root`` on a day as the content of a file."""
    return pickle.dumps((_key(root, diagnosis.wave, today), diagnosis))


def handed(root: Path, wave: str, today: date) -> Diagnosis | None:
    """Return the diagnosis that was handed over; None where there is none of this folder, wave and day."""
    name = os.environ.get(VARIABLE, "")
    if not name or not Path(name).is_file():
        return None
    key, diagnosis = pickle.loads(Path(name).read_bytes())
    return diagnosis if key == _key(root, wave, today) else None


def _key(root: Path, wave: str, today: date) -> tuple[str, str, date]:
    return str(root.resolve()), wave, today
