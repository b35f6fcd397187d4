"""One respondent's answers in the engagement: read, merged, saved, withdrawn. Nothing is lost, nothing mixed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from gtmdiag.assess.answersfile import form_data, intake, parse
from gtmdiag.assess.answersyaml import answers_yaml
from gtmdiag.assess.invited import forget
from gtmdiag.assess.merge import merge
from gtmdiag.engagement.folder import RESPONDENT_ID, WAVE, inside, read_folder, wave_names
from gtmdiag.engagement.lock import locked
from gtmdiag.engagement.roles import known_roles, near_role
from gtmdiag.engagement.save import clear_temporary, keep_version, versions, write_atomic
from gtmdiag.engagement.schema import Answers
from gtmdiag.engagement.stale import mark_stale
from gtmdiag.engagement.yamlfile import MAX_BYTES, load_yaml, validate
from gtmdiag.errors import InputError, MissingError, Problem, StorageError, UsageError, shorten
from gtmdiag.instruments.schema import Instrument

WITHDRAWN = "answers were withdrawn"


@dataclass(frozen=True)
class Saved:
    """What saving did.

    Attributes
    ----------
    path
        The file.
    added, replaced
        Items that had no answer before, and those whose earlier answer is now in the history.
    outdated
        Items that were answered later elsewhere; that answer stays and this one is in the history.
    """

    path: Path
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    outdated: tuple[str, ...]


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal removed: the files by wave, how many kept versions, and the reports now marked stale."""

    waves: tuple[str, ...]
    files: int
    stale: tuple[Path, ...]


def load(root: Path, wave: str, respondent: str) -> Answers | None:
    """Return what is stored of a person in a wave, or None. Clears what an earlier session left half written.

    Raises
    ------
    InputError
        The file cannot be used; every problem with its line.
    StorageError
        It cannot be read.
    UsageError
        Wave or respondent are not of the form of an id.
    """
    path, shown_as = _place(root, wave, respondent)
    try:
        clear_temporary(path.parent)
        return validate(Answers, load_yaml(path, shown_as))
    except MissingError:
        return None
    except OSError as error:
        if isinstance(error, StorageError):
            raise
        raise StorageError(f"{path.parent} cannot be read: {error.strerror}.") from error


def save(root: Path, wave: str, respondent: str, incoming: Answers) -> Saved:
    """Merge answers into what is stored, item by item, and save the result whole or not at all.

    Two sessions may save at once: each waits for the other, reads what it wrote and merges. Whatever gives way is
    kept in ``.history/`` beside the file.

    Raises
    ------
    InputError
        The stored file cannot be used, belongs to another role, or there would be a second CEO in the wave.
    StorageError
        It cannot be saved; what was there is unchanged.
    UsageError
        Wave or respondent are not of the form of an id.
    """
    path, shown_as = _place(root, wave, respondent)
    with locked(path.parent):
        stored = load(root, wave, respondent)
        _require_role(root, wave, respondent, shown_as, stored, incoming.role)
        merged = merge(stored, incoming)
        if merged.outdated:
            keep_version(path, answers_yaml(incoming))
        done = Saved(path, merged.added, merged.replaced, merged.outdated)
        if stored is not None and merged.answers.model_copy(update={"saved_at": stored.saved_at}) == stored:
            return done
        content = answers_yaml(merged.answers)
        if len(content) > MAX_BYTES:
            remedy = "Shorten the comments."
            raise InputError([Problem(shown_as, "", f"{len(content) / 1e6:.1f} MB", "at most 1 MB", remedy)])
        # A file that a person edited holds remarks that writing it again would lose.
        by_hand = stored is not None and path.read_bytes() != answers_yaml(stored)
        write_atomic(path, content, keep_previous=merged.loses or by_hand)
    return done


def save_form(root: Path, data: Mapping[str, object], instruments: Mapping[str, Instrument], *, now: datetime) -> Saved:
    """Save what a form holds; see `gtmdiag.assess.answersfile.FormAnswers` for its keys.

    Raises
    ------
    InputError
        An answer fits no item or scale, or what `save` raises.
    StorageError
        As `save`.
    """
    form = parse(data, "the form")
    return save(root, form.wave, form.respondent, intake(form, instruments, "the form", now=now).answers)


def load_form(root: Path, wave: str, respondent: str, client: str) -> dict[str, object] | None:
    """Return what is stored as a form takes it up again, or None."""
    stored = load(root, wave, respondent)
    return None if stored is None else form_data(stored, respondent=respondent, wave=wave, client=client)


def withdraw(root: Path, respondent: str, *, wave: str = "", today: date) -> Withdrawn:
    """Delete a person's answers with all kept versions, in one wave or in all, and mark the reports on them stale.

    Raises
    ------
    MissingError
        There are none.
    StorageError
        A file cannot be deleted.
    UsageError
        There is no such wave, or the respondent is not of the form of an id.
    """
    waves = wave_names(root)
    if wave and wave not in waves:
        raise UsageError(f"No wave {shorten(wave)}. The waves are: {', '.join(waves) or 'none'}.")
    emptied: list[str] = []
    files = 0
    for name in [wave] if wave else waves:
        path, _ = _place(root, name, respondent)
        with locked(path.parent):
            clear_temporary(path.parent)
            found = [one for one in (*versions(path), path) if one.is_symlink() or one.exists()]
            _delete(found)
        files += len(found)
        emptied += [name] if found else []
    invited = forget(root, respondent, wave)
    if not files and not invited:
        raise MissingError(f"There are no answers of {shorten(respondent)} here.")
    marks = (mark_stale(root, name, WITHDRAWN, today) for name in emptied)
    return Withdrawn(tuple(emptied), files, tuple(mark for mark in marks if mark is not None))


def _delete(paths: list[Path]) -> None:
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{path} cannot be deleted: {error.strerror}. Delete it by hand.") from error


def _place(root: Path, wave: str, respondent: str) -> tuple[Path, str]:
    for what, text, form in (("wave", wave, WAVE), ("respondent", respondent, RESPONDENT_ID)):
        if not form.fullmatch(text) or len(text) > 64:
            raise UsageError(f"{shorten(text)} is no {what}: at most 64 of a-z, 0-9 and '-'.")
    if not root.is_dir():
        raise MissingError(f"{root} is not a folder. Name a client's folder, or make one with 'gtmdiag init {root}'.")
    return inside(root, "answers", wave, f"{respondent}.yaml"), f"answers/{wave}/{respondent}.yaml"


def _require_role(root: Path, wave: str, respondent: str, shown_as: str, stored: Answers | None, role: str) -> None:
    if role not in known_roles():
        remedy = near_role(role) or "Use one of these; 'other' fits anyone."
        raise InputError([Problem(shown_as, "role", shorten(role), ", ".join(known_roles()), remedy)])
    if stored is not None:
        if stored.role != role:
            found = f"answers of a {role}"
            remedy = "Give the person an id of their own, or correct the role."
            raise InputError([Problem(shown_as, "role", found, f"those of the {stored.role} of this id", remedy)])
        return
    if role == "ceo":
        others = [one.id for one in read_folder(root).waves.get(wave, ()) if one.role == "ceo" and one.id != respondent]
        if others:
            remedy = "Give one of them another role: 'gm' for the head of a unit."
            found = f"a second CEO beside answers/{wave}/{others[0]}.yaml"
            raise InputError([Problem(shown_as, "role", found, "one CEO a wave", remedy)])
