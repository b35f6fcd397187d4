"""The folder that a consultant starts from."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from gtmdiag.engagement.folder import open_engagement
from gtmdiag.engagement.init import init_engagement
from gtmdiag.engagement.operating_file import read_operating_file
from gtmdiag.engagement.operating_model import OperatingModel
from gtmdiag.engagement.schema import Answers, Client
from gtmdiag.engagement.yamlfile import load_yaml, parse_yaml, validate
from gtmdiag.errors import InputError, UsageError
from gtmdiag.instruments.load import PACKAGED, packaged
from gtmdiag.instruments.operating_check import check_operating_model
from gtmdiag.instruments.operating_rules import kpis_of, operating_rules
from gtmdiag.kpis import read_kpi_data
from scripts.examples import example


def test_new_folder_opens_without_a_word(tmp_path: Path) -> None:
    root = tmp_path / "Acme Corp"
    made = init_engagement(root)
    engagement = open_engagement(root)
    assert (engagement.client.id, engagement.client.name) == ("acme-corp", "Acme Corp")
    assert engagement.warnings == ()
    assert made.left == ()
    assert root / "crm" / "crm.yaml.example" in made.written


def test_second_run_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "client.yaml").write_text("mine", encoding="utf-8")
    first = init_engagement(tmp_path)
    second = init_engagement(tmp_path)
    assert first.left == (tmp_path / "client.yaml",)
    assert (second.written, len(second.left)) == ((), len(first.written) + 1)
    assert (tmp_path / "client.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ['"quoted" \\ & # @CLIENT_ID@', "<script>alert(1)</script>", "👩‍👩‍👧 中 שלום", "no"])
def test_hostile_name_is_written_as_text(tmp_path: Path, name: str) -> None:
    init_engagement(tmp_path, name=name, client_id="012")
    client = open_engagement(tmp_path).client
    assert (client.id, client.name) == ("012", name)


@pytest.mark.parametrize(("name", "client_id"), [("a\nb", "a"), ("a\u202eb", "a"), ("a", "../../x"), ("a", "A")])
def test_name_or_id_that_is_not_allowed_writes_nothing(tmp_path: Path, name: str, client_id: str) -> None:
    with pytest.raises(InputError):
        init_engagement(tmp_path / "new", name=name, client_id=client_id)
    assert not (tmp_path / "new").exists()


def test_file_or_link_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file"):
        init_engagement(tmp_path / "file")
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "answers").symlink_to(tmp_path)
    with pytest.raises(InputError, match="out of the folder"):
        init_engagement(tmp_path / "acme")
    assert not (tmp_path / "acme" / "client.yaml").exists()


def test_every_commented_line_of_the_client_file_is_usable(tmp_path: Path) -> None:
    init_engagement(tmp_path)
    text = (tmp_path / "client.yaml").read_text(encoding="utf-8")
    used = re.sub(r"^# ( *[a-z_]+:)", r"\1", text, flags=re.MULTILINE)
    client = validate(Client, parse_yaml(used, "client.yaml"))
    assert (client.company.headcount, client.anonymity.spread_minimum) == (240, 5)
    assert client.model_fields_set == set(Client.model_fields)


def test_every_commented_entry_of_the_operating_model_is_usable(tmp_path: Path) -> None:
    init_engagement(tmp_path)
    path = tmp_path / "operating_model.yaml"
    used = re.sub(r"^# ( *(?:- )?(?:\{|[a-z0-9_]+:))", r"\1", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(used, encoding="utf-8")
    file = read_operating_file(tmp_path)
    assert file is not None
    assert file.model.model_fields_set == set(OperatingModel.model_fields)
    assert check_operating_model(file, operating_rules(), today=date(2026, 12, 1)) == ()
    adopted = {rule.id for rule in operating_rules().kpis} - {kpi.metric for kpi in file.model.kpis}
    assert set(file.model.adopted) == adopted
    example = read_kpi_data(tmp_path / "kpis.csv.example", kpis_of(file.model, operating_rules()))
    assert example is not None
    assert example.problems == ()


@pytest.mark.parametrize("person", ["ceo", "leader"])
def test_example_asks_every_packaged_question_in_its_wording(tmp_path: Path, person: str) -> None:
    init_engagement(tmp_path)
    path = tmp_path / "answers" / "EXAMPLE" / f"{person}.yaml"
    assert path.read_text(encoding="utf-8") == example(person), "run `make samples`"
    answers = validate(Answers, load_yaml(path, path.name))
    for instrument in map(packaged, PACKAGED):
        given = answers.answers[instrument.id]
        assert given.version == instrument.version
        assert list(given.items) == [item.id for item in instrument.items]
