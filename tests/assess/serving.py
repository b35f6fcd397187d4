"""The form, served by the installed command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.engagements import COMMAND, environment, sample


@dataclass(frozen=True)
class Served:
    """A client's form at ``url``, token and all, by the process ``pid``."""

    root: Path
    url: str
    pid: int

    def kill_kernels(self) -> int:
        """Kill the processes that the server started, and tell how many."""
        children = [
            int(status.parent.name)
            for status in Path("/proc").glob("[0-9]*/status")
            if f"\nPPid:\t{self.pid}\n" in status.read_text()
        ]
        for child in children:
            os.kill(child, signal.SIGKILL)
        return len(children)


@contextmanager
def serving(home: Path, *arguments: str) -> Generator[Served]:
    """Serve the form of Ann, a CRO, in the wave 2027-01 of the sample client."""
    root = sample(home / "northlight")
    (root / "picture.png").write_bytes(b"secret")
    who = ["--respondent", "ann", "--role", "cro", "--wave", "2027-01"]
    command = [*COMMAND, "assess", str(root), *who, "--no-browser", "--json", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(home / "user")) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, "the server ended"
            yield Served(root, json.loads(line)["url"], process.pid)
            process.send_signal(signal.SIGINT)
            process.wait(60)
        finally:
            process.kill()
