"""Another column than that of segments, by which deals are told apart."""

from __future__ import annotations

from typing import Final

from gtmdiag.errors import UsageError, did_you_mean
from gtmdiag.funnel.config import CrmConfig, name_key

GROUPS: Final = ("segment", "owner", "source")
"""Roles of columns that tell deals apart from their beginning."""


def grouped_by(config: CrmConfig, by: str) -> CrmConfig:
    """Return the configuration with the column of ``by`` as that of segments.

    Parameters
    ----------
    config
        Names the columns.
    by
        ``segment``, ``owner`` or ``source``, or the name of the column that ``config`` has for one of them.

    Raises
    ------
    UsageError
        The configuration names no such column.
    """
    named = {role: column for role in GROUPS if (column := getattr(config.columns, role)) is not None}
    columns = {name_key(name): column for role, column in named.items() for name in (column, role)}
    column = columns.get(name_key(by))
    if column is None:
        there = ", ".join(f"{role} ({column})" for role, column in named.items()) or "none"
        hint = did_you_mean(by, [*named, *named.values()])
        raise UsageError(
            f"--by {by}: the configuration names no such column. It names: {there}. {hint}".rstrip()
            + f"\nWrite the column under 'columns' in crm.yaml, as one of: {', '.join(GROUPS)}."
        )
    return config.model_copy(update={"columns": config.columns.model_copy(update={"segment": column})})
