"""The hygiene page: what is wrong with the data, how much of them, and which results that weakens."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.funnel.checks import Check
from gtmdiag.funnel.trust import TrustGate
from gtmdiag.report.blocks import Block, Column, Evidence, Notice, Prose, Table
from gtmdiag.report.text import cut
from gtmdiag.report.words import SUITE

_COLUMNS = (
    Column("Check"),
    Column("Found", "right"),
    Column("Share", "right"),
    Column("Of value", "right"),
    Column("Such as"),
    Column("Weakens"),
)


def hygiene_blocks(checks: Sequence[Check], gate: TrustGate) -> list[Block]:
    """Return the trust gate, and under it every check that was made, those without a fault too."""
    if not checks:
        return [Notice("neutral", "The data were not checked", gate.sentence.text)]
    title = f"Faults in the data weaken {count(len(gate.with_care), 'result')}" if gate.with_care else "The data hold"
    blocks: list[Block] = [Notice("warn" if gate.with_care else "good", title, gate.sentence.text)]
    if gate.serious:
        blocks.append(_table("Faults beyond their threshold", gate.serious))
        told = tuple(Evidence(f"{check.title}: {check.remedy}", SUITE) for check in gate.serious if check.remedy)
        blocks += [Prose(told)] if told else []
    minor = sorted((check for check in checks if check.n and not check.serious), key=lambda check: -check.share)
    clean = [check.title for check in checks if not check.n]
    note = f"Looked for and not found: {'; '.join(clean)}." if clean else ""
    if minor:
        blocks.append(_table("Faults within their threshold", minor, note))
    elif note:
        blocks.append(Prose((Evidence(note, SUITE),)))
    return blocks


def _table(title: str, checks: Sequence[Check], note: str = "") -> Table:
    rows = tuple(
        (
            check.title,
            f"{check.n:,} of {check.of:,} {check.unit}",
            _share(check.share),
            "–" if check.value_share is None else _share(check.value_share),
            ", ".join(cut(example, 24) for example in check.examples[:3]) or "–",
            capital(", ".join(check.weakens)) or "–",
        )
        for check in checks
    )
    return Table(title, _COLUMNS, rows, note)


def _share(share: float) -> str:
    """Return a share in per cent, of which a single row in a million is still some."""
    return "<0.1%" if 0 < share < 0.001 else f"{share:.1%}"
