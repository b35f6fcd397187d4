"""Where the form is served: on this machine alone, unless another address is asked for on purpose."""

from __future__ import annotations

from dataclasses import dataclass

from gtmdiag.errors import UsageError

HOME = "127.0.0.1"
PORT = 8866


@dataclass(frozen=True)
class Address:
    """Where the form is served.

    Attributes
    ----------
    host, port
        The address, and the port to try first.
    network
        Whether an address other than this machine's own was asked for on purpose.
    """

    host: str = HOME
    port: int = PORT
    network: bool = False


def require_home(address: Address) -> None:
    """Refuse an address that other machines can reach, unless it was asked for on purpose.

    Raises
    ------
    UsageError
        With what to do.
    """
    if address.host not in (HOME, "localhost", "::1") and not address.network:
        raise UsageError(
            f"{address.host} can be reached by other machines, and the form is not encrypted on its way. "
            "Leave --host out, or say --allow-network if that is what you want."
        )
