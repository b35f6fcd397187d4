"""What ``gtmdiag verify`` says of each client, and of the portfolio."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.batch_view import label
from gtmdiag.publish.verify import Verified

_MANY = 5


def verified_lines(clients: Sequence[Verified], portfolio: Verified | None) -> Iterator[str]:
    """Yield a line for each that is as it was made, a line a deviation of all others, and a summary."""
    for client in clients:
        yield from _lines(client)
    if portfolio is not None:
        yield from _lines(portfolio)
    deviating = sum(bool(client.deviations or client.problem) for client in clients)
    yield ""
    yield f"{len(clients):,} {'client' if len(clients) == 1 else 'clients'}: {deviating:,} not as made."


def _lines(of: Verified) -> Iterator[str]:
    name = label(of.root)
    if of.problem:
        yield f"{name}: cannot be verified: {of.problem}"
    elif not of.deviations:
        told = "output" if of.outputs == 1 else "outputs"
        yield f"{name}: {of.outputs} {told} as made" if of.outputs else f"{name}: no report yet"
    for one in of.deviations:
        named = "" if one.path == of.root else one.path.relative_to(of.root).as_posix()
        place = ", ".join(filter(None, (named, one.render if one.what else "")))
        more = f" and {len(one.what) - _MANY} more" if len(one.what) > _MANY else ""
        what = f" ({', '.join(one.what[:_MANY])}{more})" if one.what else ""
        yield f"{name}: {place}: {one.state}{what}"
