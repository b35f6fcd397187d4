from __future__ import annotations

from pathlib import Path

import pytest

from gtmdiag.errors import InputError
from gtmdiag.funnel.config import read_config

GOOD = """
shape: history
file: moves.csv
columns: {deal: Id, stage: Stage, entered_at: Since}
stages: [Lead, MQL, SQL]
won: [Closed Won]
lost: [Closed Lost]
roles: {mql: MQL}
"""


def _read(folder: Path, text: str) -> str:
    crm = folder / "crm"
    crm.mkdir()
    (crm / "crm.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        read_config(crm)
    return str(caught.value)


def test_a_folder_without_crm_yaml_has_no_configuration(tmp_path: Path) -> None:
    assert read_config(tmp_path) is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("shape: history", "shape: wide", "a column of dates for each stage"),
        ("shape: history", "shape: counts", "with shape counts, also 'entered' and 'advanced'"),
        ("roles: {mql: MQL}", "stage_columns: {MQL: a}", "Remove them"),
        ("{deal: Id, stage: Stage, entered_at: Since}", "{}", "'deal' and 'stage' and 'entered_at'"),
        ("shape: history", "shape: histori", "Did you mean 'history'"),
        ("file:", "fil:", "Did you mean 'file'"),
        (", entered_at: Since", "", "entered_at"),
        ("lost: [Closed Lost]", "lost: [closed  won]", "also under 'won'"),
        ("roles: {mql: MQL}", "roles: {mql: MLQ}", "role 'mql' names 'MLQ'"),
        ("stages: [Lead, MQL, SQL]", "stages: []", "stages"),
        ("roles: {mql: MQL}", "encoding: utf-9", "an encoding such as"),
        ("roles: {mql: MQL}", "deals_key: Id", "deals: deals.csv"),
        ("roles: {mql: MQL}", "currency: euro", "currency"),
        ("roles: {mql: MQL}", "targets: {MQL->SQL: 40}", "at most 1"),
        ("roles: {mql: MQL}", "targets: {MQL: 0.4}", "two names with an arrow"),
        ("roles: {mql: MQL}", "handoffs: {MQL→SLQ: marketing → sales}", "'SLQ' is none"),
        ("roles: {mql: MQL}", "handoffs: {MQL→SQL: marketing}", "two names with an arrow"),
        ("roles: {mql: MQL}", "rates: {USD: 0.9}", "currency: EUR"),
        ("roles: {mql: MQL}", "timezone: Europe/Berlim", "Europe/Berlin"),
        ("roles: {mql: MQL}", "as_of: 2026-02-30", "as_of"),
    ],
)
def test_each_misfit_is_refused_where_it_stands(tmp_path: Path, old: str, new: str, told: str) -> None:
    message = _read(tmp_path, GOOD.replace(old, new))
    assert told in message
    assert "crm/crm.yaml, line" in message


def test_all_misfits_are_told_at_once(tmp_path: Path) -> None:
    message = _read(tmp_path, GOOD.replace("shape: history", "shape: wides").replace("deal: Id", "dael: Id"))
    assert "Did you mean 'wide'" in message
    assert "Did you mean 'deal'" in message


def test_handoffs_and_targets_are_read_with_either_arrow(tmp_path: Path) -> None:
    (tmp_path / "crm.yaml").write_text(
        GOOD + "targets: {MQL→SQL: 0.4}\nhandoffs:\n  MQL -> SQL: marketing → sales\n"
        "  won→SQL: {from: sales, to: success, sla_hours: 4}\n"
    )
    config = read_config(tmp_path)
    assert config is not None
    assert config.targets == {("MQL", "SQL"): 0.4}
    assert [(step, team.giving, team.taking, team.sla_hours) for step, team in config.handoffs.items()] == [
        (("MQL", "SQL"), "marketing", "sales", None),
        (("won", "SQL"), "sales", "success", 4),
    ]
