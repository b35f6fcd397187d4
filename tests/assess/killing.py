"""Kill a process while it saves answers, again and again: ``python -m tests.assess.killing ROOT ROUNDS``.

The processes are forked from this one, which has loaded everything once and runs no thread.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from gtmdiag.assess.store import load, save_form
from gtmdiag.engagement.save import versions
from tests.assess.answering import INSTRUMENTS, NOW, ROADMAP, at, form

FREQUENT = [item.id for item in INSTRUMENTS["champion_operator"].items if item.scale == "frequency"]


def save_for_ever(root: Path, start: int) -> None:
    for n in itertools.count(start):
        answers = dict.fromkeys(FREQUENT, 1 + n % 5)
        comment = {"value": "yes" if n % 2 else "no", "comment": f"{n} " * 300, "at": at(n / 60)}
        data = form({**answers, ROADMAP: comment}, minutes=n / 60)
        save_form(root, data, INSTRUMENTS, now=NOW + timedelta(seconds=n))


def check(root: Path) -> bool:
    """Tell whether anything was saved; fail where a file is broken or holds answers of two saves."""
    stored = load(root, "2026-11", "jane")
    path = root / "answers" / "2026-11" / "jane.yaml"
    for version in versions(path)[-3:]:
        text = version.read_text(encoding="utf-8")
        assert text.startswith("schema: gtmdiag.answers/1\n"), f"{version} is broken"
        assert text.endswith("Z\n"), f"{version} is broken"
    assert list(path.parent.glob(".gtmdiag-*.tmp")) == []
    if stored is None:
        return False
    values = {value for item, value in stored.answers["champion_operator"].items.items() if item in FREQUENT}
    assert len(values) == 1, f"answers of two saves: {values}"
    return True


def main(root: Path, rounds: int) -> None:
    moments = random.Random(5)
    saved = 0
    for number in range(rounds):
        pid = os.fork()
        if pid == 0:
            save_for_ever(root, number * 10_000)
        time.sleep(moments.uniform(0.02, 0.2))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        saved += check(root)
    assert saved > rounds // 2, f"only {saved} of {rounds} rounds saved anything"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
