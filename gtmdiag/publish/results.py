"""results.json: every number and sentence of a report, with its trail, for programs."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter
from pydantic_core import to_json

from gtmdiag.engagement.reports import RESULTS_SCHEMA
from gtmdiag.findings.diagnosis import Diagnosis


def results_json(diagnosis: Diagnosis) -> bytes:
    """Return a diagnosis as JSON text; the same diagnosis gives the same bytes."""
    data = _adapter().dump_python(diagnosis, mode="json", by_alias=True)
    return to_json({"schema": RESULTS_SCHEMA, **data}, indent=1) + b"\n"


@cache
def _adapter() -> TypeAdapter[Diagnosis]:
    return TypeAdapter(Diagnosis)
