"""The fictional companies."""

from __future__ import annotations

from data_samples.harbour_finch_spec import HARBOUR_FINCH
from data_samples.kestrel_labs_spec import KESTREL_LABS
from data_samples.northlight_spec import NORTHLIGHT

COMPANIES = (NORTHLIGHT, HARBOUR_FINCH, KESTREL_LABS)
