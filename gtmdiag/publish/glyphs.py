"""What the fonts of a report can show. A sign that none of them has would stop an accessible PDF: it becomes "□"."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingTypeStubs]

MISSING = "□"

# Never set in type: pictures, and what a reader's software says or follows instead of showing it.
_NOT_SHOWN = frozenset({"svg", "png", "alt", "url"})
# They guide hyphens, joins and direction, print nothing themselves and need no glyph.
_INVISIBLE = frozenset("\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060")
# Fillers and selectors that Unicode files under letters and marks.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_JOINER = "\u200d"
# Letters, digits, punctuation and signs that are neither emoji nor what changes one: each stands for itself.
_PLAIN = frozenset({"Lu", "Ll", "Lt", "Lo", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc"})
_NAMED = 5


@dataclass(frozen=True)
class Coverage:
    """Code points that each font family shows in every weight in use, upright."""

    families: tuple[frozenset[int], ...]

    def shows(self, text: str) -> bool:
        """Return whether one family has all of ``text``, composed or decomposed: marks do not cross fonts."""
        forms = [set(map(ord, unicodedata.normalize(form, text))) for form in ("NFC", "NFD")]
        return any(family.issuperset(form) for family in self.families for form in forms)


@dataclass(frozen=True)
class Shown:
    """JSON data in which every text can be shown; ``warning`` names what was replaced, empty for nothing."""

    data: Any
    warning: str


def read_coverage(families: Iterable[Sequence[Path]]) -> Coverage:
    """Return what font families show, each given by the files of its upright faces."""
    return Coverage(
        tuple(frozenset[int].intersection(*(_code_points(file) for file in files)) for files in families if files)
    )


def displayable(data: Any, coverage: Coverage) -> Shown:
    """Return JSON ``data`` with every text reduced to what ``coverage`` shows.

    Emoji sequences and letters with marks are judged whole. A letter keeps its place without a mark that cannot be
    put on it. Controls, variation selectors and overrides of direction are left out without a word; so are no
    joiners or marks of direction, which Arabic and Hebrew need.
    """
    missing = Counter[str]()
    walked = _walk(data, coverage, missing)
    return Shown(walked, _warning(missing))


def _code_points(file: Path) -> frozenset[int]:
    with TTFont(file, lazy=True) as font:
        # the names of the glyphs take most of the time to read and are not needed
        font.setGlyphOrder([str(glyph) for glyph in range(cast("Any", font["maxp"]).numGlyphs)])
        return frozenset(cast("dict[int, str]", font.getBestCmap()))


def _walk(value: Any, coverage: Coverage, missing: Counter[str]) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _shown(value, coverage, missing)
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: item if key in _NOT_SHOWN else _walk(item, coverage, missing) for key, item in items}
    if isinstance(value, (list, tuple)):
        return [_walk(item, coverage, missing) for item in cast("list[Any]", value)]
    return value


def _shown(text: str, coverage: Coverage, missing: Counter[str]) -> str:
    if all(_stays(char, coverage) for char in set(text)):
        return text
    lines = "\n".join(text.replace("\r\n", "\n").splitlines() or [""]).expandtabs(4)
    return "".join(_cluster_shown(cluster, coverage, missing) for cluster in _clusters(lines))


@lru_cache(maxsize=1 << 14)
def _stays(char: str, coverage: Coverage) -> bool:
    """Return whether a sign is shown as it is whatever stands beside it; nearly every text is made of such signs."""
    kind = unicodedata.category(char)
    return (kind in _PLAIN or char == " ") and char not in _FILLERS and coverage.shows(char)


def _cluster_shown(cluster: str, coverage: Coverage, missing: Counter[str]) -> str:
    if cluster == "\n" or cluster in _INVISIBLE:
        return cluster
    kept = "".join(char for char in cluster if not _dropped(char))
    visible = "".join(char for char in kept if char not in _INVISIBLE)
    if not visible:
        return ""
    if coverage.shows(visible) and not any(unicodedata.category(char) == "Co" for char in visible):
        return kept
    if unicodedata.category(visible[0]) == "Zs":
        return " "
    missing[visible] += 1
    alone = visible[0]
    is_letter = unicodedata.category(alone)[0] in "LN"
    return alone if len(visible) > 1 and is_letter and coverage.shows(alone) else MISSING


def _dropped(char: str) -> bool:
    if char in _INVISIBLE:
        return False
    return (
        unicodedata.category(char) in {"Cc", "Cf"}
        or char in _FILLERS
        or any(ord(char) in selectors for selectors in _SELECTORS)
    )


def _clusters(text: str) -> Iterator[str]:
    """Split ``text`` into what a reader takes for one sign: a letter with its marks, an emoji with its parts."""
    cluster = ""
    for char in text:
        if cluster and not _belongs(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _belongs(cluster: str, char: str) -> bool:
    if unicodedata.category(char)[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff":
        return cluster != "\n"
    is_emoji = unicodedata.category(cluster[0]) == "So"
    if _is_flag_letter(char):
        return len(cluster) == 1 and _is_flag_letter(cluster)
    if char == _JOINER:
        return is_emoji
    return is_emoji and cluster[-1] == _JOINER and unicodedata.category(char) == "So"


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _warning(missing: Counter[str]) -> str:
    if not missing:
        return ""
    named = [f"{sign} ({'+'.join(f'U+{ord(char):04X}' for char in sign)})" for sign in list(missing)[:_NAMED]]
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    return (
        f"The fonts of the PDF lack {', '.join(named)}{more}: {missing.total()} in all, each shown as {MISSING} or "
        "without its mark. The HTML report shows them; for Chinese, Japanese and Korean: pip install 'gtmdiag[cjk]'."
    )
