"""What ``gtmdiag verify`` says of each client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.batch_view import label
from gtmdiag.publish.verify import Verified

_MANY = 5


def verified_lines(clients: Sequence[Verified]) -> Iterator[str]:
    """Yield a line a client that is as it was made, a line a deviation of all others, and a summary."""
    for client in clients:
        name = label(client.root)
        if client.problem:
            yield f"{name}: cannot be verified: {client.problem}"
        elif not client.deviations:
            told = "output" if client.outputs == 1 else "outputs"
            yield f"{name}: {client.outputs} {told} as made" if client.outputs else f"{name}: no report yet"
        for one in client.deviations:
            named = one.path.relative_to(client.root).as_posix()
            more = f" and {len(one.what) - _MANY} more" if len(one.what) > _MANY else ""
            what = f" ({', '.join(one.what[:_MANY])}{more})" if one.what else ""
            yield f"{name}: {named}{f', {one.render}' if one.what else ''}: {one.state}{what}"
    deviating = sum(bool(client.deviations or client.problem) for client in clients)
    yield ""
    yield f"{len(clients):,} {'client' if len(clients) == 1 else 'clients'}: {deviating:,} not as made."
