"""What the gut check yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gtmdiag.instruments.schema import Structure, VerdictRule
from gtmdiag.trail import Sentence

Prerequisite = Literal["met", "missing", "unknown"]
Change = Literal["keep", "change", "change later", "unknown"]


@dataclass(frozen=True)
class Reading:
    """One respondent's answers to the five questions.

    Attributes
    ----------
    yes, no, unanswered
        Numbers of answers; they sum to five.
    side
        ``"centralized"``, ``"distributed"``, or None while missing answers decide.
    verdict
        The verdict with what the prerequisite adds, or None where it is open.
    prerequisite
        Whether strong second-line leaders are affordable.
    margin
        Answers between the count and the threshold: 0 means that one answer flips the side. None while undecided.
    flips
        Item ids of the single answers that would flip the side.
    needed
        How many of the unanswered questions, answered yes, would decide for one leader; 0 when decided.
    """

    yes: int
    no: int
    unanswered: int
    side: str | None
    verdict: VerdictRule | None
    prerequisite: Prerequisite
    margin: int | None
    flips: tuple[str, ...]
    needed: int


@dataclass(frozen=True)
class Question:
    """One of the five questions: the CEO's answer, and the leaders' where the group is large enough.

    ``leaders_yes`` is the share of leaders who answered yes, ``agreement`` the share who gave the more frequent
    answer (from the spread minimum up), ``n`` the leaders who answered.
    """

    id: str
    text: str
    label: str
    ceo: str | None
    n: int
    leaders_yes: float | None
    agreement: float | None


@dataclass(frozen=True)
class GuardRail:
    """One guard-rail of a structure: the CEO's answer, or the leaders' share that sees the danger."""

    item: str
    structure: str
    text: str
    label: str
    answer: str
    danger: bool | None


@dataclass(frozen=True)
class GutCheckResult:
    """The whole gut check.

    Attributes
    ----------
    ceo
        The CEO's reading; None when the CEO has not answered.
    leaders
        Number of leaders who answered any of the five questions.
    sides
        How many leaders come out for one leader, for several, or open; None when withheld or when there are none.
    withheld
        Why the leaders' view is not shown, or empty.
    side
        The side that the report goes by: the CEO's, else that of most leaders; None when open.
    basis
        Whose view ``side`` is, in words.
    base_rate
        (patterns that say centralize, all answer patterns).
    present
        Today's structure, from client.yaml; None when not given.
    change
        What to do with today's structure.
    sentences, caveats
        What it says; how firm that is.
    """

    instrument: str
    version: str
    hash: str
    ceo: Reading | None
    leaders: int
    sides: tuple[tuple[str, int], ...] | None
    withheld: str
    side: str | None
    basis: str
    base_rate: tuple[int, int]
    present: str | None
    change: Change
    questions: tuple[Question, ...]
    guard_rails: tuple[GuardRail, ...]
    structures: tuple[Structure, ...]
    sentences: tuple[Sentence, ...]
    caveats: tuple[Sentence, ...]
