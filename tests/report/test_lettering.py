"""Letters that are set from tables stand where a shaping engine puts them; what tables cannot set is left to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import get_font
from matplotlib.textpath import text_to_path

from gtmdiag.report.lettering import line
from gtmdiag.resources import templates

FILES = {"normal": "Regular", "bold": "Bold"}
LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x17F, categories=("Lu", "Ll", "Nd", "Zs", "Po", "Pd"))
END = "|"


@given(st.one_of(st.text(LETTERS, max_size=12), st.text("fft AVTo.", max_size=12)), st.sampled_from(list(FILES)))
def test_letters_that_are_not_joined_or_kerned_as_their_font_says(text: str, weight: str) -> None:
    font = get_font([str(templates() / "fonts" / f"SourceSansPro-{FILES[weight]}.otf")])
    font.set_size(1000, 72)
    glyphs, _, _ = text_to_path.get_glyphs_with_font(font, text + END)
    ours, end = line(text + END, weight), line(END, weight)
    if ours is not None and end is not None:
        assert ours.width - end.width == pytest.approx(glyphs[-1][1], abs=1.5)


def test_every_text_left_to_the_shaping_engine() -> None:
    for text in ("Customer success manager: 95% interval", "ICP → offer · 2.3 M €", "Größe, Łódź, façade", ""):
        assert line(text, "normal") is not None


@pytest.mark.parametrize("text", ["שלב", "عرض", "株式会社", "e\u0301", "🎉", "a\nb", "\u200f"])
def test_script_that_needs_shaping_set_letter_by_letter(text: str) -> None:
    assert line(text, "normal") is None
