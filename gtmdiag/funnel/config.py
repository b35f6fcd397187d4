"""What ``crm/crm.yaml`` says about an export: shape, files, columns, stages, outcomes."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from gtmdiag.engagement.hours import zone
from gtmdiag.engagement.yamlfile import parse_yaml, refusal, validate, yaml_text
from gtmdiag.funnel.steps import Alarm, Handoff, Name, Step

Shape = Literal["history", "wide", "snapshot", "counts"]
DateOrder = Literal["dmy", "mdy", "ymd"]
Decimal = Literal[".", ","]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

CONFIG_FILE = "crm.yaml"
TIMES: Final = ("entered_at", "created_at", "closed_at", "won_at", "lost_at")
"""Columns, by their names in `Columns`, that hold times."""
_NEEDED: Mapping[Shape, tuple[str, ...]] = {
    "history": ("deal", "stage", "entered_at"),
    "wide": ("deal",),
    "snapshot": ("deal", "stage"),
    "counts": ("stage", "entered", "advanced"),
}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Model):
    """Names of the export's columns, as they stand in its header.

    ``closed_at`` counts only for deals that are closed: in most systems an open deal carries an expected date there.
    With the shape ``wide``, ``stage`` is the present stage. ``entered`` and ``advanced`` hold numbers of deals, for the
    shape ``counts``.
    """

    deal: Name | None = None
    stage: Name | None = None
    entered_at: Name | None = None
    amount: Name | None = None
    owner: Name | None = None
    segment: Name | None = None
    status: Name | None = None
    created_at: Name | None = None
    closed_at: Name | None = None
    won_at: Name | None = None
    lost_at: Name | None = None
    currency: Name | None = None
    source: Name | None = None
    lost_reason: Name | None = None
    entered: Name | None = None
    advanced: Name | None = None


class Pipeline(_Model):
    """The column that tells the pipeline, and which one is meant; several values are several names of one."""

    column: Name
    value: tuple[Name, ...] = ()

    @field_validator("value", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class CrmConfig(_Model):
    """The content of ``crm.yaml``.

    Attributes
    ----------
    shape
        ``history``: one row for each stage a deal entered. ``wide``: one row a deal, with a column of dates for each
        stage. ``snapshot``: one row a deal, with its present stage. ``counts``: one row a stage, with how many deals
        entered it and how many of them advanced.
    file
        The export, a path inside the ``crm`` folder.
    deals
        A second table with one row a deal; what both tables have is taken from this one.
    deals_key
        Its column of deal ids, where that is not named like ``columns.deal``.
    entered, advanced
        With ``counts``, the columns of numbers, where they do not stand under ``columns``.
    stages
        Open stages in the order a deal should pass them; at least one.
    won, lost, ignore
        Stage or status names that mean won, that mean lost, and whose rows are left out.
    stage_columns
        With ``wide``: from a name in ``stages``, ``won`` or ``lost`` to the column that tells when a deal entered it.
    roles
        Which stage plays a role that rules and published values are bound to: ``{mql: MQL, sql: SQL}``.
    marketing_sources
        Values of the column ``source`` that are marketing's work, for its share of new pipeline.
    as_of
        The day the export was taken. Absent: the last date in it that is not in the future.
    date_order, decimal
        Used only for a column that does not decide them itself.
    sheet
        The sheet of a workbook; needed where several hold something.
    timezone
        Where the client's clocks hang: ``Europe/Berlin``. Times with an offset are put into it; days and weeks are its.
        Absent: UTC.
    pipeline
        The one pipeline to analyse, where the export holds several.
    lines
        Where a deal has several rows of different amounts: ``add`` them, or take one of them ``once``.
    currency
        Three letters, for all amounts that have no currency column.
    rates
        What one unit of another currency is worth in ``currency``: ``{USD: 0.92}``. Amounts of a currency without a
        rate stay apart.
    handoffs
        From a step between stages to who hands over to whom.
    targets
        From a step between stages to the client's own target, a share from 0 to 1.
    rules
        From a step between stages to the client's own alarm: ``{below: 0.25, weeks: 2}``.
    """

    shape: Shape
    file: Name
    deals: Name | None = None
    deals_key: Name | None = None
    entered: Name | None = None
    advanced: Name | None = None
    columns: Columns
    stages: Annotated[tuple[Name, ...], Field(min_length=1, max_length=500)]
    won: tuple[Name, ...] = ()
    lost: tuple[Name, ...] = ()
    ignore: tuple[Name, ...] = ()
    stage_columns: Annotated[dict[Name, Name], Field(default_factory=dict, validate_default=True)]
    roles: dict[Name, Name] = Field(default_factory=dict)
    marketing_sources: tuple[Name, ...] = ()
    as_of: date | None = None
    date_order: DateOrder | None = None
    decimal: Decimal | None = None
    timezone: str | None = None
    pipeline: Pipeline | None = None
    lines: Literal["add", "once"] | None = None
    currency: Currency | None = None
    rates: dict[Currency, Annotated[float, Field(gt=0, le=100_000)]] = Field(default_factory=dict)
    handoffs: dict[Step, Handoff] = Field(default_factory=dict[tuple[str, str], Handoff])
    targets: dict[Step, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict[tuple[str, str], float])
    rules: dict[Step, Alarm] = Field(default_factory=dict[tuple[str, str], Alarm])
    encoding: str | None = None
    sheet: Name | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None

    @field_validator("deals_key")
    @classmethod
    def _key_has_its_table(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("deals") is None:
            raise refusal("a column of the table named by 'deals'", "Name that table: 'deals: deals.csv'.")
        return value

    @field_validator("columns")
    @classmethod
    def _shape_has_its_columns(cls, value: Columns, info: ValidationInfo) -> Columns:
        shape: Shape | None = info.data.get("shape")
        named = {role: getattr(value, role) or info.data.get(role) for role in _NEEDED.get(shape, ())} if shape else {}
        if lacking := [role for role, name in named.items() if name is None]:
            names = " and ".join(f"'{role}'" for role in lacking)
            raise refusal(f"with shape {shape}, also {names}", "Name the columns of the export that hold this.")
        return value.model_copy(update=named) if shape == "counts" else value

    @field_validator("stages", "won", "lost", "ignore")
    @classmethod
    def _each_name_once(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        taken = {name_key(name): field for field in ("stages", "won", "lost", "ignore") for name in _names(info, field)}
        for name in value:
            if name_key(name) in taken:
                raise refusal(f"each stage once; {name!r} is also under '{taken[name_key(name)]}'", "Keep one of them.")
            taken[name_key(name)] = str(info.field_name)
        return value

    @field_validator("stage_columns")
    @classmethod
    def _stage_columns_fit(cls, value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        shape = info.data.get("shape")
        if shape is not None and (shape == "wide") != bool(value):
            example = """stage_columns: {MQL: Date entered "MQL"}"""
            raise refusal(
                "with shape wide, a column of dates for each stage; with another shape, no stage_columns",
                f"Write such as '{example}'." if shape == "wide" else "Remove them, or write 'shape: wide'.",
            )
        known = {name_key(name) for field in ("stages", "won", "lost") for name in _names(info, field)}
        for stage in value:
            if "stages" in info.data and name_key(stage) not in known:
                raise refusal(f"names from 'stages', 'won' and 'lost'; not {stage!r}", "Add it to one of these lists.")
        return value

    @field_validator("marketing_sources")
    @classmethod
    def _sources_have_their_column(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        columns = info.data.get("columns")
        if value and isinstance(columns, Columns) and columns.source is None:
            raise refusal("values of the column that 'source' names", "Write such as 'source: Lead Source' in columns.")
        return value

    @field_validator("roles")
    @classmethod
    def _roles_are_stages(cls, value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        known = {name_key(name) for name in _names(info, "stages")}
        for role, stage in value.items():
            if known and name_key(stage) not in known:
                raise refusal(f"names from 'stages'; role {role!r} names {stage!r}", "Name one of the stages.")
        return value

    @field_validator("handoffs", "targets", "rules")
    @classmethod
    def _steps_are_on_the_map(cls, value: dict[tuple[str, str], object], info: ValidationInfo) -> object:
        known = {name_key(name) for field in ("stages", "won", "lost") for name in _names(info, field)}
        known |= {"won", *(name_key(role) for role in info.data.get("roles", {}))}
        for name in (name for step in value for name in step):
            if "stages" in info.data and name_key(name) not in known:
                raise refusal(f"steps between stages; {name!r} is none", "Name stages, roles, or 'won'.")
        return value

    @field_validator("rates")
    @classmethod
    def _rates_have_a_currency(cls, value: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        if value and info.data.get("currency") is None:
            raise refusal("rates into the currency that 'currency' names", "Write such as 'currency: EUR' above.")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str | None) -> str | None:
        return None if value is None else zone(value)

    @field_validator("encoding")
    @classmethod
    def _encoding_exists(cls, value: str | None) -> str | None:
        try:
            if value is not None:
                "".encode(codecs.lookup(value).name)
        except LookupError:
            raise refusal("an encoding such as utf-8, windows-1252, utf-16", "Change it, or remove the line.") from None
        return value


def _names(info: ValidationInfo, field: str) -> tuple[str, ...]:
    # A field that was refused is absent.
    return info.data.get(field, ())


def name_key(name: str) -> str:
    """Return the form in which stage names are compared: without case and surplus spaces."""
    return " ".join(name.split()).casefold()


def read_config(crm_dir: Path) -> CrmConfig | None:
    """Read ``crm.yaml`` of a ``crm`` folder; None where there is none.

    Raises
    ------
    InputError
        Every problem of the file at once.
    """
    path = crm_dir / CONFIG_FILE
    if not path.exists():
        return None
    shown_as = f"{crm_dir.name}/{CONFIG_FILE}"
    return _config(yaml_text(path, shown_as), shown_as)


@lru_cache(maxsize=1)
def _config(text: str, shown_as: str) -> CrmConfig:
    """Return what a text says, parsed once for all who ask in a row."""
    return validate(CrmConfig, parse_yaml(text, shown_as))
