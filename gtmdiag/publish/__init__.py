"""Executing notebooks and writing reports."""

from __future__ import annotations

import sys
from typing import Any, cast

# nbformat loads jsonschema, which would build a grammar of internationalised addresses while it is imported: a quarter
# of a render's time, for a format that no notebook uses. Where it finds no such module, it leaves the format out.
_modules = cast("dict[str, Any]", sys.modules)
if "rfc3987_syntax" not in _modules and "jsonschema" not in _modules:
    _modules["rfc3987_syntax"] = None
    import nbformat  # noqa: F401  # pyright: ignore[reportUnusedImport]

    del _modules["rfc3987_syntax"]
