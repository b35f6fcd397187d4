"""Saving: interrupted, refused, repeated."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gtmdiag.engagement.save import HISTORY, write_atomic
from gtmdiag.errors import StorageError

WRITER = """
import itertools, pathlib, sys
from gtmdiag.engagement.save import write_atomic
print("ready", flush=True)
for n in itertools.count():
    write_atomic(pathlib.Path(sys.argv[1]), (b"%09d\\n" % n) * 50_000, keep_previous=n % 5 == 0)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_any_moment_the_file_is_one_whole_version(tmp_path: Path) -> None:
    path = tmp_path / "ceo.yaml"
    moments = random.Random(2)
    for _ in range(20):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(moments.uniform(0.0, 0.05))
            writer.send_signal(signal.SIGKILL)
        for version in [path, *tmp_path.glob(f"{HISTORY}/*")]:
            if version.exists():
                content = version.read_bytes()
                assert len(content) == 500_000
                assert len(set(content.splitlines())) == 1
    write_atomic(path, b"last", keep_previous=False)
    assert list(tmp_path.glob("*.tmp")) + list(tmp_path.glob(".*.tmp")) == []


def test_every_version_before_is_kept_in_order(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ceo.yaml"
    for content in (b"one", b"two", b"two", b"three"):
        write_atomic(path, content, keep_previous=True)
    assert path.read_bytes() == b"three"
    assert names(path.parent) == [f"{HISTORY}/ceo.yaml.1", f"{HISTORY}/ceo.yaml.2", "ceo.yaml"]
    assert (path.parent / HISTORY / "ceo.yaml.2").read_bytes() == b"two"


def test_history_where_the_disk_has_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_link)
    path = tmp_path / "ceo.yaml"
    write_atomic(path, b"one", keep_previous=True)
    write_atomic(path, b"two", keep_previous=True)
    assert (tmp_path / HISTORY / "ceo.yaml.1").read_bytes() == b"one"


@pytest.mark.parametrize("step", ["replace", "fsync", "open"])
def test_failure_at_any_step_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "ceo.yaml"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(StorageError, match=r"no space left on device\. What was there before is unchanged"):
            write_atomic(path, b"new", keep_previous=False)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["ceo.yaml"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs a POSIX user")
def test_read_only_folder_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "ceo.yaml"
    path.write_bytes(b"old")
    script = (
        "import os, pathlib, sys\nfrom gtmdiag.engagement.save import write_atomic\n"
        "from gtmdiag.errors import StorageError\nos.geteuid() or os.setuid(65534)\n"
        "try: write_atomic(pathlib.Path('ceo.yaml'), b'new', keep_previous=True)\n"
        "except StorageError as error: sys.exit(str(error))"
    )
    tmp_path.chmod(0o555)
    try:
        ended = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
        )
    finally:
        tmp_path.chmod(0o755)
    assert ended.stderr == "ceo.yaml could not be saved: permission denied. What was there before is unchanged.\n"
    assert path.read_bytes() == b"old"


def test_link_is_replaced_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"theirs")
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "ceo.yaml"
    path.symlink_to(outside)
    write_atomic(path, b"ours", keep_previous=True)
    assert (outside.read_bytes(), path.read_bytes(), path.is_symlink()) == (b"theirs", b"ours", False)
    (tmp_path / "in" / HISTORY).symlink_to(tmp_path)
    with pytest.raises(StorageError, match="is a link"):
        write_atomic(path, b"new", keep_previous=True)
