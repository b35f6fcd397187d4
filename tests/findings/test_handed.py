"""A diagnosis that is handed on is the same one, and stands for no other folder, wave or day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gtmdiag.findings.diagnosis import diagnose
from gtmdiag.findings.handed import FILE, VARIABLE, hand_over, handed
from tests.engagements import TODAY, sample


def test_handed_diagnosis_that_differs_or_stands_for_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = sample(tmp_path / "northlight")
    made = diagnose(root, today=TODAY)
    file = tmp_path / FILE
    file.write_bytes(hand_over(made, root, TODAY))
    assert handed(root, made.wave, TODAY) is None
    monkeypatch.setenv(VARIABLE, str(file))
    assert handed(root, made.wave, TODAY) == made
    assert handed(tmp_path, made.wave, TODAY) is None
    assert handed(root, "", TODAY) is None
    assert handed(root, made.wave, TODAY + timedelta(1)) is None
    file.unlink()
    assert handed(root, made.wave, TODAY) is None
