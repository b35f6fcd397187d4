from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks.engagements import write_engagements
from gtmdiag.findings.diagnosis import diagnose


def _contents(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_generated_clients_differ_from_run_to_run_or_with_their_number(tmp_path: Path) -> None:
    some = write_engagements(tmp_path / "some", 2, seed=1)
    more = write_engagements(tmp_path / "more", 3, seed=1)
    assert [_contents(home) for home in some] == [_contents(home) for home in more[:2]]


def test_generated_clients_are_alike_or_have_inputs_that_are_refused(tmp_path: Path) -> None:
    one, other = (diagnose(home, today=date(2026, 11, 2)) for home in write_engagements(tmp_path, 2, seed=1))
    assert one.client.id != other.client.id
    assert one.champion_operator != other.champion_operator
    assert one.funnel != other.funnel
