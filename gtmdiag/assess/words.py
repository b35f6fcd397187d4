"""The words of the form in one language, read from ``templates/form/words``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gtmdiag.engagement.roles import known_roles
from gtmdiag.engagement.yamlfile import Located, load_yaml, validate
from gtmdiag.errors import InputError, Problem
from gtmdiag.resources import templates

FALLBACK = "en"

Plural = Literal["zero", "one", "two", "few", "many", "other"]
Said = Annotated[str, Field(min_length=1, max_length=2000)]


class Words(BaseModel):
    """Every word of the form and of the reminder in one language.

    ``texts`` and ``mail`` map a key to a text, or to one text for each plural form of the language; ``roles`` a role to
    its name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    direction: Literal["ltr", "rtl"]
    texts: Mapping[str, Said | Mapping[Plural, Said]]
    mail: Mapping[str, Said | Mapping[Plural, Said]]
    roles: Mapping[str, Said]

    def say(self, key: str, values: Mapping[str, object] = MappingProxyType({})) -> str:
        """Return the form's text of ``key`` with its ``{names}`` filled in."""
        return _said(self.texts[key], values)

    def write(self, key: str, values: Mapping[str, object] = MappingProxyType({})) -> str:
        """Return the reminder's text of ``key`` with its ``{names}`` filled in."""
        return _said(self.mail[key], values)


def _said(text: str | Mapping[Plural, str], values: Mapping[str, object]) -> str:
    """Return a text with its names filled in; of several plural forms that of one for one, else the general one."""
    chosen = text if isinstance(text, str) else text.get("one" if values.get("n") == 1 else "other", text["other"])
    return re.sub(r"\{(\w+)\}", lambda hole: str(values.get(hole[1], hole[0])), chosen)


def words_for(language: str, folder: Path | None = None) -> Words:
    """Return the words for a language tag: of ``de-AT``, else of ``de``, else the English ones.

    Raises
    ------
    InputError
        With every key and every ``{name}`` in which the file departs from the English one.
    """
    folder = folder or templates() / "form" / "words"
    names = (language, language.partition("-")[0], FALLBACK)
    return _load(next(path for name in names if (path := folder / f"{name}.yaml").is_file()))


@cache
def _load(path: Path) -> Words:
    shown_as = f"templates/form/words/{path.name}"
    located = load_yaml(path, shown_as)
    words = validate(Words, located)
    problems = tuple(_departures(words, located, shown_as)) if path.stem != FALLBACK else ()
    if problems:
        raise InputError(problems)
    return words


def _departures(words: Words, located: Located, shown_as: str) -> Iterator[Problem]:
    model = words_for(FALLBACK)
    pairs = (("texts", words.texts, model.texts), ("mail", words.mail, model.mail))
    for place, given, asked in (*pairs, ("roles", words.roles, known_roles())):
        for key in sorted(given.keys() - asked.keys()):
            yield Problem(shown_as, located.place((place, key)), key, "the keys of en.yaml", "Leave it out.")
        for key in sorted(asked.keys() - given.keys()):
            yield Problem(shown_as, place, f"no {key}", "every key of en.yaml", "Add it.")
    for place, given, asked in pairs:
        for key, text in given.items():
            if isinstance(text, Mapping) and "other" not in text:
                yield Problem(shown_as, located.place((place, key)), "no 'other'", "at least 'other'", "Add it.")
            elif key in asked and _names(text) - _names(asked[key]):
                allowed = f"of {{names}} only {', '.join(sorted(_names(asked[key]))) or 'none'}"
                yield Problem(shown_as, located.place((place, key)), str(_names(text)), allowed, "Keep the names.")


def _names(text: str | Mapping[Plural, str]) -> set[str]:
    texts = (text,) if isinstance(text, str) else text.values()
    return {name for one in texts for name in re.findall(r"\{(\w*)\}", one)}
