"""What gathering answers tells in the terminal, readable at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from gtmdiag.assess.collect import Outcome
from gtmdiag.assess.mailed import PAGE_BYTES, Mailed
from gtmdiag.assess.status import PersonStatus, Status
from gtmdiag.diagnostics.numbers import count
from gtmdiag.terminal import WIDTH, cut_to, wrapped


def mailed_lines(made: Mailed, path: Path, folder: Path) -> Iterator[str]:
    """Yield where a person's form is, what it asks, how large it is, and what to do with it."""
    spec = made.session.spec
    size = f"{len(made.page) / 1000:.0f} kB"
    yield str(path)
    yield from wrapped(
        f"Mail it to {spec.respondent.id}: {spec.questions} questions from "
        f"{', '.join(part.id for part in spec.parts)}; {size}."
    )
    if made.left_out:
        names = ", ".join(made.left_out)
        yield from wrapped(f"Left out to keep it small, as meant for others: {names}. Name all with --instrument.")
    if made.heavy:
        yield from wrapped(f"More than {PAGE_BYTES // 1000} kB. Two smaller forms can be made with --instrument.")
    yield f"What comes back: gtmdiag collect {folder} FILE"


def outcome_lines(outcome: Outcome) -> Iterator[str]:
    """Yield what was done with one file: its columns, whose answers were saved, what was noticed."""
    people = count(len({taken.respondent for taken in outcome.taken}), "person", "people")
    done = f"answers of {people} taken" if outcome.taken else "nothing taken"
    yield f"{cut_to(outcome.file, 60)}: {done}"
    for column in outcome.columns:
        target = column.target or "not taken"
        mark = f"  {column.certainty:.0%} alike, not taken" if 0 < column.certainty < 1 else ""
        yield f"  {cut_to(column.header, 34):<34} {cut_to(target, 42 - len(mark))}{mark}".rstrip()
    for taken in outcome.taken:
        parts = [f"{len(taken.added)} new"] if taken.added else []
        parts += [f"{len(taken.replaced)} changed (the earlier ones are kept)"] if taken.replaced else []
        parts += [f"{len(taken.outdated)} older than what is there, left"] if taken.outdated else []
        told = ", ".join(parts) or "nothing new"
        yield from wrapped(f"{taken.respondent} ({taken.role}), wave {taken.wave}: {told}", "  ", "    ")
    for note in outcome.notes:
        yield from wrapped(f"Note: {note}.", "  ", "    ")


def status_lines(found: Status) -> Iterator[str]:
    """Yield who has answered what."""
    if not found.people:
        yield "Nobody was asked yet. Make a form: gtmdiag form DIR --respondent ID --role ROLE --wave WAVE"
        return
    yield f"Wave {found.wave}" + (f" (all: {cut_to(', '.join(found.waves), 50)})" if len(found.waves) > 1 else "")
    yield ""
    yield f"{'respondent':<22}{'role':<14}{'state':<12}{'answered':>11}  last saved"
    for person in found.people:
        answered = sum(part.answered for part in person.progress)
        asked = sum(part.asked for part in person.progress)
        saved = f"{person.saved_at:%Y-%m-%d %H:%M}" if person.saved_at is not None else "-"
        name, share = cut_to(person.respondent, 21), f"{answered} of {asked}"
        yield f"{name:<22}{person.role:<14}{person.state:<12}{share:>11}  {saved}"
        yield from _parts(person)
    yield ""
    for group in found.groups:
        ceo = "the CEO and " if group.ceo else ""
        missing = group.needed - group.leaders
        enough = f"; {missing} more until a group's scores may be shown" if missing > 0 else ""
        yield from wrapped(f"{group.title}: {ceo}{count(group.leaders, 'leader')}{enough}")
    if found.stale:
        yield from wrapped("The reports of this wave rest on answers that were withdrawn. Render them again.")


def reminder_lines(found: Status) -> Iterator[str]:
    """Yield the text to send to each person with something missing."""
    texts = [person.reminder for person in found.people if person.reminder]
    for text in texts:
        yield "-" * WIDTH
        for line in text.splitlines():
            yield from textwrap.wrap(line, WIDTH) if line else ("",)
    yield "-" * WIDTH if texts else "Nobody needs to be reminded."


def _parts(person: PersonStatus) -> Iterator[str]:
    if person.state in ("begun", "submitted"):
        for part in person.progress:
            if part.answered < part.asked:
                yield f"  {cut_to(part.title, 44):<44}  {f'{part.answered} of {part.asked}':>11}"
