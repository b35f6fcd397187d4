"""A column of texts, each distinct one once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.compute  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray

arrow: Any = pyarrow
_compute: Any = pyarrow.compute
_PART = 2**17
_MOSTLY_DISTINCT = 0.25
# What str.strip takes away. Arrow's own trimming knows another set of spaces.
_SPACES = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of texts, one a row. What is derived from it is computed when first asked for, and kept.

    Attributes
    ----------
    stored
        The texts as they stand in the file, a chunked Arrow array of type ``large_string``.
    places
        Of each row the place of its text in ``stored``; None where each row has its own.
    """

    stored: Any
    places: NDArray[np.int32] | None = None

    @classmethod
    def of(cls, texts: Sequence[str]) -> Coded:
        """Return texts, one a row, as a column."""
        return coded(arrow.array(texts, type=arrow.large_string()))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.stored if self.places is None else self.places)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The distinct texts, stripped, in order of first appearance."""
        return tuple(cast("list[str]", self._distinct[0].to_pylist()))

    @cached_property
    def codes(self) -> NDArray[np.int32]:
        """Of each row the place of its text in ``texts``."""
        return self._distinct[1]

    @cached_property
    def _distinct(self) -> tuple[Any, NDArray[np.int32]]:
        if self.places is None:
            found = self.stored.dictionary_encode().combine_chunks()
            texts, codes = found.dictionary, found.indices.to_numpy()
        else:
            # Texts that no row has any more, or that stand in another order, would be told as they are stored.
            used, codes = _in_order_of_appearance(self.places)
            texts = self.stored.take(arrow.array(used)).combine_chunks()
        stripped = _compute.utf8_trim(texts, characters=_SPACES)
        found = stripped.dictionary_encode()
        if len(found.dictionary) < len(texts):
            codes = found.indices.to_numpy()[codes]
        return found.dictionary, codes

    def series(self) -> pd.Series[str]:
        """Return the stripped texts of all rows."""
        texts, codes = self._distinct
        return cast("pd.Series[str]", texts.take(arrow.array(codes)).to_pandas().astype("str"))

    def parts(self) -> Iterator[tuple[slice, Any]]:
        """Give the stored texts by parts that fit a processor's cache: where they stand, and an Arrow array of them."""
        start = 0
        for chunk in self.stored.chunks:
            for begin in range(0, len(chunk), _PART):
                part = chunk.slice(begin, _PART)
                yield slice(start, start + len(part)), part
                start += len(part)


def coded(texts: Any) -> Coded:
    """Return an Arrow array of texts, one a row, as a column that stores each once, where that saves much."""
    sample = texts.slice(0, 4096)
    if len(sample.dictionary_encode().dictionary) > _MOSTLY_DISTINCT * len(sample):
        return Coded(chunked([texts]))
    found = texts.dictionary_encode()
    return Coded(chunked([found.dictionary]), found.indices.to_numpy())


def chunked(texts: Sequence[Any]) -> Any:
    """Return Arrow arrays of texts as one in chunks."""
    return arrow.chunked_array(texts, type=arrow.large_string())


def merged(parts: Sequence[Coded]) -> Coded:
    """Return columns one below the other as one; where all are coded it is so too, and each text is stored once."""
    if not parts or any(part.places is None for part in parts):
        by_row = (part.stored if part.places is None else part.stored.take(arrow.array(part.places)) for part in parts)
        return Coded(chunked([chunk for texts in by_row for chunk in texts.chunks]))
    found = chunked([part.stored.combine_chunks() for part in parts]).dictionary_encode().combine_chunks()
    place_of = found.indices.to_numpy()
    starts = np.cumsum([0, *(len(part.stored) for part in parts)])[:-1]
    places = [place_of[part.places + start] for part, start in zip(parts, starts, strict=True)]
    return Coded(chunked([found.dictionary]), np.concatenate(places))


def text_bytes(texts: Any) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the UTF-8 bytes of an array of texts, and where each text begins in them, with the end of the last."""
    if not len(texts):
        return np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.uint8)
    _, offsets, data = texts.buffers()
    begins = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    if data is None or begins[-1] == begins[0]:
        return np.zeros(len(texts) + 1, dtype=np.int64), np.empty(0, dtype=np.uint8)
    return begins - begins[0], np.frombuffer(data, dtype=np.uint8)[begins[0] : begins[-1]]


def _in_order_of_appearance(places: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the distinct places in order of first appearance, and of each row its place among them."""
    codes, used = pd.factorize(places)
    return np.asarray(used, dtype=np.int32), codes.astype(np.int32)
