"""The form as one file: what it weighs, what its policy allows, what hostile text can do in it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace

from gtmdiag.assess.mailed import PAGE_BYTES
from gtmdiag.assess.page import form_css, form_module, form_page
from tests.assess.filling import JANE, spec

MARKUP = "</script><script>alert(1)</script><!-- <style>* {display: none}</style> &amp; {{ 7 * 7 }}"


def parts(page: str) -> dict[str, str]:
    found = re.fullmatch(
        r".*<style>(?P<style>.*?)</style>.*<script type=\"application/json\" id=\"spec\">(?P<data>.*?)</script>\n"
        r"<script type=\"module\">(?P<script>.*?)</script>\n</body>\n</html>",
        page,
        re.DOTALL,
    )
    assert found
    return found.groupdict()


def test_a_page_too_heavy_for_a_mail() -> None:
    bare = replace(spec(), parts=())
    assert len(form_page(bare).encode()) <= 45_000, "the form without its questions"
    assert len(form_page(spec(("champion_operator", "gut_check", "ownership_altitude"))).encode()) <= PAGE_BYTES


def test_the_policy_allows_the_one_script_and_style_and_nothing_else() -> None:
    page = form_page(spec())
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])  # type: ignore[index]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for name, kind in (("script-src", "script"), ("style-src", "style")):
        digest = base64.b64encode(hashlib.sha256(parts(page)[kind].encode()).digest()).decode()
        assert rules.pop(name) == f"'sha256-{digest}'"
    assert rules == {"default-src": "'none'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}


def test_hostile_text_ends_no_element_and_comes_back_whole() -> None:
    form = spec(who=replace(JANE, client_name=MARKUP))
    page = form_page(form)
    assert parts(page)["data"].replace("\\u003c", "<") == json.dumps(
        form.to_dict(), ensure_ascii=False, separators=(",", ":")
    )
    assert page.lower().count("<script") == 2
    assert page.lower().count("<style") == 1
    assert "49" not in re.search(r"<title>(.*)</title>", page)[1]  # type: ignore[index]


def test_the_module_needs_no_other_file_and_makes_no_markup_of_text() -> None:
    module = form_module()
    assert re.findall(r"^(?:import|export)\b.*", module, re.MULTILINE) == ["export default { render };"]
    for forbidden in ("innerHTML", "eval(", "fetch(", "XMLHttpRequest", "import(", "http"):
        assert forbidden not in module


def test_the_style_asks_for_nothing() -> None:
    assert re.findall(r"url\(|@import|@font-face", form_css(dark=True)) == []


def test_the_same_spec_gives_the_same_bytes() -> None:
    assert form_page(spec()) == form_page(spec())
