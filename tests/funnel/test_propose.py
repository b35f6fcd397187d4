from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.errors import InputError, MissingError
from gtmdiag.funnel.analyse import analyse_file
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.dialects import loose, outcome_of
from gtmdiag.funnel.propose import Proposal, propose

TODAY = date(2026, 3, 31)


def _proposed(folder: Path, *lines: str) -> tuple[Proposal, CrmConfig]:
    path = folder / "export.csv"
    path.write_text("\n".join([*lines, ""]))
    proposal = propose(path)
    return proposal, validate(CrmConfig, parse_yaml(proposal.text, "crm.yaml"))


def _columns(config: CrmConfig) -> dict[str, str]:
    return config.columns.model_dump(exclude_none=True)


@pytest.mark.parametrize(
    ("crm", "shape", "header", "row", "expected"),
    [
        (
            "Salesforce, opportunities",
            "snapshot",
            ("Opportunity Name,Stage,Fiscal Period,Amount,Probability (%),Close Date,Created Date,Lead Source,"
            "Opportunity Owner"),
            "Acme,Proposal,Q1-2026,5,50%,13/01/2026,14/01/2026,Web,Zoe",
            {"deal": "Opportunity Name", "closed_at": "Close Date", "source": "Lead Source"},
        ),
        (
            "HubSpot, deals",
            "snapshot",
            "hs_object_id,dealname,dealstage,pipeline,amount,createdate,closedate,hubspot_owner_id,deal_currency_code",
            "1,A,appointmentscheduled,default,5,2026-01-02T10:00:00Z,2026-03-01T10:00:00Z,77,EUR",
            {"deal": "hs_object_id", "stage": "dealstage", "currency": "deal_currency_code"},
        ),
        (
            "Pipedrive, deals",
            "snapshot",
            ("DEAL - id,Deal – Title,deal_value,Deal - Stage,Deal - Status,Deal - Won time,Deal - Lost time,"
            "Deal - Deal created"),
            "1,A,5,Demo,Won,2026-02-01 10:00:00,,2026-01-01 10:00:00",
            {"deal": "DEAL - id", "amount": "deal_value", "status": "Deal - Status", "won_at": "Deal - Won time"},
        ),
        (
            "Zoho CRM, stage history",
            "history",
            "Record Id,Stage,Stage Duration (Calendar Days),Amount,Moved To,Modified Time,Modified By",
            "1,Qualification,5,100,Proposal,2026-01-02 10:00,Zoe",
            {"deal": "Record Id", "stage": "Stage", "entered_at": "Modified Time", "amount": "Amount"},
        ),
        (
            "Dynamics 365, opportunities",
            "snapshot",
            ("(Do Not Modify) Opportunity,Topic,Est. revenue,Est. close date,Actual Close Date,Status,Status Reason,"
            "Pipeline Phase,Owner,Created On"),
            "g1,A,5,2026-03-01,2026-02-01,Won,Won,2-Develop,Zoe,2026-01-01",
            {"amount": "Est. revenue", "stage": "Pipeline Phase", "closed_at": "Actual Close Date", "owner": "Owner"},
        ),
        (
            "",
            "snapshot",
            "Vorgangs-ID;Verkaufsphase;Betrag;Verantwortlicher;Erstellt am;Abschlussdatum;Währung",
            "1;Angebot;5,50;Zoe;31.01.2026;28.02.2026;EUR",
            {"deal": "Vorgangs-ID", "stage": "Verkaufsphase", "amount": "Betrag", "created_at": "Erstellt am"},
        ),
        (
            "",
            "snapshot",
            "ID affaire;Étape;Montant;Propriétaire;Date de création;Date de clôture;Devise",
            "1;Offre;5,50;Zoe;31/01/2026;28/02/2026;EUR",
            {"deal": "ID affaire", "stage": "Étape", "amount": "Montant", "closed_at": "Date de clôture"},
        ),
    ],
)  # fmt: skip
def test_each_export_is_recognised_by_its_columns(
    tmp_path: Path, crm: str, shape: str, header: str, row: str, expected: dict[str, str]
) -> None:
    proposal, config = _proposed(tmp_path, header, row)
    assert (proposal.crm, config.shape) == (crm, shape)
    assert expected.items() <= _columns(config).items()
    assert {mapped.certainty for mapped in proposal.mapping if mapped.role in expected} == {
        "certain" if crm else "likely"
    }


def test_a_column_of_dates_for_each_stage_makes_it_wide(tmp_path: Path) -> None:
    header = 'Record ID,Deal Stage,"Date entered ""Demo Done (Sales)""","Date entered ""Closed Won (Sales)"""'
    header += ",hs_v2_date_entered_late"
    proposal, config = _proposed(tmp_path, header, "1,Demo Done,2026-01-01,,", "2,Closed Won,2026-01-01,2026-01-05,")
    assert config.shape == "wide"
    assert config.stage_columns["Demo Done"] == 'Date entered "Demo Done (Sales)"'
    assert (config.stages, config.won) == (("Demo Done", "late"), ("Closed Won",))
    result = analyse_file(tmp_path / "export.csv", today=TODAY)
    assert (result.outcomes.won.n, result.outcomes.open.n) == (1, 1)
    assert proposal.crm == "HubSpot, deals"


def test_stages_of_several_pipelines_are_never_mixed(tmp_path: Path) -> None:
    header = 'Record ID,"Date entered ""Demo (Sales)""","Date entered ""Demo (Renewals)"""'
    proposal, config = _proposed(tmp_path, header, "1,2026-01-01,", "2,,2026-01-01")
    assert len(config.stage_columns) == 2
    assert [problem.found for problem in proposal.problems if problem.severity == "error"] == ["Renewals, Sales"]


def test_stages_come_in_the_order_in_which_deals_pass_them(tmp_path: Path) -> None:
    lines = ["Deal ID,Stage,Changed at"]
    for deal in range(5):
        order = ["Zulu", "Mike", "Alpha", "Gewonnen"] if deal else ["Zulu", "Alpha", "Mike", "Disqualifiziert"]
        lines += [f"{deal},{stage},2026-01-{day:02}" for day, stage in enumerate(order, 1)]
    _, config = _proposed(tmp_path, lines[0], *reversed(lines[1:]))
    assert config.shape == "history"
    assert config.stages == ("Zulu", "Mike", "Alpha")
    assert (config.won, config.lost) == (("Gewonnen",), ("Disqualifiziert",))


def test_columns_that_tell_won_and_closed_say_more_than_names(tmp_path: Path) -> None:
    lines = ["Id,StageName,IsWon,IsClosed,Probability", "1,Signed off,TRUE,TRUE,100", "2,Parked,FALSE,TRUE,0"]
    _, config = _proposed(tmp_path, *lines, "3,Later,FALSE,FALSE,80", "4,Early,FALSE,FALSE,10")
    assert (config.stages, config.won, config.lost) == (("Early", "Later"), ("Signed off",), ("Parked",))


def test_what_the_export_does_not_decide_is_asked_and_never_guessed(tmp_path: Path) -> None:
    lines = [
        "Deal ID,Stage,Created,Amount,Pipeline",
        '1,Demo,01/02/2026,"1,234",Sales',
        '2,Demo,03/04/2026,"5,678",Renewals',
    ]
    proposal, _ = _proposed(tmp_path, *lines)
    for line in ("# date_order: dmy  # must be set", '# decimal: ","  # must be set', "# pipeline: {column: Pipeline,"):
        assert line in proposal.text
    with pytest.raises(InputError, match="date_order") as caught:
        analyse_file(tmp_path / "export.csv", today=TODAY)
    assert len(caught.value.problems) == 3
    settled = proposal.text + 'date_order: dmy\ndecimal: "."\npipeline: {column: Pipeline, value: Sales}\n'
    result = analyse_file(tmp_path / "export.csv", settled, today=TODAY)
    assert (result.deals, result.outcomes.open.amounts) == (1, (("", 123_400),))


def test_an_export_without_ids_or_stages_is_told(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("Colour,Size\nred,5\n")
    with pytest.raises(InputError, match="looks like the deal") as caught:
        analyse_file(tmp_path / "export.csv", today=TODAY)
    assert "looks like the stage" in str(caught.value)
    with pytest.raises(MissingError):
        analyse_file(tmp_path / "none.csv", today=TODAY)


def test_a_configuration_elsewhere_is_used_for_the_file_that_was_given(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "crm.yaml").write_text(
        "shape: snapshot\nfile: gone.csv\ndeals: more.csv\ncolumns: {deal: Id, stage: S, amount: A}\nstages: [x]\n"
    )
    (tmp_path / "other" / "more.csv").write_text("Id,A\n1,7\n")
    (tmp_path / "export.csv").write_text("Id,S\n1,x\n")
    result = analyse_file(tmp_path / "export.csv", tmp_path / "other" / "crm.yaml", today=TODAY)
    assert result.outcomes.open.amounts == (("", 700),)


def test_totals_and_footers_are_no_deals(tmp_path: Path) -> None:
    footers = ["Subtotal: 2 records,,7", "Grand Total (2),,7", "Confidential Information - Do Not Distribute,,"]
    lines = ["Deal ID,Stage,Amount", "1,Demo,5", "Total Wine,Demo,2", *footers]
    (tmp_path / "export.csv").write_text("\n".join(lines) + "\n")
    result = analyse_file(tmp_path / "export.csv", today=TODAY)
    assert (result.deals, result.outcomes.open.amounts) == (2, (("", 700),))
    assert any("3 lines of totals or footers" in problem.found for problem in result.warnings)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("Closed Won", "won"), ("closedwon", "won"), ("7 - Abgeschlossen & gewonnen", "won"), ("Gagnée", "won"),
        ("Cerrada perdida", "lost"), ("Chiuso perso", "lost"), ("Fechado e perdido", "lost"), ("Verloren", "lost"),
        ("Disqualified", "lost"), ("Not won", None), ("Won or Lost", None), ("Wonderland", None), ("Proposal", None),
    ],
)  # fmt: skip
def test_outcomes_are_known_by_their_words(name: str, outcome: str | None) -> None:
    assert outcome_of(name) == outcome


def test_names_are_compared_loosely() -> None:
    assert loose("CreatedDate") == loose("created_dates") == loose(" Created  Date ") == "created date"
    assert loose("Währung") == "wahrung"
