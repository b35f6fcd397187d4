"""The form as one file: what is left out so that every mail passes it on."""

from __future__ import annotations

from pathlib import Path

from gtmdiag.assess.mailed import PAGE_BYTES, Mailed, mailed_form
from gtmdiag.instruments.load import PACKAGED
from tests.assess.answering import client

OWN = """schema: gtmdiag.instrument/1
id: enablement
version: "1"
title: Enablement
source: suite
asked_of: [sales]
scales:
  seen: {kind: choice, options: [{value: "yes", label: "Yes"}, {value: "no", label: "No"}]}
domains: [{id: training, label: Training}]
items:
"""


def engagement(root: Path, questions: int) -> Path:
    """Return a client with an instrument for sales of so many long questions."""
    words = "Is the training of new people in sales held as it was agreed in the plan of the year before? " * 3
    items = "".join(
        f"  - {{id: enablement.training.n{n}, scale: seen, self: '{words} {n}', source: suite}}\n"
        for n in range(questions)
    )
    (client(root) / "instruments").mkdir()
    (root / "instruments" / "enablement.yaml").write_text(OWN + items, "utf-8")
    return root


def made(root: Path, role: str, *instruments: str) -> Mailed:
    return mailed_form(root, "jane", role, wave="2026-11", instruments=instruments)


def asked(form: Mailed) -> set[str]:
    return {part.id for part in form.session.spec.parts}


def test_page_that_grows_with_what_is_meant_for_others_or_lacks_what_is_meant_for_the_person(tmp_path: Path) -> None:
    root = engagement(tmp_path, 60)
    ceo, cro = made(root, "ceo"), made(root, "cro")
    assert "enablement" in ceo.left_out
    assert asked(ceo) | set(ceo.left_out) == {*PACKAGED, "enablement"}
    assert asked(ceo) == {"champion_operator", "gut_check", "ownership_altitude", "operating_model"} & set(PACKAGED)
    assert cro.left_out == ()
    assert "enablement" in asked(cro)
    assert cro.heavy
    assert len(cro.page) > len(ceo.page)


def test_instrument_left_out_though_it_fits_or_was_asked_for(tmp_path: Path) -> None:
    root = engagement(tmp_path, 1)
    small = made(root, "ceo", "enablement", "gut_check")
    assert asked(small) == {"enablement", "gut_check"}
    assert len(small.page) <= PAGE_BYTES
    whole = made(root, "ceo", *PACKAGED, "enablement")
    assert asked(whole) == {*PACKAGED, "enablement"}
