"""One client's whole diagnosis: what is said, what is not, and whom it never names."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from gtmdiag.engagement.yamlfile import load_yaml
from gtmdiag.errors import InputError, MissingError, UsageError
from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.instruments.load import packaged
from gtmdiag.publish.results import results_json
from tests.conftest import ROOT
from tests.engagements import SAMPLE, TODAY, sample, write

SNAPSHOT = "shape: snapshot\nfile: deals.csv\ncolumns: {deal: Id, stage: Stage}\nstages: [Open]\nwon: [Won]\n"
DATED = SNAPSHOT.replace("stage: Stage", "stage: Stage, created_at: Created")


def test_sample_in_which_the_truth_is_not_found(northlight: Diagnosis) -> None:
    truth = load_yaml(ROOT / "data_samples" / "truth" / "northlight.yaml", "truth").data
    assert northlight.champion_operator
    assert northlight.champion_operator.ceo
    assert northlight.champion_operator.ceo.verdict
    assert northlight.champion_operator.ceo.verdict.id == truth["champion_operator"]["ceo_verdict"] == "operator"
    found = {finding.id: finding for finding in northlight.findings}
    first = northlight.findings[0]
    assert (first.id, first.severity, first.confidence) == ("ownership_altitude.owner", "high", "high")
    name = truth["funnel"]["leak"]
    leak = found[f"funnel.leak.{name}"]
    assert (leak.severity, leak.confidence) == ("high", "medium")
    assert leak.evidence[0].trail.n == truth["funnel"]["stages"][name]["entered"]
    assert "two domains" in found["champion_operator.blind_spots"].claim
    assert found["gut_check.structure"].claim.endswith("best run by one leader.")
    assert (northlight.wave, northlight.respondents) == (truth["wave"], 11)


def test_respondent_named_or_number_without_a_trail_in_the_results(northlight: Diagnosis) -> None:
    text = results_json(northlight).decode()
    people = [path.stem for path in (SAMPLE / "answers" / "2026-10").iterdir()]
    assert len(people) == 11
    assert not {part for person in people for part in person.split("-")} & set(re.findall(r"\w+", text.lower()))
    results = json.loads(text)
    assert results["schema"] == "gtmdiag.results/1"
    sentences = [sentence for finding in results["findings"] for sentence in finding["evidence"]]
    assert len(sentences) > 8
    assert all(sentence["trail"]["rule"] and sentence["trail"]["source"] for sentence in sentences)


def test_respondent_named_by_a_warning(tmp_path: Path) -> None:
    root = sample(tmp_path / "c")
    (file,) = root.glob("answers/*/henrik-aas.yaml")
    file.write_text(file.read_text("utf-8").replace('hash: "', 'hash: "0'), "utf-8")
    diagnosis = diagnose(root, today=TODAY)
    assert any(problem.file == "answers" for problem in diagnosis.warnings)
    assert "henrik" not in results_json(diagnosis).decode().lower()


def test_client_of_whom_nothing_is_known(tmp_path: Path) -> None:
    diagnosis = diagnose(tmp_path, today=TODAY)
    assert (diagnosis.findings, diagnosis.as_of, diagnosis.wave, diagnosis.respondents) == ((), None, "", 0)
    told = " ".join(sentence.text for sentence in diagnosis.missing)
    for what in ("CEO's answers", "Leaders' answers", "gut check", "ownership", "CRM export", "headcount", "structure"):
        assert what in told
    assert all(sentence.trail.inputs for sentence in diagnosis.missing)


@pytest.mark.parametrize(
    ("client", "config", "export", "as_of", "source"),
    [
        ("as_of: 2026-01-31", "as_of: 2026-02-28", "Id,Stage\n1,Won", date(2026, 1, 31), "client.yaml"),
        ("", "as_of: 2026-02-28", "Id,Stage\n1,Won", date(2026, 2, 28), "crm.yaml"),
        ("", "", "Id,Stage,Created\n1,Won,2026-03-31", date(2026, 3, 31), "the last date in the CRM export"),
        ("", "", "Id,Stage\n1,Won", TODAY, "the day of the analysis, since the CRM export has no dates"),
    ],
)
def test_day_of_the_report_taken_from_elsewhere(
    tmp_path: Path, client: str, config: str, export: str, as_of: date, source: str
) -> None:
    head = DATED if "Created" in export else SNAPSHOT
    files = {"client.yaml": f"id: c\nname: C\n{client}", "crm/crm.yaml": head + config, "crm/deals.csv": export}
    diagnosis = diagnose(write(tmp_path, files), today=TODAY)
    assert (diagnosis.as_of, diagnosis.as_of_source) == (as_of, source)


def test_same_folder_that_gives_other_results_on_another_day(northlight: Diagnosis) -> None:
    assert results_json(diagnose(SAMPLE, today=date(2031, 1, 1))) == results_json(northlight)


def test_input_that_cannot_be_used_left_out_in_silence(tmp_path: Path) -> None:
    files = {"client.yaml": "id: c", "answers/w/ann.yaml": "role: boss", "crm/crm.yaml": SNAPSHOT}
    with pytest.raises(InputError) as caught:
        diagnose(write(tmp_path, files), today=TODAY)
    assert {problem.file for problem in caught.value.problems} == {"client.yaml", "answers/w/ann.yaml", "crm/crm.yaml"}
    with pytest.raises(MissingError):
        diagnose(tmp_path / "nowhere", today=TODAY)
    with pytest.raises(UsageError, match="Did you mean '2026-10'"):
        diagnose(SAMPLE, "2026-1", today=TODAY)


def test_client_and_export_that_disagree_without_a_word(tmp_path: Path) -> None:
    files = {
        "client.yaml": "id: c\nname: C\ncurrency: EUR\nas_of: 2026-01-31",
        "crm/crm.yaml": SNAPSHOT + "currency: USD\nas_of: 2026-02-28",
        "crm/deals.csv": "Id,Stage\n1,Won",
    }
    told = [asdict(problem) for problem in diagnose(write(tmp_path, files), today=TODAY).warnings]
    assert [(one["place"], one["found"], one["allowed"]) for one in told if one["file"] == "client.yaml"] == [
        ("as_of", "2026-01-31", "what crm/crm.yaml says: 2026-02-28"),
        ("currency", "EUR", "what crm/crm.yaml says: USD"),
    ]


def test_own_instrument_or_wave_that_is_left_out(tmp_path: Path) -> None:
    item = packaged("gut_check").items[0].id
    early = {"answers/2026-09/ceo.yaml": f'role: ceo\nanswers: {{gut_check: {{items: {{{item}: "yes"}}}}}}'}
    root = write(sample(tmp_path / "c"), early)
    assert diagnose(root, today=TODAY).wave == "2026-10"
    first = diagnose(root, "2026-09", today=TODAY)
    assert (first.wave, first.respondents, first.champion_operator) == ("2026-09", 1, None)
    assert first.gut_check
    assert first.gut_check.side is None
