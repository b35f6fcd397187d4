"""A client with nothing in its folder, diagnosed once."""

from __future__ import annotations

import pytest

from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from tests.engagements import TODAY


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Diagnosis:
    return diagnose(tmp_path_factory.mktemp("empty"), today=TODAY)
