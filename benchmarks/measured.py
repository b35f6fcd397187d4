"""Time and memory of one call in this process; standard library only, so that any interpreter can use it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Measured:
    """One call.

    Attributes
    ----------
    seconds
        Wall time.
    cpu
        Seconds of all processors together, which a busy machine changes less.
    peak_mb
        The most memory the process ever held, imports included.
    added_mb
        The same, less what the process held before the call.
    """

    seconds: float
    cpu: float
    peak_mb: float
    added_mb: float

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Measured:
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))


def measured(call: Callable[[], Result]) -> tuple[Result, Measured]:
    """Call once; the process should be a fresh one, since the peak of memory never falls."""
    before = _memory("VmRSS")
    start, cpu = time.perf_counter(), time.process_time()
    result = call()
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    peak = _memory("VmHWM")
    return result, Measured(seconds, cpu, peak, peak - before)


def _memory(field: str) -> float:
    # getrusage would do on other systems, but on Linux a child starts with the peak of its parent there.
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    if found is None:
        raise OSError(f"/proc/self/status tells no {field}: memory can be measured on Linux only")
    return int(found[1]) / 1024
