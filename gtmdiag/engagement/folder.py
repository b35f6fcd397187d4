"""Open an engagement: one client is one folder of readable files."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from gtmdiag.engagement.roles import Function, known_roles
from gtmdiag.engagement.schema import Answers, Client, InstrumentAnswers, is_one_line, slug
from gtmdiag.engagement.yamlfile import Located, load_yaml, validate
from gtmdiag.errors import (
    GtmdiagError,
    InputError,
    MissingError,
    Problem,
    StorageError,
    UsageError,
    did_you_mean,
    has_error,
    shorten,
)

WAVE = re.compile(r"[0-9a-z-]+")
RESPONDENT_ID = re.compile(r"[a-z0-9-]+")

PARTS = frozenset(
    {
        "answers",
        "calendar",
        "client.yaml",
        "crm",
        "instruments",
        "kpis.csv",
        "notebooks",
        "operating_model.yaml",
        "reports",
        "standups",
    }
)
"""What a client's folder may hold; one that holds other things alone is none."""
# The folder that `init` writes holds these; they are for people.
_FOR_PEOPLE = frozenset({"README.md", "EXAMPLE"})


@dataclass(frozen=True)
class Respondent:
    """One person's answers in one wave.

    Attributes
    ----------
    id
        Name of the file without ``.yaml``; never the role.
    role, function
        A role of ``roles.yaml`` and the function that it speaks for.
    answers
        Answers by instrument id. Whether instrument and item ids exist is for the instruments to say.
    file
        ``"answers/2026-q3/jane.yaml"``.
    located
        The file as read; ``located.place(("answers", instrument, "items", item))`` names a line in a `Problem`.
    """

    id: str
    role: str
    function: Function
    answers: Mapping[str, InstrumentAnswers]
    file: str
    located: Located


@dataclass(frozen=True)
class Engagement:
    """One client's folder, opened for one wave.

    Attributes
    ----------
    root
        The folder, as it was named.
    client
        client.yaml.
    waves
        Every wave, sorted as text.
    wave
        The wave that ``respondents`` belong to; empty where there is none.
    respondents
        Sorted by id.
    warnings
        What does not stop the analysis.
    """

    root: Path
    client: Client
    waves: tuple[str, ...]
    wave: str
    respondents: tuple[Respondent, ...]
    warnings: tuple[Problem, ...]

    def inside(self, *parts: str) -> Path:
        """Return a path in the folder; see `inside`."""
        return inside(self.root, *parts)


def inside(root: Path, *parts: str) -> Path:
    """Return ``root`` joined with ``parts``, which need not exist.

    Raises
    ------
    InputError
        The path would leave ``root``, by ``..``, as an absolute path or through a link.
    """
    shown = _printable("/".join(parts))
    path = root.joinpath(*parts)
    try:
        leaves = ".." in Path(*parts).parts or not path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        # A loop of links, or a NUL in the name.
        leaves = True
    if leaves:
        remedy = "Put the file itself into the engagement folder."
        raise InputError([Problem(shown, "", "a path or link out of the folder", "files in it", remedy)])
    return path


@dataclass(frozen=True)
class Folder:
    """What an engagement folder holds, with every problem of client.yaml and of the answers of every wave.

    ``client`` is None where client.yaml cannot be used; ``waves`` maps each wave to the respondents whose files can.
    """

    client: Client | None
    waves: Mapping[str, tuple[Respondent, ...]]
    problems: tuple[Problem, ...]


def read_folder(root: Path, *, answers: bool = True) -> Folder:
    """Read an engagement folder as far as it goes. Anything in it may be missing.

    Parameters
    ----------
    root
        The client's folder.
    answers
        Whether to read them, which takes a millisecond a file; otherwise the waves are named and hold nobody.

    Raises
    ------
    MissingError
        There is no such folder, or it holds other things and nothing of a client.
    StorageError
        A file or folder cannot be read.
    """
    if not root.is_dir():
        raise MissingError(f"{root} is not a folder. Name a client's folder, or make one with 'gtmdiag init {root}'.")
    problems: list[Problem] = []
    try:
        _refuse_other_folders(root)
        client = _read_client(root, problems)
        names = _wave_names(root, problems)
        waves = {name: _read_wave(root, name, problems) if answers else () for name in names}
    except GtmdiagError:
        raise
    except OSError as error:
        raise StorageError(f"{error.filename or root} cannot be read: {error.strerror}.") from error
    return Folder(client, waves, tuple(problems))


def chosen_wave(waves: Collection[str], wave: str = "") -> str:
    """Return the wave that is meant: the one that is named, else the last, sorted as text; empty where there is none.

    Raises
    ------
    UsageError
        There is no such wave.
    """
    if wave and wave not in waves:
        known = f"The waves are: {', '.join(waves)}." if waves else "There are no waves."
        raise UsageError(f"No wave {shorten(wave)}. {known} {did_you_mean(wave, waves)}".strip())
    return wave or max(waves, default="")


def last_wave(root: Path) -> str:
    """Return the wave that is meant where none is named, without reading an answer; empty where there is none.

    Raises
    ------
    StorageError
        The folder of the answers cannot be read.
    """
    try:
        return chosen_wave(_wave_names(root, []))
    except OSError as error:
        raise StorageError(f"{error.filename or root} cannot be read: {error.strerror}.") from error


def wave_names(root: Path) -> tuple[str, ...]:
    """Return every wave, sorted as text, without reading an answer.

    Raises
    ------
    MissingError
        There is no such engagement.
    StorageError
        The folder of the answers cannot be read.
    """
    if not root.is_dir():
        raise MissingError(f"{root} is not a folder. Name a client's folder, or make one with 'gtmdiag init {root}'.")
    try:
        return _wave_names(root, [])
    except OSError as error:
        raise StorageError(f"{error.filename or root} cannot be read: {error.strerror}.") from error


def open_engagement(root: Path, wave: str = "") -> Engagement:
    """Open an engagement folder. Anything in it may be missing.

    Parameters
    ----------
    root
        The client's folder.
    wave
        A wave of it; by default the last one, sorted as text.

    Raises
    ------
    InputError
        Every problem of client.yaml and of the answers of every wave, the warnings among them.
    MissingError
        There is no such folder.
    StorageError
        A file or folder cannot be read.
    UsageError
        There is no such wave.
    """
    folder = read_folder(root)
    chosen = chosen_wave(folder.waves, wave)
    if folder.client is None or has_error(folder.problems):
        raise InputError(folder.problems)
    respondents = folder.waves.get(chosen, ())
    return Engagement(root, folder.client, tuple(folder.waves), chosen, respondents, folder.problems)


def _refuse_other_folders(root: Path) -> None:
    """Refuse a folder that somebody named by mistake, before anything is written into it."""
    names = {path.name for path in root.iterdir() if not path.name.startswith(".")}
    if names and not names & PARTS:
        shown = root.name or str(root)
        raise MissingError(
            f"{shown} is no client's folder: it holds none of {', '.join(sorted(PARTS))}. "
            "Name a client's folder, or make one with 'gtmdiag init'."
        )


def _read_client(root: Path, problems: list[Problem]) -> Client | None:
    try:
        return validate(Client, load_yaml(inside(root, "client.yaml"), "client.yaml"))
    except InputError as error:
        problems.extend(error.problems)
        return None
    except MissingError:
        return _client_named_after(root, problems)


def _client_named_after(root: Path, problems: list[Problem]) -> Client:
    folder = root.resolve().name
    name = folder if is_one_line(folder) else slug(folder)
    remedy = "Write it with 'gtmdiag init', so that the report knows the company."
    problems.append(Problem("client.yaml", "", "no such file", "the client's name and facts", remedy, "warning"))
    return Client(id=slug(folder), name=name[:200])


def _entries(root: Path, *parts: str) -> list[Path]:
    """Return what a folder holds, sorted, without hidden files, backups and what is for people."""
    try:
        listed = sorted(inside(root, *parts).iterdir())
    except FileNotFoundError:
        return []
    return [
        path
        for path in listed
        if not path.name.startswith(".") and path.suffix != ".bak" and path.name not in _FOR_PEOPLE
    ]


def _wave_names(root: Path, problems: list[Problem]) -> tuple[str, ...]:
    names: list[str] = []
    try:
        entries = _entries(root, "answers")
    except InputError as error:
        problems.extend(error.problems)
        return ()
    for path in entries:
        shown = f"answers/{_printable(path.name)}"
        if not path.is_dir():
            remedy = "Move it into the folder of a wave, or out of answers/."
            problems.append(Problem(shown, "", "a file", "one folder a wave", remedy, "warning"))
        elif WAVE.fullmatch(path.name):
            names.append(path.name)
        else:
            remedy = f"Rename the folder, for instance '{slug(path.name)}'."
            problems.append(Problem(shown, "", "a name of another form", "a-z, 0-9 and '-' for a wave", remedy))
    return tuple(names)


def _read_wave(root: Path, wave: str, problems: list[Problem]) -> tuple[Respondent, ...]:
    try:
        entries = _entries(root, "answers", wave)
    except InputError as error:
        problems.extend(error.problems)
        return ()
    if not entries:
        remedy = "Add the answers, or remove the folder."
        problems.append(Problem(f"answers/{wave}", "", "no answers", "one file a respondent", remedy, "warning"))
    respondents: list[Respondent] = []
    for path in entries:
        shown = f"answers/{wave}/{_printable(path.name)}"
        if path.suffix not in (".yaml", ".yml") or path.is_dir():
            remedy = "Remove it; it is not read."
            problems.append(Problem(shown, "", "something else", "one .yaml file a respondent", remedy, "warning"))
        elif path.suffix == ".yml" or not RESPONDENT_ID.fullmatch(path.stem):
            remedy = f"Rename the file, for instance '{slug(path.stem)}.yaml'."
            allowed = "a-z, 0-9 and '-', then '.yaml'"
            problems.append(Problem(shown, "", "a name of another form", allowed, remedy))
        else:
            try:
                respondents.append(_read_respondent(root, wave, path.stem))
            except InputError as error:
                problems.extend(error.problems)
            except MissingError:
                remedy = "Put the file itself here."
                problems.append(Problem(shown, "", "a link to nothing", "a file", remedy))
    problems.extend(_too_many_ceos(respondents))
    return tuple(respondents)


def _read_respondent(root: Path, wave: str, respondent: str) -> Respondent:
    shown = f"answers/{wave}/{respondent}.yaml"
    located = load_yaml(inside(root, "answers", wave, f"{respondent}.yaml"), shown)
    answers = validate(Answers, located)
    function = known_roles()[answers.role].function
    return Respondent(respondent, answers.role, function, answers.answers, shown, located)


def _too_many_ceos(respondents: list[Respondent]) -> list[Problem]:
    ceos = [respondent for respondent in respondents if respondent.role == "ceo"]
    remedy = "Give all but one another role: 'gm' for the head of a unit."
    return [
        Problem(ceo.file, ceo.located.place(("role",)), f"a second CEO beside {ceos[0].file}", "one CEO a wave", remedy)
        for ceo in ceos[1:]
    ]


def _printable(name: str) -> str:
    return name if is_one_line(name) else shorten(name.encode("utf-8", "backslashreplace").decode())
