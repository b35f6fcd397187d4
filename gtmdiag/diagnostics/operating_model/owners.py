"""The ownership map: exactly one accountable for each stage and handoff (OE), in the file and as leaders see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.operating_model.result import BlindRow, OwnerRow, RowFault
from gtmdiag.diagnostics.ownership_altitude.positions import positions
from gtmdiag.engagement.operating_model import OperatingModel, RaciRow
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.operating_rules import OperatingRules, plain
from gtmdiag.instruments.schema import Instrument

ACCOUNTABLE, RESPONSIBLE = "accountable", "responsible"


def owner_rows(model: OperatingModel, rules: OperatingRules) -> Iterator[OwnerRow]:
    """Yield a row for each stage and handoff and for whatever else the map names; nothing where there is no map."""
    if not model.raci:
        return
    rows = {plain(row.activity): row for row in model.raci}
    for stage in model.stages:
        yield _row(stage.name, "stage", rows.pop(plain(stage.name), None), rules)
    for handoff in model.handoffs:
        yield _row(handoff.name, "handoff", rows.pop(plain(handoff.name), None), rules)
    for row in rows.values():
        yield _row(row.activity, "other", row, rules)


def _row(activity: str, kind: str, row: RaciRow | None, rules: OperatingRules) -> OwnerRow:
    accountable = row.accountable if row is not None else ()
    responsible = row.responsible if row is not None else ()
    held = {plain(name) for name in accountable} - set(rules.collective)
    working = {plain(name) for name in responsible} - set(rules.collective)
    faults: list[RowFault] = []
    if len(held) != 1:
        faults.append("several accountable" if held else "no accountable")
    if not working:
        faults.append("no responsible")
    if row is not None and row.sla is not None:
        whole = row.sla.respond_within is not None and row.sla.data and row.sla.escalation
        if not whole:
            faults.append("incomplete SLA")
    shown_kind = "stage" if kind == "stage" else "handoff" if kind == "handoff" else "other"
    return OwnerRow(activity, shown_kind, accountable, responsible, tuple(faults))


def blind_rows(instrument: Instrument, responses: Sequence[Response]) -> Iterator[BlindRow]:
    """Yield the rows that somebody filled in apart. These are declared positions, shown by role; suite method."""
    for item in instrument.items_of(ACCOUNTABLE):
        accountable = positions(instrument, item.id, responses)
        responsible = positions(instrument, f"{instrument.id}.{item.domain}.{RESPONSIBLE}", responses)
        if not accountable and not responsible:
            continue
        empty = {option.value for option in instrument.scale_of(item).options if option.danger}
        value, n = Counter(one.value for one in accountable).most_common(1)[0] if accountable else ("", 0)
        holder = instrument.scale_of(item).label(value) if 2 * n > len(accountable) > 0 else ""
        label = instrument.domain_label(item.domain)
        yield BlindRow(item.domain, label, accountable, responsible, holder, bool(holder) and value in empty)
