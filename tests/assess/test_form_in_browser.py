"""People fill in the one-file form: by mouse, by keyboard, on a phone; interrupted, in two tabs, without storage."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gtmdiag.assess.form import FormSpec
from gtmdiag.instruments.load import PACKAGED
from tests.assess.filling import (
    FINISH,
    JANE,
    PHONE,
    Filling,
    begin,
    choice,
    downloaded,
    first,
    item,
    only,
    questions,
    saved,
    spec,
    values,
)

pytestmark = pytest.mark.needs("chromium")

MODES = ("One question", "A theme a page")
DENIED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
FULL = """Storage.prototype.setItem = function () { throw new DOMException("full", "QuotaExceededError"); };"""


def expected(form: FormSpec) -> dict[str, Any]:
    """Return the answers that the tests give: the options in turn, then "don't know"."""
    given: dict[str, Any] = {}
    for part in form.parts:
        for one in part.items:
            options = [option.value for option in part.scales[one.scale].options]
            given[one.id] = [*options[:9], "dont_know"][len(given) % (min(len(options), 9) + 1)]
    return given


def place(form: FormSpec, item_id: str) -> int:
    """Return which radio button of an item stands for its expected answer."""
    part = next(part for part in form.parts if item_id.startswith(f"{part.id}."))
    scale = next(part.scales[one.scale] for one in part.items if one.id == item_id)
    options = [*(option.value for option in scale.options), "dont_know"]
    return options.index(expected(form)[item_id])


def each(*quick: tuple[str, ...]) -> list[Any]:
    """Return every packaged instrument, in both modes where ``quick`` names modes; all but the quick are proofs."""
    modes = [(mode,) for mode in MODES] if quick and len(quick[0]) > 1 else [()]
    cases = [(name, *mode) for name in PACKAGED for mode in modes]
    return [pytest.param(*case, marks=() if case in quick else pytest.mark.proof, id=" ".join(case)) for case in cases]


@pytest.mark.parametrize(("name", "mode"), each(("gut_check", MODES[0]), ("champion_operator", MODES[1])))
def test_filled_by_mouse_every_answer_is_in_the_file(filling: Filling, name: str, mode: str) -> None:
    form = spec([name])
    page = filling.open(form)
    begin(page)
    page.get_by_text(mode, exact=True).click()
    while questions(page).count():
        for group in questions(page).all():
            group.locator(".choice").nth(place(form, group.get_attribute("data-item") or "")).click()
        page.locator(".steps").get_by_role("button", name=re.compile("Next|Review")).click()
    choice(page, "MQL → SQL").check()
    page.get_by_label("Of 100 that reach this step").fill("18,5")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_text("Every question has an answer.")).to_be_visible()
    record = downloaded(page, FINISH)
    assert values(record) == expected(form)
    assert {key: record[key] for key in ("client", "wave", "respondent", "role", "submitted")} == {
        "client": "acme", "wave": "2026-11", "respondent": "jane", "role": "cro", "submitted": True,
    }  # fmt: skip
    assert record["instruments"] == {part.id: {"version": part.version, "hash": part.hash} for part in form.parts}
    assert (record["prediction"]["stage"], record["prediction"]["rate"]) == ("mql", 18.5)


@pytest.mark.parametrize("name", each(("gut_check",), ("champion_operator",)))
def test_filled_by_the_keyboard_alone_every_answer_is_in_the_file(filling: Filling, name: str) -> None:
    form = spec([name])
    page = filling.open(form)
    keys = page.keyboard
    press_until(page, "Tab", "Begin")
    keys.press("Enter")
    for number, given in enumerate(expected(form).values()):
        assert page.locator(".position").inner_text() == f"Question {number + 1} of {len(expected(form))}"
        at = place(form, item(page))
        if given == "dont_know":
            keys.press("0")
        elif number % 2:
            keys.press(str(at + 1))
        else:
            keys.press("Space")
            for _ in range(at):
                keys.press("ArrowDown")
        keys.press("Enter" if number % 3 else "Alt+ArrowRight")
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("Enter")
    press_until(page, "Tab", FINISH)
    with page.expect_download() as download:
        keys.press("Enter")
    record = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert values(record) == expected(form)
    assert record["prediction"]["stage"] == "sql"


def press_until(page: Page, key: str, name: str) -> None:
    for _ in range(30):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.textContent") == name:
            return
    pytest.fail(f"the keyboard does not reach '{name}'")


def test_keys_go_back_and_leave_a_comment_alone(filling: Filling) -> None:
    page = filling.open(only("champion_operator", 2))
    begin(page)
    one = item(page)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.keyboard.press("9")  # there is no ninth answer
    page.keyboard.press("Alt+ArrowLeft")
    assert item(page) == one
    expect(choice(page, "Rarely")).to_be_checked()
    expect(choice(page, "Rarely")).to_be_focused()
    page.get_by_text("Comment", exact=True).click()
    page.get_by_label("Comment on question 1").press_sequentially("4 of 5\n")
    assert item(page) == one
    expect(choice(page, "Rarely")).to_be_checked()
    expect(page.get_by_label("Comment on question 1")).to_have_value("4 of 5\n")


@pytest.mark.parametrize("name", each(("gut_check",)))
def test_filled_on_a_phone_with_targets_for_fingers_and_nothing_cut_off(filling: Filling, name: str) -> None:
    form = spec([name])
    page = filling.open(form, filling.profile(**PHONE))
    page.get_by_role("button", name="Begin").tap()
    while questions(page).count():
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert too_small(page) == []
        questions(page).first.locator(".choice").nth(place(form, item(page))).tap()
        page.locator(".steps button").last.tap()
    page.get_by_role("button", name="Skip").tap()
    assert values(downloaded(page, FINISH)) == expected(form)
    assert too_small(page) == []


def too_small(page: Page) -> list[str]:
    """Return what can be pressed and is less than 44 pixels in height or width; a radio's target is its label."""
    return page.evaluate("""() => {
        const targets = document.querySelectorAll("button, summary, label:has(input), textarea, input[type=text]");
        return [...targets]
            .filter((one) => one.checkVisibility() && Math.min(one.offsetWidth, one.offsetHeight) < 44)
            .map((one) => `${one.textContent} ${one.offsetWidth}x${one.offsetHeight}`);
    }""")


def test_a_closed_tab_loses_nothing(filling: Filling) -> None:
    context = filling.profile()
    form = only("champion_operator", 3)
    page = filling.open(form, context)
    begin(page)
    page.keyboard.press("1")
    page.get_by_text("Comment", exact=True).click()
    page.get_by_label("Comment on question 1").fill("Rewritten last week")
    page.close()  # at once: typing has not paused yet
    page = filling.open(form, context)
    expect(page.get_by_text("1 of 6 questions has an answer.").first).to_be_visible()
    saved(page)
    page.get_by_role("button", name="Go on where you stopped").click()
    assert page.locator(".position").inner_text() == "Question 2 of 6"
    page.get_by_role("button", name="Back").click()
    expect(choice(page, "Never")).to_be_checked()
    expect(page.get_by_label("Comment on question 1")).to_have_value("Rewritten last week")


def test_another_respondent_wave_client_or_instrument_on_the_same_machine_sees_nothing(filling: Filling) -> None:
    context = filling.profile()
    form = only("gut_check", 3)
    page = filling.open(form, context)
    begin(page)
    page.keyboard.press("1")
    others = [
        replace(form, respondent=replace(JANE, id="joe")),
        replace(form, respondent=replace(JANE, wave="2027-02")),
        replace(form, respondent=replace(JANE, client="zenith")),
        replace(form, parts=(replace(form.parts[0], hash="0" * 64),)),
    ]
    for other in others:
        expect(filling.open(other, context).get_by_role("button", name="Begin")).to_be_visible()


def test_two_tabs_show_the_same_answers_and_tell_it(filling: Filling) -> None:
    context = filling.profile()
    form = only("gut_check", 3)
    one, two = filling.open(form, context), filling.open(form, context)
    begin(one)
    begin(two)
    choice(one, "Yes").check()
    expect(choice(two, "Yes")).to_be_checked()
    expect(two.get_by_text("also open in another tab")).to_be_visible()
    choice(two, "No").check()
    expect(choice(one, "No")).to_be_checked()
    two.get_by_role("button", name="Next").click()
    choice(two, "Yes").check()
    one.get_by_role("button", name="Next").click()
    expect(choice(one, "Yes")).to_be_checked()
    for page in (one, two):
        page.get_by_role("button", name="Next").click()
        page.get_by_role("button", name="Skip").click()
    records = [downloaded(page, FINISH) for page in (one, two)]
    assert values(records[0]) == values(records[1])
    assert list(values(records[0]).values()) == ["no", "yes"]


def test_answers_of_two_tabs_that_heard_nothing_of_each_other_are_joined(filling: Filling) -> None:
    deaf = (
        "addEventListener = ((add) => (name, ...rest) => name === 'storage' || add(name, ...rest))(addEventListener);"
    )
    context = filling.profile()
    context.add_init_script(deaf)
    form = only("gut_check", 2)
    one, two = filling.open(form, context), filling.open(form, context)
    begin(one)
    choice(one, "Yes").check()
    begin(two)
    two.get_by_role("button", name="Skip").click()
    choice(two, "No").check()
    two.get_by_role("button", name="Review").click()
    assert values(downloaded(two, FINISH)) == {
        "gut_check.roadmap.centralize": "yes",
        "gut_check.market_maker.centralize": "no",
    }


@pytest.mark.parametrize(
    ("script", "told"), [(DENIED, "does not let the page keep your answers"), (FULL, "storage is full")]
)
def test_without_storage_the_person_is_told_and_the_answers_still_leave(
    filling: Filling, script: str, told: str
) -> None:
    context = filling.profile()
    context.add_init_script(script)
    page = filling.open(only("gut_check", 1), context)
    expect(page.get_by_role("alert")).to_contain_text(told)
    begin(page)
    page.keyboard.press("1")
    expect(page.locator(".status")).to_have_text("Not saved")
    with page.expect_download() as download:
        page.get_by_role("alert").get_by_role("button", name="Download my answers").click()
    assert list(values(json.loads(Path(download.value.path()).read_text("utf-8"))).values()) == ["yes"]


def test_storage_that_cannot_be_read_is_set_aside_and_told(filling: Filling) -> None:
    context = filling.profile()
    form = only("gut_check", 2)
    page = filling.open(form, context)
    begin(page)
    page.keyboard.press("1")
    page.evaluate("for (const key of Object.keys(localStorage)) localStorage.setItem(key, '{broken');")
    page.close()
    page = filling.open(form, context)
    expect(page.get_by_role("alert")).to_contain_text("could not be read")
    assert page.evaluate("Object.entries(localStorage).map(([key, text]) => [key.endsWith(' damaged'), text])") == [
        [True, "{broken"]
    ]


def test_what_is_skipped_unknown_or_cleared_is_told_before_the_end(filling: Filling) -> None:
    page = filling.open(first(["champion_operator"], 2))
    begin(page)
    page.get_by_role("button", name="Skip").click()
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    page.keyboard.press("3")
    page.get_by_role("button", name="Clear this answer").click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)  # the page's mode
    page.get_by_role("button", name="Skip").click()
    page.keyboard.press("5")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Of 100 that reach this step").fill("180")
    expect(page.get_by_text("Write a number from 0 to 100.")).to_be_visible()
    page.get_by_label("Of 100 that reach this step").fill("")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_text("2 questions are without an answer.")).to_be_visible()
    expect(page.get_by_text("One answer is “don't know”.")).to_be_visible()
    expect(page.get_by_text("You have not guessed")).to_be_visible()
    page.get_by_role("list", name="Without an answer").get_by_role("button").first.click()
    assert page.locator(".position").inner_text() == "Question 1 of 4"
    page.keyboard.press("2")
    for _ in range(4):
        page.locator(".steps button").last.click()
    page.locator(".steps button").last.click()
    record = downloaded(page, FINISH)
    assert list(values(record).values()) == ["dont_know", None, 5, 2]


def test_a_change_after_the_end_takes_the_word_done_back(filling: Filling) -> None:
    page = filling.open(only("gut_check", 1))
    begin(page)
    page.keyboard.press("1")
    page.get_by_role("button", name="Review").click()
    assert downloaded(page, FINISH)["submitted"] is True
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Back").click()
    page.keyboard.press("2")
    page.get_by_role("button", name="Review").click()
    page.reload()
    page.get_by_role("button", name="Go on").click()
    assert downloaded(page, FINISH)["submitted"] is True


def test_copied_answers_are_those_of_the_file(filling: Filling) -> None:
    page = filling.open(only("gut_check", 1), filling.profile(permissions=["clipboard-read", "clipboard-write"]))
    begin(page)
    page.keyboard.press("1")
    page.get_by_role("button", name="Review").click()
    record = downloaded(page, FINISH)
    page.get_by_role("button", name="Copy my answers").click()
    expect(page.get_by_text("on the clipboard")).to_be_visible()
    assert json.loads(page.evaluate("navigator.clipboard.readText()")) == record


def test_answers_can_be_copied_by_hand_where_the_clipboard_is_closed(filling: Filling) -> None:
    context = filling.profile()
    context.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error());")
    page = filling.open(only("gut_check", 1), context)
    begin(page)
    page.keyboard.press("1")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Copy my answers").click()
    assert list(values(json.loads(page.get_by_label("Your answers as text").input_value())).values()) == ["yes"]


def test_erased_answers_are_gone_in_every_tab(filling: Filling) -> None:
    context = filling.profile()
    form = only("gut_check", 1)
    page, other = filling.open(form, context), filling.open(form, context)
    begin(page)
    page.keyboard.press("1")
    page.get_by_role("button", name="Review").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Erase my answers").click()
    for one in (page, other):
        expect(one.get_by_text("are erased from this browser")).to_be_visible()
        expect(one.get_by_role("button", name="Begin")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
