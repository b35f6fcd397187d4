"""Where the outputs of a render stand, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.errors import UsageError, did_you_mean, shorten

FORMATS = ("html", "pdf", "deck", "pptx", "xlsx")
DEFAULT_FORMATS = ("html", "pdf")
SLIDES = ("deck", "pptx")
"""Formats that the board deck is made in; all others are the report's."""
REPORT = "client_report"
DECK = "board_deck"
PLAN_CSV, PLAN_ICS = "plan.csv", "plan.ics"


def require_formats(formats: Sequence[str]) -> None:
    """Refuse formats that nothing makes.

    Raises
    ------
    UsageError
        At the first of them.
    """
    for name in formats:
        if name not in FORMATS:
            allowed = ", ".join(FORMATS)
            raise UsageError(f"No format {shorten(name)}; allowed: {allowed}. {did_you_mean(name, FORMATS)}".strip())


def stem_of(notebook: str) -> str:
    """Return the name, without its ending, of the outputs of a notebook.

    Raises
    ------
    UsageError
        The notebook has a name that belongs to the outputs of the client report or the board deck.
    """
    ours = {"report": REPORT, "deck": DECK}
    if notebook in ours:
        raise UsageError(f"The name {notebook!r} belongs to what {ours[notebook]} makes. Rename the notebook.")
    return {name: stem for stem, name in ours.items()}.get(notebook, notebook)


def notebooks_of(notebook: str, formats: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each notebook that is to be run, with the formats that are made of it.

    The client report goes with the board deck: slides are made of the deck, all else of the report. Any other notebook
    is made in every format that is asked for.
    """
    if notebook != REPORT:
        return ((notebook, tuple(formats)),)
    report = tuple(name for name in formats if name not in SLIDES)
    slides = tuple(name for name in formats if name in SLIDES)
    parts = ((REPORT, report),) if report or not slides else ()
    return (*parts, *(((DECK, slides),) if slides else ()))


def file_of(stem: str, name: str) -> str:
    """Return the file of a format: ``report.html``, ``deck.pptx``, ``workbook.xlsx``, ``gut_check-deck.pdf``."""
    if name == "deck":
        return "deck.pdf" if stem == "deck" else f"{stem}-deck.pdf"
    if name == "xlsx" and stem == "report":
        return "workbook.xlsx"
    # the deck's own notebook as pages to read is not its slides
    return f"{stem}-pages.pdf" if (stem, name) == ("deck", "pdf") else f"{stem}.{name}"
