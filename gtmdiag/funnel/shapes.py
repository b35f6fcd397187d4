"""Read texts that differ in their digits only together: their form decides how, their digits follow as arrays.

A column of a million times has a handful of forms, such as ``99/99/9999 99:99``. A grammar that asks of a digit only
that it is one needs to see each form once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gtmdiag.funnel.coded import arrow, text_bytes

_EXACT = 15
_DIGIT_AS_9 = np.arange(256, dtype=np.uint8)
_DIGIT_AS_9[ord("0") : ord("9") + 1] = ord("9")


@dataclass(frozen=True)
class Shape:
    """The texts of one form.

    Attributes
    ----------
    text
        The form, stripped, each digit as ``9``.
    places
        Which of the texts have it, ascending.
    """

    text: str
    places: NDArray[np.int64]
    _starts: NDArray[np.int64]
    _data: NDArray[np.uint8]

    def number(self, start: int, stop: int) -> NDArray[np.int64]:
        """Return the digits of ``text[start:stop]`` of each text as a number; `text` up to there has to be ASCII."""
        return self._number(range(start, stop))

    def digits(self) -> NDArray[np.int64]:
        """Return all digits of each text as one number; with more than 15 digits as Python integers."""
        return self._number([place for place, byte in enumerate(self.text.encode()) if byte == ord("9")])

    def starting_with_zero(self) -> NDArray[np.bool_]:
        """Tell for each text whether its first digit is a zero."""
        return self._number([self.text.encode().index(b"9")]) == 0

    def _number(self, columns: range | list[int]) -> NDArray[np.int64]:
        total = np.zeros(len(self._starts), dtype=np.int64 if len(columns) <= _EXACT else object)
        for column in columns:
            total *= 10
            total += (self._data[self._starts + column] - np.uint8(ord("0"))).astype(total.dtype)
        return total


def shapes_of(texts: Any) -> tuple[list[str], NDArray[np.int32]]:
    """Return the distinct forms of an Arrow array of texts, each digit as ``9``, and of each text its form's place."""
    offsets, data = text_bytes(texts)
    masked = arrow.py_buffer(_DIGIT_AS_9[data])
    found = arrow.LargeStringArray.from_buffers(len(texts), arrow.py_buffer(offsets), masked).dictionary_encode()
    return found.dictionary.to_pylist(), found.indices.to_numpy()


def by_shape(texts: Any) -> Iterator[Shape]:
    """Give the texts of an Arrow array by their form, without the blank ones."""
    forms, codes = shapes_of(texts)
    offsets, data = text_bytes(texts)
    # Numpy sorts 16 bits by radix, four times as fast.
    order = np.argsort(codes.astype(np.uint16) if len(forms) < 2**16 else codes, kind="stable")
    bounds = np.cumsum([0, *np.bincount(codes, minlength=len(forms))]).tolist()
    for form, (start, stop) in zip(forms, pairwise(bounds), strict=True):
        if text := form.strip():
            before = len(form[: len(form) - len(form.lstrip())].encode())
            places = order[start:stop]
            yield Shape(text, places, offsets[places] + before, data)
