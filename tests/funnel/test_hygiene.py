"""Every fault at once, in one export whose faults are counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gtmdiag.funnel.analyse import analyse
from gtmdiag.funnel.checks import Check

CONFIG = """
shape: history
file: moves.csv
deals: deals.csv
columns: {deal: Id, stage: Stage, entered_at: Since, amount: Amount, owner: Who, segment: Region,
          created_at: Created, lost_reason: Reason}
stages: [Lead, MQL, SQL, Offer]
won: [Won]
lost: [Lost]
as_of: 2026-06-30
currency: EUR
"""
MOVES = """Id,Stage,Since
straight,Lead,2026-01-05
straight,MQL,2026-01-12
straight,SQL,2026-01-20
straight,Offer,2026-02-01
straight,Won,2026-02-10
repeated,Lead,2026-01-06
repeated,Lead,2026-01-06
repeated,Lost,2026-01-16
skipped,Lead,2026-01-07
skipped,SQL,2026-01-17
skipped,Lost,2026-02-17
back,Lead,2026-01-08
back,MQL,2026-01-18
back,Lead,2026-01-28
unordered,MQL,2026-01-09
unordered,Lead,2026-01-19
reopened,Lead,2026-01-10
reopened,Lost,2026-01-20
reopened,MQL,2026-06-20
elsewhere,Lead,2026-06-11
elsewhere,Parked,2026-06-12
undated,Lead,
late,Lead,2026-06-15
late,MQL,2026-08-01
unread,Lead,soon
"""
DEALS = """Id,Amount,Who,Region,Created,Reason
straight,100,a,EU,2026-01-01,
repeated,,a,EU,2026-01-01,
skipped,300,,EU,2026-03-01,price
back,100,a,,2026-01-01,
unordered,100,a,EU,2026-01-01,
reopened,100,a,EU,2026-01-01,
elsewhere,100,a,EU,2026-06-01,
undated,100,a,EU,2026-01-01,
late,100,a,EU,2026-06-01,
unread,100,a,EU,2026-01-01,
"""


def checks(folder: Path) -> dict[str, Check]:
    for name, text in (("crm.yaml", CONFIG), ("moves.csv", MOVES), ("deals.csv", DEALS)):
        (folder / name).write_text(text, encoding="utf-8")
    result = analyse(folder, today=date(2026, 7, 1))
    assert result is not None
    return {check.id: check for check in result.checks}


def test_fault_that_is_not_counted_or_without_its_example(tmp_path: Path) -> None:
    found = checks(tmp_path)
    told = {name: (check.n, check.of, check.examples) for name, check in found.items() if check.n}
    assert told == {
        "unmapped_stage": (1, 25, ("elsewhere",)),
        "undated": (2, 25, ("undated", "unread")),
        "duplicate_rows": (1, 25, ()),
        "future_dates": (1, 25, ("late",)),
        "unread_values": (1, 25, ("'soon'",)),
        "missing_amount": (1, 10, ("repeated",)),
        "missing_owner": (1, 10, ("skipped",)),
        "missing_segment": (1, 10, ("back",)),
        "missing_lost_reason": (1, 2, ("repeated",)),
        "close_before_create": (1, 3, ("skipped",)),
        "reopened": (1, 10, ("reopened",)),
        "skipped_stages": (1, 10, ("skipped",)),
        "moves_back": (2, 10, ("back", "unordered")),
        "negative_duration": (1, 10, ("unordered",)),
        "open_past_longest_closed": (3, 5, ("back", "reopened", "unordered")),
    }
    assert found["missing_owner"].value_share == 300 / 1100
    assert [check.id for check in found.values() if check.serious and not check.n] == []
    assert "stalled deals" in found["missing_owner"].weakens
