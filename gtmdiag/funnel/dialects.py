"""How CRMs name the columns of their exports, as data, and the loose form in which names are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gtmdiag.engagement.yamlfile import load_yaml, validate

Role = Literal[
    "deal", "stage", "entered_at", "amount", "owner", "segment", "status", "created_at", "closed_at", "won_at",
    "lost_at", "currency", "source", "lost_reason", "entered", "advanced", "pipeline", "is_won", "is_closed",
    "probability",
]  # fmt: skip
Names = Annotated[tuple[str, ...], Field(min_length=1)]
_SUMMARY = r"\s*(?:$|[:(\d]|for\b|count\b|records?\b)"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dialect(_Model):
    """The columns of one table of one CRM.

    Attributes
    ----------
    crm, table
        What it is, in words.
    shape
        Of its rows; a column of dates for each stage makes it ``wide`` in any case.
    signature
        Names that hardly any other system has; two of them tell the dialect.
    needs
        Names without which it is another table.
    columns
        From a role to its names, the best first.
    """

    crm: str
    table: str
    shape: Literal["history", "snapshot"]
    signature: Names
    needs: tuple[str, ...]
    columns: dict[Role, Names]


class Dialects(_Model):
    """The content of dialects.yaml; its comments tell what each part is for."""

    dialects: tuple[Dialect, ...]
    stage_dates: Names
    words: dict[Role, Names]
    won: Names
    lost: Names
    stage_order: Names
    totals: Names
    footers: Names


@cache
def dialects() -> Dialects:
    """Return what is packaged."""
    path = Path(__file__).with_name("dialects.yaml")
    return validate(Dialects, load_yaml(path, path.name))


def loose(name: str) -> str:
    """Return a name without case, accents, punctuation and plural, its words parted: ``CreatedDate`` → created date."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", plain).casefold()
    return " ".join(map(_singular, re.findall(r"[^\W_]+", parted)))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def outcome_of(name: str) -> Literal["won", "lost"] | None:
    """Return what the name of a stage or status means, by its words; None where it is neither or both."""
    padded = f" {loose(name)} "
    won, lost = (any(f" {loose(word)} " in padded for word in words) for words in (dialects().won, dialects().lost))
    if won == lost or any(f" {word} " in padded for word in ("not", "un", "nicht", "non", "no", "nao", "niet")):
        return None
    return "won" if won else "lost"


@cache
def summary_line() -> re.Pattern[str]:
    """Return the form of the first field of a total or a footer."""
    totals = "|".join(re.escape(word) for word in sorted(dialects().totals, key=len, reverse=True))
    footers = "|".join(re.escape(word) for word in dialects().footers)
    return re.compile(rf"(?:(?:{totals}){_SUMMARY}|(?:{footers})\b)", re.IGNORECASE)
