"""The connection to a Dask scheduler."""

from __future__ import annotations

import contextlib
import logging
import re
import warnings
from collections.abc import Generator
from importlib import import_module
from typing import Any

from gtmdiag.errors import ClusterError, UsageError, shorten

PATIENCE = 15.0
"""Seconds to wait for the scheduler, and then for a first worker."""
_PARTING = 2.0
_ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?[^\s/]+:[0-9]{1,5}")


@contextlib.contextmanager
def connected(address: str) -> Generator[Any]:
    """Give a connection to a scheduler, a `distributed.Client`.

    Raises
    ------
    UsageError
        Dask is not installed, or that is no address, or one that needs certificates and there are none.
    ClusterError
        Nobody answers there.
    """
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise UsageError("--dask needs the package distributed. Run: pip install 'gtmdiag[dask]'") from error
    _require_address(address, distributed)
    # What goes wrong is told once and in words by whoever notices it.
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(("distributed", "tornado")):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except OSError as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise ClusterError(
            f"No Dask scheduler answers at {shorten(address)}: {reason}.\n"
            "Start one with 'dask scheduler', which prints its address."
        ) from error
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=_PARTING)


def _require_address(address: str, distributed: Any) -> None:
    """Refuse what Dask would not understand; it leaves half a client behind."""
    if not _ADDRESS.fullmatch(address):
        raise UsageError(f"No scheduler's address: {shorten(address)}; allowed: tcp://HOST:PORT, tls://HOST:PORT.")
    certified = distributed.Security().get_connection_args("client").get("ssl_context")
    if address.startswith("tls://") and certified is None:
        named = "tls.ca-file, tls.client.cert and tls.client.key under distributed.comm"
        raise UsageError(f"{address} needs certificates. Name them in Dask's configuration: {named}.")
