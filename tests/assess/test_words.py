"""The words of the form, language by language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gtmdiag.assess.words import words_for
from gtmdiag.engagement.roles import known_roles
from gtmdiag.errors import InputError
from gtmdiag.resources import templates

LANGUAGES = sorted(path.stem for path in (templates() / "form" / "words").glob("*.yaml"))
ENGLISH = (templates() / "form" / "words" / "en.yaml").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_lacks_a_word_or_a_role(language: str) -> None:
    words = words_for(language)
    assert words.texts.keys() == words_for("en").texts.keys()
    assert words.mail.keys() == words_for("en").mail.keys()
    assert words.roles.keys() == known_roles().keys()


def test_a_word_that_the_form_asks_for_and_no_file_has() -> None:
    source = "".join(path.read_text("utf-8") for path in (templates() / "form").glob("*.js"))
    asked = set(re.findall(r'say\("(\w+)"', source)) | set(re.findall(r'(?:warn|tell|failed)\("(\w+)"', source))
    assert asked - words_for("en").texts.keys() == set()


@pytest.mark.parametrize(
    ("tag", "language"), [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("fr", "en"), ("pt-BR", "en")]
)
def test_the_nearest_language_serves(tag: str, language: str) -> None:
    assert words_for(tag).language == language


def test_a_file_that_departs_from_the_english_one_is_told_whole(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(ENGLISH, "utf-8")
    wrong = ENGLISH.replace("language: en", "language: fr").replace("{time}", "{hour}").replace("  skip: Skip\n", "")
    (tmp_path / "fr.yaml").write_text(wrong.replace("  ceo: CEO\n", "  chief: CEO\n"), "utf-8")
    with pytest.raises(InputError) as refused:
        words_for("fr", tmp_path)
    found = sorted(problem.found for problem in refused.value.problems)
    assert found == ["chief", "no ceo", "no skip", "{'hour'}"]


def test_a_plural_without_its_general_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(ENGLISH, "utf-8")
    wrong = re.sub(r"part_length: .*", 'part_length: {one: "une question"}', ENGLISH)
    (tmp_path / "fr.yaml").write_text(wrong, "utf-8")
    with pytest.raises(InputError, match="at least 'other'"):
        words_for("fr", tmp_path)
