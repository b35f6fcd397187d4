"""What a notebook's first cell calls: one client's diagnosis, and a kernel set up to show it."""

from __future__ import annotations

from pathlib import Path

from gtmdiag import clock
from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.findings.handed import handed
from gtmdiag.report.jupyter import setup
from gtmdiag.report.theme import wear


def open_client(engagement: str, wave: str = "") -> Diagnosis:
    """Diagnose the engagement folder ``engagement`` and set the kernel up for its report.

    Parameters
    ----------
    engagement
        Path of the folder, relative to the notebook's own.
    wave
        A wave of answers; by default the last one.

    Raises
    ------
    InputError, MissingError, UsageError
        In plain words; the notebook shows the message, not a traceback.
    """
    setup()
    root, today = Path(engagement), clock.today()
    diagnosis = handed(root, wave, today) or diagnose(root, wave, today=today)
    branding = diagnosis.client.branding
    wear(branding.primary or "", branding.accent or "")
    return diagnosis
