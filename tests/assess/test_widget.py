"""The form as a widget: what the kernel keeps, and what the browser keeps until the kernel has confirmed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gtmdiag.assess.page import form_css, form_module
from gtmdiag.assess.widget import AssessmentForm
from gtmdiag.errors import StorageError
from gtmdiag.report.keys import OwnKeys
from tests.assess.filling import Filling, begin, choice, downloaded, only, values

FORM = only("gut_check", 2)
NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
FIRST, SECOND = (item.id for item in FORM.parts[0].items)


def record(value: str, saved_at: str | None = "2026-11-22T10:41:00.000Z", **other: object) -> dict[str, Any]:
    """Return what the form sends."""
    return {
        "schema": "gtmdiag.answers/1", "client": "acme", "wave": "2026-11", "respondent": "jane", "role": "cro",
        "instruments": {}, "answers": {FIRST: {"value": value, "comment": "", "at": saved_at}}, "prediction": None,
        "saved_at": saved_at, "submitted": False, **other,
    }  # fmt: skip


def widget(save: Any) -> AssessmentForm:
    return AssessmentForm(FORM, {}, save, lambda: NOW)


def test_each_change_is_kept_and_confirmed() -> None:
    kept: list[Mapping[str, Any]] = []
    form = widget(kept.append)
    form.answers = record("yes")
    assert kept == [record("yes")]
    confirmed = {"state": "saved", "of": record("yes")["saved_at"], "at": NOW.isoformat(), "detail": "", "cut": False}
    assert form.status == confirmed


def test_a_comment_that_is_cut_is_told() -> None:
    form = widget(lambda answers: None)
    long = {FIRST: {"value": "yes", "comment": "x" * 2_001, "at": None}}
    form.answers = record("yes", answers=long)
    assert (form.status["state"], form.status["cut"]) == ("saved", True)


def test_a_full_disk_is_told_in_plain_words_and_the_next_change_tries_again() -> None:
    kept: list[Mapping[str, Any]] = []

    def save(answers: Mapping[str, Any]) -> None:
        if not kept:
            kept.append({})
            raise StorageError("the disk is full")
        kept.append(answers)

    form = widget(save)
    form.answers = record("yes")
    assert (form.status["state"], form.status["detail"]) == ("failed", "the disk is full")
    form.answers = record("no")
    assert form.status["state"] == "saved"
    assert kept[-1] == record("no")


def test_what_another_session_kept_comes_back_without_being_saved_again() -> None:
    calls: list[Mapping[str, Any]] = []

    def save(answers: Mapping[str, Any]) -> Mapping[str, Any]:
        calls.append(answers)
        return {**answers, "answers": {**answers["answers"], SECOND: {"value": "no", "comment": "", "at": None}}}

    form = widget(save)
    form.answers = record("yes")
    assert form.answers["answers"].keys() == {FIRST, SECOND}
    form.answers = record("no", "2026-11-22T10:43:00.000Z")
    assert len(calls) == 2


# A kernel as the form sees it: a model whose two halves are `traits` here and what the test answers for the kernel.
MODEL = """
const traits = JSON.parse(document.getElementById("traits").textContent), heard = {};
window.sent = [];
window.model = {
  get: (name) => traits[name],
  set: (name, value) => { traits[name] = value; },
  save_changes: () => { sent.push(traits.answers); if (window.alive) confirmed(); },
  on: (event, call) => { heard[event] = call; },
  off: (event) => { delete heard[event]; },
};
window.give = (name, value) => { traits[name] = value; heard[`change:${name}`](); };
window.told = (state, detail, cut = false) => {
  give("status", {state, of: traits.answers.saved_at, at: "2026-11-22T10:42:00Z", detail, cut});
};
window.confirmed = () => told("saved", "");
window.alive = ALIVE;
window.leave = render({model, el: document.getElementById("widget")});
"""


def shown(filling: Filling, context: Any, answers: Mapping[str, Any], *, alive: bool) -> Page:
    traits = json.dumps({"spec": FORM.to_dict(), "answers": answers, "status": {}})
    script = f"{form_module()}\n{MODEL.replace('ALIVE', str(alive).lower())}"
    page_text = (
        f"<!doctype html><html lang=en><title>Notebook</title><style>{form_css()}</style><div id=widget></div>"
        f"<script type=application/json id=traits>{traits}</script><script type=module>{script}</script></html>"
    )
    page = filling.open(FORM, context, page_text)
    page.wait_for_selector(".intro")
    return page


@pytest.mark.needs("chromium")
def test_answers_of_the_widget_are_those_of_the_page(filling: Filling) -> None:
    records = []
    for page in (filling.open(FORM), shown(filling, None, {}, alive=True)):
        begin(page)
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.keyboard.press("0")
        page.keyboard.press("Enter")
        live = page.get_by_role("button", name="Submit").count()
        if live:
            page.get_by_role("button", name="Submit").click()
            records.append(page.evaluate("sent.at(-1)"))
        else:
            records.append(downloaded(page, "Finish and download my answers"))
    page_record, live_record = records
    assert values(live_record) == values(page_record) == {FIRST: "yes", SECOND: "dont_know"}
    assert live_record.keys() == page_record.keys()
    same = ("schema", "client", "wave", "respondent", "role", "instruments", "submitted", "prediction")
    assert {key: live_record[key] for key in same} == {key: page_record[key] for key in same}


@pytest.mark.needs("chromium")
def test_a_dead_kernel_is_told_and_loses_no_answer(filling: Filling) -> None:
    context = filling.profile()
    context.clock.install()
    page = shown(filling, context, {}, alive=False)
    begin(page)
    page.keyboard.press("1")
    context.clock.fast_forward(2_000)
    expect(page.locator(".status")).to_have_text("Saving…")
    context.clock.fast_forward(8_000)
    expect(page.get_by_role("alert")).to_contain_text("has not been confirmed as saved")
    page.close()
    again = shown(filling, context, {}, alive=True)
    assert values(again.evaluate("sent.at(-1)")) == {FIRST: "yes"}
    expect(again.locator(".status")).to_have_text("Saved 10:42")
    assert again.evaluate("localStorage.length") == 0


@pytest.mark.needs("chromium")
def test_confirmed_answers_leave_nothing_in_the_browser_that_could_undo_a_withdrawal(filling: Filling) -> None:
    context = filling.profile()
    page = shown(filling, context, {}, alive=True)
    begin(page)
    page.keyboard.press("1")
    expect(page.locator(".status")).to_have_text("Saved 10:42")
    page.close()
    again = shown(filling, context, {}, alive=True)
    assert again.evaluate("sent.length") == 0
    expect(again.get_by_role("button", name="Begin")).to_be_visible()


@pytest.mark.needs("chromium")
def test_what_the_kernel_refuses_is_told_and_what_it_joins_is_shown(filling: Filling) -> None:
    page = shown(filling, None, record("no"), alive=False)
    page.get_by_role("button", name="Go on").click()
    page.keyboard.press("1")
    page.evaluate("told('failed', 'the disk is <b>full</b>')")
    expect(page.get_by_role("alert")).to_contain_text("could not be saved: the disk is <b>full</b>")
    page.evaluate("told('saved', '', true)")
    expect(page.get_by_text("longer than 2000 characters")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(choice(page, "No")).to_be_checked()
    later = record("yes", "2026-11-22T10:50:00.000Z")
    page.evaluate("answers => give('answers', answers)", later)
    expect(choice(page, "Yes")).to_be_checked()


@pytest.mark.needs("chromium")
def test_an_answer_without_a_time_gives_way_to_one_with(filling: Filling) -> None:
    old = record("no", answers={FIRST: {"value": "no", "comment": "typed in", "at": None}}, saved_at=None)
    page = shown(filling, None, old, alive=True)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Back").click()
    expect(choice(page, "No")).to_be_checked()
    choice(page, "Yes").check()
    sent = page.evaluate("sent.at(-1)")["answers"][FIRST]
    assert (sent["value"], sent["comment"]) == ("yes", "typed in")
    assert sent["at"] is not None


# How JupyterLab decides whether a key is one of its commands: from what has the focus outwards.
LAB = """
window.taken = [];
document.addEventListener("keydown", (event) => {
  for (let one = event.target; one && !one.hasAttribute("data-lm-suppress-shortcuts"); one = one.parentElement) {
    if (one.matches("body :focus")) { taken.push(event.key); event.preventDefault(); return; }
  }
}, true);
"""


@pytest.mark.needs("chromium")
def test_key_in_the_form_or_a_dropdown_that_deletes_the_cell_around_it(filling: Filling) -> None:
    page = shown(filling, None, {}, alive=True)
    page.evaluate(LAB)
    begin(page)
    choice(page, "Yes").focus()
    for key in ("d", "d", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate("taken") == []
    box = "<div class=widget-box><select><option>open<option>sales</select><p id=unseen></p></div><button>Next</button>"
    script = f"{OwnKeys._esm}\n{LAB}\nrender({{el: document.getElementById('unseen')}})"
    page.set_content(f"{box}<script type=module>{script}</script>")
    page.get_by_role("combobox").press("ArrowDown")
    expect(page.locator("option:checked")).to_have_text("sales")
    page.get_by_role("button").press("d")
    assert page.evaluate("taken") == ["d"], "and no key outside it is kept from JupyterLab"
