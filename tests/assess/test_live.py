"""Live tools: what a consultant sees move, what a respondent never sees, what is written, what reports show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gtmdiag.assess import explore
from gtmdiag.assess.agreed_map import agreed_of, answers_of
from gtmdiag.assess.beside import desk, with_result
from gtmdiag.assess.invited import Invitation, invite
from gtmdiag.assess.live import Live
from gtmdiag.assess.session import environment, open_form, open_session
from gtmdiag.assess.store import load
from gtmdiag.assess.widget import AssessmentForm
from gtmdiag.engagement.agreed import client_text, save_agreed
from gtmdiag.engagement.schema import Agreed, Rights
from gtmdiag.errors import InputError
from gtmdiag.instruments.load import packaged
from gtmdiag.report.blocks import MIME, block_from_dict
from gtmdiag.report.outputs import read_cell
from gtmdiag.report.session import SESSION
from tests.assess.answering import MAKER, ROADMAP, at, form
from tests.engagements import files_in, sample

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample(tmp_path / "northlight")


def opened(live: Live, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the widget that somebody who has the notebook open sees."""
    monkeypatch.setenv(SESSION, "explore.ipynb")
    assert WIDGET in live._repr_mimebundle_()
    return live.build()


def widgets(box: Any, kind: str) -> list[Any]:
    found = [box] if type(box).__name__ == kind else []
    return found + [one for child in getattr(box, "children", ()) for one in widgets(child, kind)]


def shown(box: Any) -> str:
    return " ".join(one.value for one in widgets(box, "HTML"))


@pytest.mark.parametrize("tool", ["gut_check", "altitude_map", "form"])
def test_report_with_a_broken_widget_in_place_of_a_block(
    root: Path, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    live = open_form(str(root)) if tool == "form" else getattr(explore, tool)(str(root))
    assert isinstance(live, Live)
    monkeypatch.delenv(SESSION, raising=False)
    made = live._repr_mimebundle_()
    assert WIDGET not in made
    monkeypatch.setenv(SESSION, "explore.ipynb")
    for data in (made, live._repr_mimebundle_()):
        cell = {"cell_type": "code", "metadata": {}, "outputs": [{"output_type": "display_data", "data": data}]}
        assert block_from_dict(json.loads(json.dumps(data[MIME]))) == live.block
        read = read_cell(cell, "cell 1")
        assert read.nodes
        assert read.warnings == ()


def test_result_beside_the_form_that_does_not_follow_the_answers(root: Path) -> None:
    box = with_result(open_session(root, "ann", "cro", wave="2027-01"))
    (live,) = widgets(box, "AssessmentForm")
    assert "0 of 5" in shown(box)
    answers = {ROADMAP: "yes", MAKER: "yes"}
    role = {item.id: 5 for item in packaged("champion_operator").items if item.scale == "frequency"}
    live.answers = form({**answers, **role}, respondent="ann", role="cro", wave="2027-01", client="northlight")
    assert live.status["state"] == "saved"
    text = shown(box)
    assert "go-to-market: one leader" in text
    assert "2 of 5" in text
    assert "Leaders (n = 1)" in text or "data:image/svg+xml" in text
    before = shown(box)
    live.answers = form({**answers, **role, ROADMAP: {"value": "no", "comment": "", "at": at(-5)}}, minutes=-5,
                        respondent="ann", role="cro", wave="2027-01", client="northlight")  # fmt: skip
    assert "1 of 5" in shown(box) != before


def test_answers_on_operating_and_marketing_that_move_nothing_beside_the_form(root: Path) -> None:
    asked = ["operating_model", "marketing"]
    who: dict[str, Any] = {"respondent": "mo", "role": "cmo", "wave": "2027-01", "client": "northlight"}
    box = with_result(open_session(root, "mo", "cmo", wave="2027-01", instruments=asked))
    (live,) = widgets(box, "AssessmentForm")
    assert shown(box).count("Nothing is answered yet.") == 2
    operating = {"operating_model.ownership_map.claimed": 3, "operating_model.renewal.accountable": "all"}
    pillars = {item.id: 1 for item in packaged("marketing").items if item.scale == "agreement"}
    live.answers = form({**operating, **pillars, "marketing.real_time_data.gap": "no"}, **who)
    text = shown(box)
    assert "More is claimed than shown: ownership map." in text
    assert "0 of 1" in text, "all together is nobody"
    assert "weak in" in text
    assert "Missing" in text
    assert text.index("More is claimed") < text.index("weak in"), "both were answered, in the form's order"
    live.answers = form({**operating, **dict.fromkeys(pillars, 5), "operating_model.renewal.accountable": "sales"},
                        minutes=-5, **who)  # fmt: skip
    assert "no weak pillar" in shown(box)
    live.answers = form({**operating, **pillars, "operating_model.renewal.accountable": "sales"},
                        minutes=-1, **who)  # fmt: skip
    text = shown(box)
    assert text.index("weak in") < text.index("More is claimed"), "what moved is seen first"
    assert "1 of 1" in shown(box)


def test_respondent_who_sees_the_result(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session(root, "ann", "cro", wave="2027-01")
    for name, value in environment(session).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(SESSION, "assessment.ipynb")
    assert isinstance(open_form("nowhere"), AssessmentForm)


def test_person_whom_a_consultant_cannot_open_or_who_is_opened_unasked(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite(root, "2027-01", "ann", Invitation(role="cro", instruments=["gut_check"]))
    before = files_in(root)
    box = opened(desk(str(root)), monkeypatch)
    (who,) = widgets(box, "Dropdown")
    assert who.options == (("–", ""), ("ann (cro)", "ann"))
    assert widgets(box, "AssessmentForm") == []
    who.value = "ann"
    (live,) = widgets(box, "AssessmentForm")
    assert [part["id"] for part in live.spec["instruments"]] == ["gut_check"], "what the person was asked"
    assert files_in(root) == before
    live.answers = form({ROADMAP: "yes"}, respondent="ann", role="cro", wave="2027-01", client="northlight")
    stored = load(root, "2027-01", "ann")
    assert stored is not None
    assert stored.answers["gut_check"].items == {ROADMAP: "yes"}
    who.value = ""
    assert widgets(box, "AssessmentForm") == []


def test_person_who_vanishes_from_the_choice_without_a_word(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "answers" / "2026-10" / "ida-holm.yaml").write_text("role: [broken\n", "utf-8")
    box = opened(desk(str(root)), monkeypatch)
    (who,) = widgets(box, "Dropdown")
    assert "ida-holm" not in dict(who.options).values()
    assert "answers/2026-10/ida-holm.yaml cannot be used" in shown(box)


def test_flipped_answer_that_leaves_verdict_and_margin(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files_in(root)
    box = opened(explore.gut_check(str(root)), monkeypatch)
    choices = widgets(box, "Dropdown")
    assert len(choices) == 5
    for one, value in zip(choices, ["yes", "yes", "no", "no", "no"], strict=True):
        one.value = value
    assert "Nil" in shown(box)
    assert "One other answer flips it: multi-year roadmap and market-maker" in shown(box)
    choices[0].value = "no"
    assert "several leaders" in shown(box)
    for one in choices:
        one.value = ""
    assert "go-to-market: open" in shown(box)
    assert files_in(root) == before


def test_map_that_is_written_unasked_or_loses_a_line_of_client_yaml(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_in(root)
    box = opened(explore.altitude_map(str(root)), monkeypatch)
    choices = {one.description: one for one in widgets(box, "Dropdown")}
    assert len(choices) == 17
    start = shown(box)
    choices["Market thesis: decides"].value = "marketing"
    assert shown(box) != start
    assert files_in(root) == before, "nothing is written until told"
    keep, copy = widgets(box, "Button")
    copy.click()
    assert (root / "client.yaml").read_bytes() == before["client.yaml"]
    assert "client-edited.yaml" in files_in(root)
    keep.click()
    assert "Saved in client.yaml" in shown(box)
    text = (root / "client.yaml").read_text("utf-8")
    assert text.startswith(before["client.yaml"].decode().rstrip())
    assert files_in(root)[".history/client.yaml.1"] == before["client.yaml"]
    again = {one.description: one.value for one in widgets(explore.altitude_map(str(root)).build(), "Dropdown")}
    assert again == {name: one.value for name, one in choices.items()}
    keep.click()
    (root / "client.yaml").write_text(text + "# a remark\n", "utf-8")
    keep.click()
    assert "changed since the editor was opened" in shown(box)
    assert (root / "client.yaml").read_text("utf-8").endswith("# a remark\n")


def test_agreed_map_written_into_a_client_yaml_of_another_hand(root: Path) -> None:
    path = root / "client.yaml"
    agreed = Agreed(owner="ceo_in_name", decisions={"handoff_model": Rights(designs="council")})
    head = path.read_text("utf-8")
    path.write_text(f"agreed_ownership:\n  owner: null\n\n  # why\n  decisions: {{}}\n{head}", "utf-8")
    save_agreed(root, agreed, opened=client_text(root), copy=False)
    assert path.read_text("utf-8").startswith(head)
    once = path.read_bytes()
    save_agreed(root, agreed, opened=client_text(root), copy=False)
    assert path.read_bytes() == once
    path.write_text(f"{head}\nagreed_ownership: {{\nowner: null\n}}\n", "utf-8")
    odd = path.read_bytes()
    with pytest.raises(InputError):
        save_agreed(root, agreed, opened=client_text(root), copy=False)
    assert path.read_bytes() == odd


def test_agreed_answer_that_the_instrument_does_not_know() -> None:
    instrument = packaged("ownership_altitude")
    agreed = Agreed(
        owner="the dog", decisions={"gone": Rights(designs="council"), "motion_channels": Rights(decides="business")}
    )
    known = answers_of(instrument, agreed)
    assert known == {"ownership_altitude.motion_channels.decides": "business"}
    assert answers_of(instrument, agreed_of(instrument, known)) == known
