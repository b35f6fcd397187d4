"""A client's own look: refused with a remedy before anything is drawn that cannot be read or shown."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gtmdiag.engagement.branding import CONTRAST, Branding, contrast, darkened
from gtmdiag.engagement.logo import logo_of, read_logo
from gtmdiag.errors import InputError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><rect width="9" height="9"/></svg>'


def png(width: int, height: int) -> bytes:
    """Return a PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + bytes(width) for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_contrast_other_than_that_of_the_published_formula() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@given(st.from_regex(r"#[0-9A-F]{6}", fullmatch=True))
def test_proposed_shade_that_cannot_be_read_either(colour: str) -> None:
    assert contrast(darkened(colour), "#FFFFFF") >= CONTRAST


@pytest.mark.parametrize("colour", ["#FF8800", "#EEEEEE", "orange", "#12345", "#1234567"])
def test_colour_taken_that_cannot_be_read_or_is_none(colour: str) -> None:
    with pytest.raises(ValidationError):
        Branding(primary=colour)


def test_logo_read_whatever_its_form() -> None:
    assert logo_of(SVG.encode(), "logo.svg").ratio == 4.0
    drawn = logo_of(png(400, 200), "logo.png")
    assert (drawn.kind, drawn.ratio) == ("png", 2.0)
    assert base64.b64decode(drawn.data) == png(400, 200)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (png(80, 40), "80 × 40 pixels"),
        (png(5000, 1000), "5000 × 1000 pixels"),
        (png(2000, 100), "20.0 times as wide as high"),
        (b"\xff\xd8\xff", "neither SVG nor PNG"),
        (b"<svg", "not well-formed"),
        (SVG.replace("<rect", "<script/><rect").encode(), "it holds <script>"),
        (SVG.replace("<rect", '<image href="https://x.example/a.png"/><rect').encode(), "points outside"),
        (SVG.replace(' viewBox="0 0 200 50"', "").encode(), "no size"),
    ],
)
def test_logo_taken_that_cannot_be_shown_or_would_run_or_fetch(data: bytes, found: str) -> None:
    with pytest.raises(InputError, match=found):
        logo_of(data, "logo")


def test_logo_from_outside_of_the_engagement(tmp_path: Path) -> None:
    (tmp_path / "client").mkdir()
    (tmp_path / "secret.svg").write_text(SVG)
    with pytest.raises(InputError, match="out of the folder"):
        read_logo(tmp_path / "client", Branding(logo="../secret.svg"))
    with pytest.raises(InputError, match="no such file"):
        read_logo(tmp_path / "client", Branding(logo="logo.svg"))
