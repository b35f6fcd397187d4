"""results.json: every number and sentence of a report, with its trail, for programs."""

from __future__ import annotations

import json
from functools import cache

from pydantic import TypeAdapter

from gtmdiag.engagement.reports import RESULTS_SCHEMA
from gtmdiag.findings.diagnosis import Diagnosis


def results_json(diagnosis: Diagnosis) -> bytes:
    """Return a diagnosis as JSON text; the same diagnosis gives the same bytes."""
    data = _adapter().dump_python(diagnosis, mode="json", by_alias=True)
    return (json.dumps({"schema": RESULTS_SCHEMA, **data}, indent=1, ensure_ascii=False) + "\n").encode()


@cache
def _adapter() -> TypeAdapter[Diagnosis]:
    return TypeAdapter(Diagnosis)
