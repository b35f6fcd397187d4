from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gtmdiag.errors import InputError
from gtmdiag.funnel.analyse import analyse, check
from gtmdiag.funnel.attributes import once_a_deal
from gtmdiag.funnel.config import read_config
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel.source import read_source

TODAY = date(2026, 3, 31)
HISTORY = """
shape: history
file: moves.csv
columns: {deal: Id, stage: Stage, entered_at: Since%s}
stages: [Lead, MQL, SQL]
won: [Won]
lost: [Lost]
"""
SNAPSHOT = """
shape: snapshot
file: deals.csv
columns: {deal: Id, stage: Stage%s}
stages: [Lead, MQL, SQL]
won: [Won]
lost: [Lost]
"""


def _crm(folder: Path, config: str, **files: str) -> Path:
    crm = folder / "crm"
    crm.mkdir()
    (crm / "crm.yaml").write_text(config)
    for name, text in files.items():
        (crm / f"{name}.csv").write_text(text)
    return crm


def _analysed(folder: Path, config: str, **files: str) -> FunnelResult:
    result = analyse(_crm(folder, config, **files), today=TODAY)
    assert result is not None
    return result


def _outcomes(result: FunnelResult) -> tuple[int, int, int]:
    return result.outcomes.won.n, result.outcomes.lost.n, result.outcomes.open.n


def _told(result: FunnelResult) -> str:
    return "\n".join(str(problem) for problem in result.warnings)


def test_no_export_is_no_result_and_no_problem(tmp_path: Path) -> None:
    assert analyse(tmp_path / "crm", today=TODAY) is None
    (tmp_path / "crm").mkdir()
    assert analyse(tmp_path / "crm", today=TODAY) is None
    assert check(tmp_path / "crm", today=TODAY) == []


def test_an_export_without_crm_yaml_is_told_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Id\n1\n")
    (problem,) = check(tmp_path, today=TODAY)
    assert "deals.csv and no crm.yaml" in problem.found
    assert "gtmdiag funnel deals.csv --write crm.yaml" in problem.remedy


def test_problems_of_both_files_and_all_columns_come_at_once(tmp_path: Path) -> None:
    config = HISTORY % ", amount: Amount, owner: Ownr" + "deals: deals.csv\n"
    crm = _crm(tmp_path, config, moves="Id,Stage,Since\n1,Lead,01/02/2026\n", deals='Id,Amount,Owner\n1,"1,234",Zoe\n')
    problems = check(crm, today=TODAY)
    assert [problem.severity for problem in problems] == ["error"] * 3
    text = "\n".join(map(str, problems))
    assert "date_order" in text
    assert "decimal" in text
    assert "column Ownr" in text
    with pytest.raises(InputError, match="date_order"):
        analyse(crm, today=TODAY)


def test_a_deal_won_in_another_table_is_won_whatever_its_stage_rows_say(tmp_path: Path) -> None:
    result = _analysed(
        tmp_path,
        HISTORY % ", won_at: WonOn" + "deals: wins.csv\n",
        moves="Id,Stage,Since\n1,Lead,2026-01-01\n1,SQL,2026-01-09 14:00\n2,Lead,2026-01-02\n3,Lead,2026-01-02\n"
        "3,Lost,2026-02-01\n",
        wins="Id,WonOn\n1,2026-01-09\n2,2026-04-15\n3,2026-01-20\n",
    )
    assert _outcomes(result) == (1, 1, 1)
    assert "1 event after the as-of date" in _told(result)
    assert "1 deal that went from won to lost" in _told(result)
    assert result.stages[2].advanced == 1


def test_a_status_closes_a_deal_that_its_history_leaves_open(tmp_path: Path) -> None:
    result = _analysed(
        tmp_path,
        HISTORY % ", status: State, closed_at: Closed" + "deals: deals.csv\n",
        moves="Id,Stage,Since\n1,Lead,2026-01-01\n2,MQL,2026-01-01\n3,SQL,2026-01-01\n",
        deals="Id,State,Closed\n1,Won,2026-02-01\n2,lost,\n3,Open,2027-01-01\n",
    )
    assert _outcomes(result) == (1, 1, 1)
    assert result.as_of == date(2026, 2, 1)


def test_rows_out_of_order_and_edits_are_no_moves_and_a_reopened_deal_is_open(tmp_path: Path) -> None:
    result = _analysed(
        tmp_path,
        HISTORY % "",
        moves="Id,Stage,Since\n1,MQL,2026-01-05\n1,Lead,2026-01-01\n1,Lead,2026-01-03\n"
        "2,Lost,2026-01-02\n2,Lead,2026-01-01\n2,MQL,2026-01-03\n3,Won,2026-01-01\n3,Lead,2026-01-01\n",
    )
    assert _outcomes(result) == (1, 0, 2)
    assert [(row.entered, row.advanced, row.open) for row in result.stages] == [(3, 3, 0), (2, 0, 2), (0, 0, 0)]
    assert "1 deal that opened again after closing" in _told(result)


def test_a_skipped_stage_is_not_entered_and_a_lost_deal_ends_in_its_furthest_stage(tmp_path: Path) -> None:
    moves = "Id,Stage,Since\n1,Lead,2026-01-01\n1,SQL,2026-01-02\n1,Lead,2026-01-03\n1,Lost,2026-01-04\n"
    result = _analysed(tmp_path, HISTORY % "", moves=moves)
    assert [(row.entered, row.advanced, row.lost) for row in result.stages] == [(1, 1, 0), (0, 0, 0), (1, 0, 1)]


def test_unmapped_stages_are_told_and_their_deals_still_count(tmp_path: Path) -> None:
    moves = "Id,Stage,Since\n1,Demo,2026-01-01\n2,Lead,2026-01-01\n2,Demo,2026-01-02\n"
    result = _analysed(tmp_path, HISTORY % "", moves=moves)
    assert (result.deals, result.unplaced.open.n) == (2, 1)
    assert "'Demo' (2 rows, 2 deals)" in _told(result)


def test_events_after_the_as_of_date_are_not_used_and_counted(tmp_path: Path) -> None:
    moves = "Id,Stage,Since\n1,Lead,2026-01-31 23:59\n1,Won,2026-02-01\n2,Lead,2026-02-02\n"
    result = _analysed(tmp_path, HISTORY % "" + "as_of: 2026-01-31\n", moves=moves)
    assert (result.deals, _outcomes(result), result.as_of_source) == (1, (0, 0, 1), "config")
    assert not result.later_dates
    assert "2 events after the as-of date" in _told(result)
    assert "1 deal that began after the as-of date" in _told(result)


def test_future_dates_do_not_move_the_as_of_date(tmp_path: Path) -> None:
    result = _analysed(tmp_path, HISTORY % "", moves="Id,Stage,Since\n1,Lead,2026-03-30\n2,Lead,2062-01-01\n")
    assert (result.as_of, result.as_of_source, result.deals) == (date(2026, 3, 30), "data", 1)
    assert result.later_dates


def test_expected_close_of_an_open_deal_that_a_later_day_would_believe(tmp_path: Path) -> None:
    deals = "Id,Stage,Made,Close\n1,Lead,2026-03-01,2062-01-01\n2,Won,2026-03-01,2026-03-30\n"
    roles = ", created_at: Made, closed_at: Close"
    result = _analysed(tmp_path, SNAPSHOT % roles, deals=deals)
    assert (result.as_of, result.later_dates) == (date(2026, 3, 30), False)


def test_the_id_column_of_the_second_table_is_found_by_its_values(tmp_path: Path) -> None:
    config = HISTORY.replace("Id,", "DealId,") % ", amount: Amount" + "deals: deals.csv\n"
    moves = "DealId,Stage,Since\nx1,Lead,2026-01-01\nx2,Won,2026-01-01\n"
    result = _analysed(tmp_path, config, moves=moves, deals="Id,Amount\nx1,5\nx2,7\nx3,9\n")
    assert result.outcomes.won.amounts == (("", 700),)
    assert "column Id taken as the deal id" in _told(result)
    assert "no row for 1 of 3 deals, such as 'x3'" in _told(result)


def test_currencies_are_never_added(tmp_path: Path) -> None:
    deals = "Id,Stage,Amount,Cur\n1,Won,5,eur\n2,Won,7.25,USD\n3,Won,1,EUR\n4,Lead,,EUR\n"
    result = _analysed(tmp_path, SNAPSHOT % ", amount: Amount, currency: Cur", deals=deals)
    assert result.to_dict()["outcomes"]["won"] == {"n": 3, "amount": {"EUR": 6, "USD": 7.25}}
    assert "6 EUR and 7.25 USD" in " ".join(sentence.text for sentence in result.sentences)


def test_a_snapshot_with_a_status_tells_the_last_stage_of_lost_deals(tmp_path: Path) -> None:
    deals = "Id,Stage,State\n1,MQL,Lost\n2,SQL,Won\n3,SQL,Open\n"
    result = _analysed(tmp_path, SNAPSHOT % ", status: State", deals=deals)
    assert _outcomes(result) == (1, 1, 1)
    assert [(row.entered, row.lost, row.open) for row in result.stages] == [(None, 0, 0), (None, 1, 0), (None, 0, 1)]
    assert (result.as_of_source, result.later_dates) == ("today", True)
    assert "stage history" in result.cannot[0].text


def test_repeated_and_nameless_rows_are_counted_not_added(tmp_path: Path) -> None:
    deals = "Id,Stage,Amount\n1,Won,5\n1,Won,5\n,Won,10\n2,Lead,\n"
    result = _analysed(tmp_path, SNAPSHOT % ", amount: Amount", deals=deals)
    assert (result.rows, result.deals, result.outcomes.won.amounts) == (4, 2, (("", 500),))
    assert "1 row too many" in _told(result)
    assert "1 row without a deal id" in _told(result)


def test_row_kept_of_several_that_hangs_on_the_run(tmp_path: Path) -> None:
    # Sets of texts have another order in each run; only by crm.yaml's order of columns is the first row the last one.
    columns = ", owner: Who, segment: Region, created_at: Made, lost_reason: Why, source: From"
    deals = "Id,Who,Region,Made,Why,From\nD1,b,A,2026-01-01,x,x\nD1,a,B,2026-01-02,y,y\n"
    moves = "Id,Stage,Since\nD1,Lead,2026-01-01\n"
    crm = _crm(tmp_path, HISTORY % columns + "deals: deals.csv\n", moves=moves, deals=deals)
    config = read_config(crm)
    assert config is not None
    kept = once_a_deal(read_source(crm, config), config).deals
    assert kept is not None
    assert kept[["owner", "segment"]].to_numpy().tolist() == [["b", "A"]]


@pytest.mark.parametrize("stage", ["Lead", "Won", "Lost", "Nowhere", ""])
@pytest.mark.parametrize("config", [HISTORY, SNAPSHOT], ids=["history", "snapshot"])
def test_one_row_is_enough(tmp_path: Path, config: str, stage: str) -> None:
    text = f"Id,Stage,Since\n1,{stage},2026-01-01\n"
    result = _analysed(tmp_path, config % "", moves=text, deals=text)
    assert (result.deals, sum(_outcomes(result))) == (1, 1)
    assert all(sentence.trail.rule for sentence in (*result.sentences, *result.cannot))


def test_hygiene_counts_what_weakens_the_figures(tmp_path: Path) -> None:
    deals = "Id,Stage,Owner,Made,Closed,Why\n1,Lost,,2026-02-01,2026-01-01,\n2,Lead,Zoe,soon,2030-01-01,\n"
    columns = ", owner: Owner, created_at: Made, closed_at: Closed, lost_reason: Why"
    result = _analysed(tmp_path, SNAPSHOT % columns, deals=deals)
    told = _told(result)
    for words in ("1 of 2 deals without an owner", "1 of 1 deals lost without", "1 of 1 deals closed before", "'soon'"):
        assert words in told
    assert result.to_dict()["unread"] == [{"column": "Made", "values": ["soon"], "n": 1}]


WIDE = """
shape: wide
file: deals.csv
columns: {deal: Id%s}
stages: [Lead, MQL, SQL]
won: [Won]
lost: [Lost]
stage_columns: {Lead: L, MQL: M, SQL: S, Won: W, Lost: X}
"""


def test_a_wide_table_gives_what_the_same_history_gives(tmp_path: Path) -> None:
    rows = [("1", "Lead", 1), ("1", "SQL", 9), ("1", "Won", 20), ("2", "Lead", 2), ("2", "MQL", 3), ("2", "Lost", 4)]
    rows += [("3", "MQL", 5)]
    moves = "".join(f"{deal},{stage},2026-01-{day:02}\n" for deal, stage, day in rows)
    dated = {(deal, stage): f"2026-01-{day:02}" for deal, stage, day in rows}
    lines = [
        ",".join([deal, *(dated.get((deal, stage), "") for stage in ("Lead", "MQL", "SQL", "Won", "Lost"))])
        for deal in "123"
    ]
    for name in ("long", "wide"):
        (tmp_path / name).mkdir()
    long = _analysed(tmp_path / "long", HISTORY % "", moves="Id,Stage,Since\n" + moves)
    wide = _analysed(tmp_path / "wide", WIDE % "", deals="\n".join(["Id,L,M,S,W,X", *lines, ""]))
    assert wide.stages == long.stages
    assert wide.to_dict() | {"shape": "", "rows": 0} == long.to_dict() | {"shape": "", "rows": 0}


def test_the_present_stage_of_a_wide_table_has_the_last_word(tmp_path: Path) -> None:
    lines = [
        "1,SQL,,2026-01-01,,,,2026-02-01",  # no date for the present stage
        "2,Won,,2026-01-01,,,,2026-02-01",  # won, told by the stage alone
        "3,MQL,,2026-01-01,,,2026-01-05,",  # lost once, and open again
        "4,Lost,,,2026-01-09,,2026-01-05,2026-01-05",
        "5,,,,,,,",
    ]
    text = "\n".join(["Id,Now,L,M,S,W,X,End", *lines, ""])
    result = _analysed(tmp_path, WIDE % ", stage: Now, closed_at: End", deals=text)
    assert _outcomes(result) == (1, 1, 3)
    assert [(row.entered, row.lost, row.open) for row in result.stages] == [(0, 0, 0), (3, 0, 1), (2, 1, 1)]
    assert "2 deals whose latest date is of another stage, such as '3'" in _told(result)


def test_a_wide_table_takes_what_a_second_table_knows(tmp_path: Path) -> None:
    config = WIDE % ", amount: Amount, won_at: WonOn" + "deals: wins.csv\n"
    result = _analysed(
        tmp_path,
        config,
        deals="Id,L,M,S,W,X\n1,2026-01-01,,,,\n2,2026-01-01,,,,\n",
        wins="Id,Amount,WonOn\n1,7,2026-01-05\n3,9,2026-01-06\n",
    )
    assert (_outcomes(result), result.outcomes.won.amounts) == ((2, 0, 1), (("", 1600),))


COUNTS = "shape: counts\nfile: t.csv\ncolumns: {stage: Stage}\nentered: In\nadvanced: On\nstages: [Lead, MQL, SQL]\n"


def test_counts_give_shares_and_say_what_is_lacking(tmp_path: Path) -> None:
    result = _analysed(tmp_path, COUNTS, t='Stage,In,On\nLead,"1,200",300\nMQL,300,60\nmql,100,40\nDemo,5,5\n')
    assert [(row.entered, row.advanced, row.lost, row.open) for row in result.stages] == [
        (1200, 300, None, None), (400, 100, None, None), (None, None, None, None)]  # fmt: skip
    assert result.stages[1].advanced_share_so_far == 0.25
    assert result.to_dict()["outcomes"]["won"] == {"n": None, "amount": None}
    assert "shares only" in result.cannot[0].text
    for words in ("does not name: 'Demo'", "no row for 'SQL'", "1 row more than stages"):
        assert words in _told(result)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Lead,5,6", "6 advanced of 5"),
        ("Lead,5.5,1", "no number"),
        ("Lead,9,", "no number"),
        ("Lead,-1,0", "no number"),
    ],
)
def test_impossible_counts_are_refused(tmp_path: Path, row: str, told: str) -> None:
    (problem,) = check(_crm(tmp_path, COUNTS, t=f"Stage,In,On\n{row}\nMQL,1,1\n"), today=TODAY)
    assert told in problem.found


def test_currencies_are_converted_only_where_a_rate_is_given(tmp_path: Path) -> None:
    deals = "Id,Stage,Amount,Cur\n1,Won,5,eur\n2,Won,7.25,USD\n3,Won,1,GBP\n4,Won,2,\n"
    config = SNAPSHOT % ", amount: Amount, currency: Cur" + "currency: EUR\nrates: {USD: 0.9}\n"
    result = _analysed(tmp_path, config, deals=deals)
    assert result.outcomes.won.amounts == (("EUR", 1353), ("GBP", 100))
    assert "no rate for GBP; kept apart" in _told(result)


@pytest.mark.parametrize("table", ["file", "deals"])
def test_pipelines_are_never_mixed(tmp_path: Path, table: str) -> None:
    config = (HISTORY if table == "deals" else SNAPSHOT) % "" + ("deals: deals.csv\n" if table == "deals" else "")
    moves = "Id,Stage,Since\n1,Lead,2026-01-01\n2,Lead,2026-01-01\n"
    crm = _crm(tmp_path, config, moves=moves, deals="Id,Stage,Pipeline\n1,Lead,Sales\n2,Won,Renewals\n")
    (problem,) = [problem for problem in check(crm, today=TODAY) if problem.severity == "error"]
    assert "2 pipelines: 'Sales (1 row), Renewals (1 row)'" in problem.found
    (crm / "crm.yaml").write_text(config + "pipeline: {column: Pipeline, value: sales}\n")
    result = analyse(crm, today=TODAY)
    assert result is not None
    assert _outcomes(result) == (0, 0, 1)
    assert "1 row of other pipelines, left out" in _told(result)


def test_lines_of_one_deal_with_different_amounts_are_asked_about(tmp_path: Path) -> None:
    crm = _crm(tmp_path, SNAPSHOT % ", amount: Amount", deals="Id,Stage,Amount\n1,Won,5\n1,Won,7\n2,Won,\n")
    (problem,) = check(crm, today=TODAY)
    assert "1 deal with rows of different amounts, such as '1'" in problem.found
    for answer, cents in (("add", 1200), ("once", 700)):
        (crm / "crm.yaml").write_text(SNAPSHOT % ", amount: Amount" + f"lines: {answer}\n")
        result = analyse(crm, today=TODAY)
        assert result is not None
        assert result.outcomes.won.amounts == (("", cents),)


def test_days_are_those_of_the_clients_clocks_across_a_clock_change(tmp_path: Path) -> None:
    moves = "Id,Stage,Since\n1,Lead,2026-03-27T23:30:00Z\n1,MQL,2026-03-29T22:30:00Z\n"
    result = _analysed(tmp_path, HISTORY % "" + "timezone: Europe/Berlin\n", moves=moves)
    assert result.as_of == date(2026, 3, 30)


def test_many_stages_and_segments_are_no_obstacle(tmp_path: Path) -> None:
    stages = [f"S{number}" for number in range(200)]
    config = SNAPSHOT.replace("[Lead, MQL, SQL]", f"[{', '.join(stages)}]") % ", segment: Seg"
    lines = [f"{number},S{number % 200},seg {number}" for number in range(2_000)]
    result = _analysed(tmp_path, config, deals="\n".join(["Id,Stage,Seg", *lines, ""]))
    assert (len(result.stages), {row.open for row in result.stages}) == (200, {10})
