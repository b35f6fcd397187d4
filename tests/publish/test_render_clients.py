"""Whole renders of clients of two kinds: one whose every word is an attack, and those of real CRM exports."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from gtmdiag.publish.render import Rendered
from tests.conftest import ROOT
from tests.engagements import rendered, write
from tests.instruments.small import SMALL

TAG = "<script>alert(1)</script></style><img src=x onerror=alert(2)>"
NAME = f"{TAG} =cmd() ../../x A_$\\frac{{$ #set page {{{{7*7}}}} {{x}} %s 'q' \"d\" & \\ שלום عربي 客户 🎉"
STAGES = ("<b onclick=alert(3)>", '=HYPERLINK("http://x.invalid")', "A_$\\frac{$ #let x = 1", "مرحلة")
OWNER = '@#read("/etc/passwd") $x$ *b* _i_ `c` 🎉'


def yaml(value: object) -> str:
    """Return a value as JSON, which is YAML too."""
    return json.dumps(value, ensure_ascii=False)


def attacking(root: Path) -> Path:
    """Write a client whose name, stages, owners, columns and own questions are attacks; its export has a BOM and ;."""
    quoted = {text: text.replace('"', '""') for text in (*STAGES, OWNER)}
    rows = ["\ufeffDeal <i>;Stage $x$;When #1;Value;Who;Money"]
    for deal in range(60):
        passed = (STAGES[0], "Lost") if deal < 50 else (*STAGES, "Won")[: 1 + deal % 5]
        for step, stage in enumerate(passed, start=1):
            name = quoted.get(stage, stage)
            rows.append(f'D{deal};"{name}";2026-0{step}-11;{deal}00;"{quoted[OWNER]}";<u>')
    config: dict[str, Any] = {
        "shape": "history",
        "file": "deals.csv",
        "columns": {
            "deal": "Deal <i>",
            "stage": "Stage $x$",
            "entered_at": "When #1",
            "amount": "Value",
            "owner": "Who",
            "currency": "Money",
        },
        "stages": STAGES,
        "won": ["Won"],
        "lost": ["Lost"],
        "roles": {"mql": STAGES[0], "sql": STAGES[1]},
    }
    scored = '\nanswers:\n  own: {items: {"own.first.good": 3, "own.second.good": 2, "own.first.bad": 1}}\n'
    instrument = SMALL.replace("A small instrument", yaml(NAME)).replace("label: Good", f"label: {yaml(TAG)}")
    people = {
        f"answers/w/p-{n}.yaml": f"role: {role}{scored}" for n, role in enumerate(("ceo", "cmo", "revops", "cpo"))
    }
    client = {"id": "x", "name": NAME, "confidentiality": NAME, "as_of": "2026-06-30"}
    return write(
        root,
        {
            "client.yaml": yaml(client),
            "crm/crm.yaml": yaml(config),
            "crm/deals.csv": "\r\n".join(rows),
            "instruments/own.yaml": instrument,
            **people,
        },
    )


@dataclass(frozen=True)
class Made:
    """A render, with its formats read."""

    root: Path
    done: Rendered
    page: BeautifulSoup
    results: dict[str, Any]

    @property
    def text(self) -> str:
        return " ".join(self.page.get_text(" ").split())


def made(root: Path, *formats: str) -> Made:
    done = rendered(root, "client_report", *formats)
    folder = done.outputs[0].parent
    page = BeautifulSoup((folder / "report.html").read_text("utf-8"), "html.parser")
    return Made(root, done, page, json.loads((folder / "results.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(attacking(tmp_path_factory.mktemp("attack") / "client"), "html", "pdf")


def test_text_of_a_client_that_becomes_markup(attack: Made) -> None:
    page = attack.page
    assert not page.find_all(["script", "iframe", "object", "form", "b", "i", "u"])
    assert [tag.name for tag in page.find_all(lambda tag: any(name.startswith("on") for name in tag.attrs))] == []
    assert all(str(image["src"]).startswith("data:image/") for image in page.find_all("img"))
    assert len(page.find_all("style")) == 1
    assert page.title is not None
    assert NAME in " ".join(page.title.get_text().split())


def test_text_of_a_client_that_is_changed_or_lost(attack: Made) -> None:
    for text in (NAME, TAG, *STAGES):
        assert " ".join(text.split()) in attack.text, text
    assert attack.results["client"]["name"] == NAME
    assert [row["stage"] for row in attack.results["funnel"]["stages"]] == list(STAGES)
    assert STAGES[0] in attack.results["findings"][0]["claim"]


def test_text_of_a_client_that_typst_runs(attack: Made) -> None:
    reader = PdfReader(attack.done.outputs[2])
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    for told in (TAG, "=cmd()../../xA_$\\frac{$#setpage{{7*7}}{x}%s'q'\"d\"&\\", *STAGES[:3]):
        assert "".join(told.split()) in text, told
    assert any("U+1F389" in warning for warning in attack.done.warnings)


def test_file_of_an_attacking_client_outside_its_folder(attack: Made) -> None:
    assert [path.name for path in attack.root.parent.iterdir()] == ["client"]
    assert sorted(path.name for path in attack.root.iterdir()) == [
        "answers",
        "client.yaml",
        "crm",
        "instruments",
        "reports",
    ]


def real(root: Path, config: str, *exports: Path) -> Made:
    """Render a client of whom nothing but a real export is known."""
    root.joinpath("crm").mkdir(parents=True)
    shutil.copyfile(ROOT / "tests" / "funnel" / "real" / config, root / "crm" / "crm.yaml")
    for export in exports:
        shutil.copyfile(export, root / "crm" / export.name)
    return made(root)


def test_salesforce_export_whose_report_has_other_figures_than_its_notes(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "salesforce_devorg"
    report = real(
        tmp_path / "c", "salesforce_history.yaml", folder / "Opportunity.csv", folder / "OpportunityHistory.csv"
    )
    told = {name: report.results["funnel"]["outcomes"][name] for name in ("won", "lost", "open")}
    assert {name: (one["n"], one["amounts"]) for name, one in told.items()} == {
        "won": (12, [["USD", 281_500_000]]),
        "lost": (8, [["USD", 83_000_000]]),
        "open": (16, [["USD", 211_500_000]]),
    }
    for row in ("Won 12 2,815,000 USD", "Lost 8 830,000 USD", "Open 16 2,115,000 USD"):
        assert row in report.text


def test_maven_export_whose_report_has_other_figures_than_its_notes(real_data: Path, tmp_path: Path) -> None:
    report = real(tmp_path / "c", "maven_snapshot.yaml", real_data / "maven_crm" / "sales_pipeline.csv")
    funnel = report.results["funnel"]
    assert (funnel["outcomes"]["won"]["n"], funnel["outcomes"]["won"]["amounts"]) == (4238, [["", 1_000_553_400]])
    assert (funnel["outcomes"]["lost"]["n"], funnel["outcomes"]["open"]["n"]) == (2473, 2089)
    assert {row["stage"]: row["open"] for row in funnel["stages"]} == {"Prospecting": 500, "Engaging": 1589}
    assert round(funnel["win_rate_of_closed"], 5) == 0.63150
    for row in ("Won 4,238 10,005,534", "Lost 2,473", "Prospecting 500", "Engaging 1,589", "8,800 deals"):
        assert row in report.text
