"""Actions that a team has taken on, carried from week to week in ``standups/actions.yaml``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.operating_model import Day, Text
from gtmdiag.engagement.save import write_atomic
from gtmdiag.engagement.schema import OneLine
from gtmdiag.engagement.yamlfile import load_yaml, refusal, validate

ACTION_FILE = "standups/actions.yaml"
_HEAD = """\
# Actions of the weekly stand-up, carried over until they are done. 'gtmdiag standup' adds one for each miss that has
# none yet, and changes no other line's meaning. When one is done, write 'state: done'; dropped ones are 'dropped'.
"""


def _week(value: object) -> object:
    try:
        year, _, week = value.partition("-W") if isinstance(value, str) else ("", "", "")
        date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        raise refusal("an ISO week such as 2026-W45", "Write year, '-W' and two digits.") from None
    return value


def _id(value: str) -> str:
    if not value.replace("-", "").replace("_", "").isalnum() or not value.isascii() or len(value) > 120:
        raise refusal("letters, digits, '-' and '_'", "Leave ids as they were written.")
    return value


def _listed(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else () if value is None else value


Week = Annotated[str, BeforeValidator(_week)]


class TeamAction(BaseModel):
    """One action: since which week, on which metric or finding, by whom, until when.

    ``metric`` is its name in kpis.csv; ``finding`` the id of a finding that it answers.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Annotated[str, AfterValidator(_id)]
    opened: Week
    metric: OneLine | None = None
    finding: OneLine | None = None
    action: Text
    owner: Text
    due: Day
    state: Literal["open", "done", "dropped"] = "open"


class ActionLog(BaseModel):
    """standups/actions.yaml."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    schema_: Literal["gtmdiag.actions/1"] = Field(default="gtmdiag.actions/1", alias="schema")
    actions: Annotated[tuple[TeamAction, ...], BeforeValidator(_listed)] = ()


def read_actions(root: Path) -> ActionLog:
    """Return a client's actions; none where there is no file.

    Raises
    ------
    InputError
        Every problem of the file at once.
    StorageError
        The file cannot be read.
    """
    path = inside(root, *ACTION_FILE.split("/"))
    return validate(ActionLog, load_yaml(path, ACTION_FILE)) if path.exists() else ActionLog()


def write_actions(root: Path, actions: Sequence[TeamAction]) -> None:
    """Write all actions anew; the version before is kept in ``.history/``.

    Raises
    ------
    StorageError
        The file cannot be written.
    """
    lines = [_HEAD, "schema: gtmdiag.actions/1", "", "actions:" if actions else "actions: []"]
    for one in actions:
        fields: dict[str, Any] = one.model_dump(mode="json", exclude_none=True)
        first, *rest = (f"{name}: {_scalar(name, value)}" for name, value in fields.items())
        lines += [f"  - {first}", *(f"    {line}" for line in rest)]
    write_atomic(inside(root, *ACTION_FILE.split("/")), ("\n".join(lines) + "\n").encode(), keep_previous=True)


def _scalar(name: str, value: object) -> str:
    return str(value) if name in ("id", "opened", "due", "state") else json.dumps(value, ensure_ascii=False)
