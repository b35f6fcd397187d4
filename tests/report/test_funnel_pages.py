"""Pages of the funnel: what is wrong with the data comes first, and nothing is told that is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gtmdiag.funnel.checks import Check
from gtmdiag.funnel.stalled import Stalled, StalledDeal, StalledDeals
from gtmdiag.funnel.trust import trust_gate
from gtmdiag.report.blocks import Block, Notice, Prose, Table
from gtmdiag.report.pages.funnel_handoffs import handoff_blocks
from gtmdiag.report.pages.funnel_hygiene import hygiene_blocks
from gtmdiag.report.pages.funnel_method import method_blocks, methods_of
from gtmdiag.report.pages.funnel_stalled import stalled_blocks
from tests.funnel.test_handoffs import DEALS, rows, waits
from tests.report.test_figures import HOSTILE, estimates, funnel, step


def check(name: str, n: int, *, serious: bool = False, value: float | None = 0.0) -> Check:
    return Check(name, name, n, 10_000, "deals", value, ("D-1", HOSTILE), ("trend",), serious, f"Mend {name}.")


def tables(blocks: Sequence[Block]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def notice(blocks: Sequence[Block]) -> Notice:
    (found,) = (block for block in blocks if isinstance(block, Notice))
    return found


def hygiene(checks: list[Check]) -> list[Block]:
    return hygiene_blocks(checks, trust_gate(checks))


def test_fault_that_is_hidden_among_small_ones() -> None:
    blocks = hygiene([check("few", 2), check("none", 0), check("many", 4000, serious=True, value=None)])
    assert isinstance(blocks[0], Notice)
    assert (blocks[0].tone, blocks[0].title) == ("warn", "Faults in the data weaken one result")
    grave, small = tables(blocks)
    assert grave.rows[0][:4] == ("many", "4,000 of 10,000 deals", "40.0%", "–")
    assert small.rows[0][:4] == ("few", "2 of 10,000 deals", "<0.1%", "0.0%")
    assert small.note == "Looked for and not found: none."
    assert any(isinstance(block, Prose) and "Mend many." in block.sentences[0].text for block in blocks)


def test_clean_or_unchecked_data_told_alike() -> None:
    assert notice(hygiene([])).tone == "neutral"
    clean = hygiene([check("none", 0)])
    assert (notice(clean).tone, tables(clean)) == ("good", [])


def stalled(limit: int | None, open_: int, *deals: StalledDeal) -> list[Block]:
    return stalled_blocks(StalledDeals((Stalled(HOSTILE, open_, len(deals), limit, (("EUR", 900),)),), deals, 40))


def test_deal_that_is_listed_without_what_is_needed_to_act_on_it() -> None:
    by_stage, listed = tables(stalled(62, 90, StalledDeal("D-1", "MQL", 100, 62, "", None, "EUR")))
    assert by_stage.rows[0][1:] == ("90", "day 62", "1", "1%", "9 EUR")
    assert listed.rows[0] == ("D-1", "MQL", "nobody", "100", "62", "not known")
    assert listed.title == "The 1 of 40 stalled deals worth the most"


def test_stage_without_a_limit_or_open_deal_posing_as_free_of_stalled_deals() -> None:
    assert notice(stalled(None, 90)).title == "Not enough data to tell stalled deals"
    assert notice(stalled(62, 0)).title == "No deal is open"
    assert notice(stalled(62, 90)).tone == "good"
    assert notice(stalled_blocks(StalledDeals((), (), 0))).tone == "neutral"


def test_handoff_without_its_row_or_told_beyond_the_data() -> None:
    (table,) = tables(handoff_blocks(rows(waits(*DEALS))))
    assert table.rows[0][0] == "MQL→SQL (marketing → sales)"
    assert table.rows[0][3:7] == ("4 business hours", "4 business hours", "60% (50% to 69%)", "20, 20")
    assert table.rows[1][3] == "not told"
    (by_clock,) = tables(handoff_blocks(rows(waits(*DEALS), None)))
    assert by_clock.rows[0][5:7] == ("≥ 0% (0% to 4%)", "20, ≤ 20")
    (few,) = tables(handoff_blocks(rows(waits())))
    assert few.rows[0][3] == "not enough data"
    assert "names no handoffs" in notice(handoff_blocks(())).text


def test_method_that_was_not_used_or_is_left_out() -> None:
    assert method_blocks(methods_of(funnel())) == []
    assert method_blocks(methods_of(replace(funnel(), estimates=estimates()))) == []
    used = methods_of(replace(funnel(), estimates=estimates(step("MQL", 0.22, flagged=True))))
    assert used == {"conversion", "interval", "time", "mean_days", "benchmarks", "multiple", "leaks"}
    (table,) = tables(method_blocks(used))
    assert len(table.rows) == len(used)
    assert all(" Source: " in text for _, text in table.rows)
