"""What the one-file form shows: hostile and long texts, other languages, in good time, to every reader."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gtmdiag.assess.form import FormSpec
from tests.assess.filling import (
    FINISH,
    JANE,
    PHONE,
    Filling,
    begin,
    downloaded,
    first,
    item,
    only,
    spec,
)

pytestmark = pytest.mark.needs("chromium")

SNAPSHOT = Path(__file__).with_name("snapshots") / "form.aria.yaml"
HOSTILE = "<img src=x onerror=alert(1)></script><b>&lt; =1+1 \u202e\u05e9\u05dc\u05d5\u05dd 🎉 {{ 7*7 }} {n} `${1}`"


def hostile() -> FormSpec:
    form = only("champion_operator", 1)
    part = form.parts[0]
    items = tuple(replace(one, text=HOSTILE) for one in part.domains[0].items)
    scale = part.scales["frequency"]
    options = tuple(replace(option, label=HOSTILE * 20) for option in scale.options)
    worse = replace(
        part, title=HOSTILE, question=HOSTILE, premise="x" * 2000, domains=(replace(part.domains[0], items=items),),
        scales={"frequency": replace(scale, prompt=HOSTILE, options=options)},
    )  # fmt: skip
    who = replace(JANE, client_name=HOSTILE)
    stages = tuple(replace(stage, label=HOSTILE) for stage in spec().stages)
    return replace(form, respondent=who, parts=(worse,), notices=(HOSTILE,), stages=stages)


def test_hostile_texts_are_shown_as_texts_and_break_nothing(filling: Filling) -> None:
    page = filling.open(hostile(), filling.profile(**PHONE))
    for _ in range(5):
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.locator("main img, main b, main script").count() == 0
        page.locator("button.primary:visible, .steps button:visible").last.click()
    page.get_by_role("button", name="Back").click()
    assert page.locator("bdi", has_text=HOSTILE).count() or page.locator(".choice", has_text=HOSTILE).count()


def test_a_megabyte_of_comment_is_cut_where_it_is_typed_and_told(filling: Filling) -> None:
    page = filling.open(only("gut_check", 1))
    begin(page)
    page.get_by_text("Comment", exact=True).click()
    area = page.get_by_label("Comment on question 1")
    expect(page.get_by_text("at most 2000 characters")).to_be_visible()
    page.evaluate("text => { window.long = text; }", "=1+1 <b> " * 120_000)
    area.focus()
    page.evaluate("document.execCommand('insertText', false, window.long)")
    page.get_by_role("button", name="Skip").click()
    comments = [one["comment"] for one in downloaded(page, FINISH)["answers"].values()]
    assert comments == [("=1+1 <b> " * 120_000)[:2000]]


def test_a_megabyte_that_another_host_kept_harms_nothing(filling: Filling) -> None:
    form = only("gut_check", 1)
    context = filling.profile()
    page = filling.open(form, context)
    begin(page)
    page.keyboard.press("1")
    page.evaluate("""for (const [key, text] of Object.entries(localStorage)) {
        const record = JSON.parse(text);
        for (const entry of Object.values(record.answers)) entry.comment = "<script>" .repeat(125_000);
        localStorage.setItem(key, JSON.stringify(record));
    }""")
    page.close()
    page = filling.open(form, context)
    page.get_by_role("button", name="Go on").click()
    assert len(next(iter(downloaded(page, FINISH)["answers"].values()))["comment"]) == 1_000_000


def test_a_form_from_right_to_left_turns_its_keys_with_it(filling: Filling) -> None:
    page = filling.open(replace(only("champion_operator", 1), direction="rtl"), filling.profile(**PHONE))
    begin(page)
    one = item(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.keyboard.press("Alt+ArrowLeft")
    assert item(page) != one
    page.keyboard.press("Alt+ArrowRight")
    assert item(page) == one
    back, onward = (page.get_by_role("button", name=name).bounding_box() for name in ("Back", "Skip"))
    assert back and onward and back["x"] > onward["x"]


def test_german_is_spoken_to_who_asks_for_it(filling: Filling) -> None:
    page = filling.open(spec(["gut_check"], replace(JANE, language="de-AT")))
    page.get_by_role("button", name="Beginnen").click()
    page.keyboard.press("0")
    expect(page.locator(".status")).to_contain_text(re.compile(r"^Gespeichert \d\d:\d\d$"))
    assert page.locator("main").get_attribute("lang") == "de"
    assert page.locator("legend bdi").get_attribute("lang") == "en"


def test_nothing_moves_for_those_who_asked_for_rest(filling: Filling) -> None:
    page = filling.open(only("champion_operator", 1), filling.profile(reduced_motion="reduce"))
    begin(page)
    moving = """[...document.querySelectorAll("*")]
        .filter((one) => getComputedStyle(one).transitionDuration !== "0s").length"""
    assert page.evaluate(moving) == 0


def each_page(page: Page) -> Any:
    """Yield the name of each kind of page while it is shown."""
    yield "opening"
    page.get_by_role("button", name="Begin").click()
    yield "part"
    page.get_by_role("button", name="Next").click()
    page.keyboard.press("2")
    page.get_by_text("Comment", exact=True).click()
    yield "question"
    page.get_by_text("A theme a page").click()
    yield "theme"
    while not page.locator(".prediction").count():
        page.keyboard.press("Alt+ArrowRight")
    page.get_by_label("Of 100 that reach this step").fill("200")
    yield "prediction"
    page.get_by_role("button", name="Review").click()
    yield "review"
    downloaded(page, FINISH)
    yield "done"


@pytest.mark.parametrize("options", [{}, PHONE, {"color_scheme": "dark"}], ids=["desktop", "phone", "dark"])
def test_axe_finds_nothing_on_any_page(filling: Filling, options: dict[str, Any]) -> None:
    axe = os.environ.get("GTMDIAG_AXE")
    if not axe:
        pytest.skip("GTMDIAG_AXE names no axe.min.js")
    page = filling.open(first(["champion_operator", "gut_check"], 2), filling.profile(bypass_csp=True, **options))
    page.evaluate(Path(axe).read_text("utf-8"))
    found = {name: page.evaluate("axe.run().then((run) => run.violations.map((one) => [one.id, one.impact, "
                                 "one.nodes.map((node) => node.html)]))") for name in each_page(page)}  # fmt: skip
    assert {name: problems for name, problems in found.items() if problems} == {}
    assert len(found) == 7


def test_what_a_screen_reader_is_told_has_changed(filling: Filling) -> None:
    page = filling.open(first(["champion_operator", "gut_check"], 2))
    told: list[str] = []
    for name in each_page(page):
        text = re.sub(r"Saved \d\d:\d\d", "Saved 10:42", page.locator("body").aria_snapshot())
        told.append(f"# {name}\n{text}\n")
    now = "\n".join(told)
    if os.environ.get("GTMDIAG_WRITE_SNAPSHOTS") == "1":
        SNAPSHOT.write_text(now, "utf-8")
    assert SNAPSHOT.read_text("utf-8") == now, "read the change, then run once with GTMDIAG_WRITE_SNAPSHOTS=1"
