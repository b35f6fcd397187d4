"""Take published rules on: write an owner for each into operating_model.yaml, and leave all else as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.operating_file import read_operating_file
from gtmdiag.engagement.operating_model import OPERATING_FILE, OperatingModel
from gtmdiag.engagement.save import write_atomic
from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.errors import MissingError, UsageError
from gtmdiag.instruments.operating_rules import KpiRule, operating_rules, plain

_START = "schema: gtmdiag.operating_model/1\n"
_KEY = "adopted:"


@dataclass(frozen=True)
class Offer:
    """A published rule: ``owner`` is who has taken it on, or empty; ``own`` tells that the client has its own rule."""

    rule: KpiRule
    owner: str
    own: bool


def offers(root: Path) -> tuple[Offer, ...]:
    """Return every published rule and whether a client has it.

    Raises
    ------
    InputError, MissingError, StorageError
        operating_model.yaml cannot be used, or the folder is not there.
    """
    if not root.is_dir():
        raise MissingError(f"{root} is not a folder. Name a client's folder, or make one with 'gtmdiag init {root}'.")
    file = read_operating_file(root)
    model = file.model if file is not None else OperatingModel()
    own = {plain(kpi.metric) for kpi in model.kpis}
    return tuple(Offer(rule, model.adopted.get(rule.id, ""), rule.id in own) for rule in operating_rules().kpis)


def adopt(root: Path, owners: Mapping[str, str]) -> tuple[Offer, ...]:
    """Give each published rule of some functions an owner; a rule that the client has stays as it is.

    Parameters
    ----------
    root
        The client's folder.
    owners
        From a function (``"marketing"``, ``"sales"``, ``"cs"``) to who owns its rules.

    Returns
    -------
    tuple[Offer, ...]
        The rules that were written. The version of the file before is kept in ``.history/``.

    Raises
    ------
    InputError, MissingError, StorageError
        As `offers`; also where a name cannot be one.
    UsageError
        The file holds ``adopted`` in a form that this cannot add to.
    """
    taken = [
        Offer(one.rule, owners[one.rule.team], False)
        for one in offers(root)
        if not one.owner and not one.own and one.rule.team in owners
    ]
    if not taken:
        return ()
    path = inside(root, OPERATING_FILE)
    text = path.read_text(encoding="utf-8-sig") if path.exists() else _START
    lines = [f"{one.rule.id}: {json.dumps(one.owner, ensure_ascii=False)}" for one in taken]
    added = _with(text, lines)
    validate(OperatingModel, parse_yaml(added, OPERATING_FILE))
    write_atomic(path, added.encode(), keep_previous=True)
    return tuple(taken)


def _with(text: str, entries: list[str]) -> str:
    lines = text.splitlines()
    located = parse_yaml(text, OPERATING_FILE)
    if not located.has(("adopted",)):
        block = ["", "# Published rules and who owns them.", _KEY, *(f"  {entry}" for entry in entries)]
        return "\n".join([*lines, *block, ""])
    place = next((number for number, line in enumerate(lines) if line.partition("#")[0].strip() == _KEY), None)
    if place is None:
        allowed = "Write 'adopted:' on a line of its own, one rule a line below it, or add the rules by hand: "
        raise UsageError(f"{OPERATING_FILE} has 'adopted' on one line. {allowed}{'; '.join(entries)}.")
    children = [path for path in (("adopted", key) for key in located.data["adopted"] or ()) if located.has(path)]
    first = located.line(children[0]) if children else None
    indent = " " * (len(lines[first - 1]) - len(lines[first - 1].lstrip())) if first else "  "
    return "\n".join([*lines[: place + 1], *(f"{indent}{entry}" for entry in entries), *lines[place + 1 :], ""])
