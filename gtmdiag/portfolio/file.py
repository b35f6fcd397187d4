"""portfolio.json: a portfolio as a file, with which its notebook works wherever it is opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gtmdiag.errors import InputError, Problem, StorageError
from gtmdiag.portfolio.result import SCHEMA, Portfolio

NAME = "portfolio.json"


def to_json(portfolio: Portfolio) -> bytes:
    """Return a portfolio as JSON text; the same portfolio gives the same bytes."""
    data = TypeAdapter(Portfolio).dump_python(portfolio, mode="json")
    return (json.dumps({"schema": SCHEMA, **data}, indent=1, ensure_ascii=False) + "\n").encode()


def from_file(path: Path) -> Portfolio:
    """Return the portfolio of a file.

    Raises
    ------
    InputError
        It does not hold one, or one of another version.
    StorageError
        It cannot be read.
    """
    try:
        data = TypeAdapter(dict[str, Any]).validate_json(path.read_bytes())
        if data.pop("schema", None) == SCHEMA:
            return TypeAdapter(Portfolio).validate_python(data)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError:
        pass
    remedy = "Run 'gtmdiag portfolio' on the folder of the clients again."
    raise InputError([Problem(path.name, "", "another form", f"{SCHEMA} as gtmdiag writes it", remedy)])
