"""What operating_model.yaml may hold: stages, ownership map, handoffs, KPIs, cadence, feedback loops, artefacts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from gtmdiag.engagement.arrows import parted
from gtmdiag.engagement.hours import parsed_date
from gtmdiag.engagement.schema import OneLine, is_one_line
from gtmdiag.engagement.spans import ResponseTime, Span
from gtmdiag.engagement.yamlfile import YamlPath, refusal

OPERATING_FILE = "operating_model.yaml"

LayerId = Literal["revenue_architecture", "ownership_map", "kpi_architecture", "operating_cadence", "feedback_loops"]
Team = Literal["marketing", "sales", "cs", "product", "revops", "business"]
Kind = Literal["leading", "lagging"]
MeetingKind = Literal["standup", "pipeline", "operating", "quarterly"]
Power = Literal["process", "resources", "escalation", "budget"]
KpiUnit = Literal["share", "days", "count", "times", "money"]
Direction = Literal["below", "above"]
Frequency = Literal["daily", "weekly", "biweekly", "monthly", "quarterly"]

_T = TypeVar("_T")
_PERCENT = re.compile(r" *([0-9]+(?:\.[0-9]+)?) *% *")


def _text(value: str) -> str:
    plain = " ".join(value.split())
    if not is_one_line(plain) or len(plain) > 1000:
        raise refusal("text of 1 to 1000 characters, none of them invisible", "Retype the text.")
    return plain


def _listed(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else (value,)


def _named(value: object) -> object:
    """Take one response time for that of the response itself."""
    return cast("object", value) if isinstance(value, dict) else {"response": value}


def _step(value: object) -> tuple[str, str]:
    return parted(value, "stages")


Text = Annotated[str, AfterValidator(_text)]
Listed = Annotated[tuple[_T, ...], BeforeValidator(_listed)]
Day = Annotated[date, BeforeValidator(parsed_date)]
Step = Annotated[tuple[str, str], BeforeValidator(_step)]


class _Part(BaseModel):
    """An entry; a key without a value is one that is not filled in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        known = {info.alias or name for name, info in cls.model_fields.items()}
        entries = cast("Mapping[str, object]", value).items()
        return {key: one for key, one in entries if key not in known or one not in (None, "", [], {})}


class MapStage(_Part):
    """A stage from first touch to expansion: whose it is, and what must be true for a customer to enter it.

    ``role`` binds it to the roles of crm.yaml where its name differs. A name alone will do.
    """

    name: OneLine
    team: Team | None = None
    role: OneLine | None = None
    enters: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: object) -> object:
        return {"name": value} if isinstance(value, str) else value


class MapHandoff(_Part):
    """A handoff between two stages: ``sla`` are response times by what is due, in the order of the file."""

    step: Step
    giving: Annotated[Team, Field(alias="from")]
    taking: Annotated[Team, Field(alias="to")]
    trigger: Text = ""
    packet: Listed[Text] = ()
    sla: Annotated[dict[str, ResponseTime], BeforeValidator(_named)] = Field(default_factory=dict[str, Span])
    escalation: Text = ""
    initiated_by: Text = ""

    @property
    def name(self) -> str:
        """``"MQL→SQL"``."""
        return "→".join(self.step)


class RowSla(_Part):
    """What an owner of a stage promises: response time, data required, whom to escalate to."""

    respond_within: ResponseTime | None = None
    data: Listed[Text] = ()
    escalation: Text = ""


class RaciRow(_Part):
    """Who is responsible for a stage or handoff, accountable for it, consulted and informed."""

    activity: OneLine
    responsible: Listed[OneLine] = ()
    accountable: Listed[OneLine] = ()
    consulted: Listed[OneLine] = ()
    informed: Listed[OneLine] = ()
    sla: RowSla | None = None


class Kpi(_Part):
    """A metric, and the rule on it as far as there is one.

    ``threshold`` is in ``unit``, a share from 0 to 1 (``30 %`` is read so). The rule fires when the metric lies
    ``direction`` the threshold for ``window`` weeks running. ``metric`` is its name in kpis.csv.
    """

    metric: OneLine
    name: OneLine | None = None
    team: Team
    kind: Kind
    unit: KpiUnit = "count"
    threshold: Annotated[float, Field(allow_inf_nan=False)] | None = None
    direction: Direction | None = None
    window: Annotated[int, Field(ge=1, le=52)] | None = None
    owner: Text = ""
    action: Text = ""
    respond_within: ResponseTime | None = None
    source: Text = ""

    @property
    def label(self) -> str:
        """Its name for readers."""
        return self.name or self.metric

    @property
    def finding(self) -> str:
        """Id of the finding that its rule has fired."""
        return f"kpis.{'_'.join(self.metric.split())}"

    @model_validator(mode="before")
    @classmethod
    def _percent(cls, value: object) -> object:
        if isinstance(value, Mapping):
            entry = dict(cast("Mapping[str, Any]", value))
            told = entry.get("threshold")
            share = entry.get("unit") in (None, "", "share")
            if share and isinstance(told, str) and (found := _PERCENT.fullmatch(told)):
                return {"unit": "share", **entry, "threshold": float(Fraction(found[1]) / 100)}
        return cast("object", value)

    @field_validator("threshold")
    @classmethod
    def _share_is_one(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and info.data.get("unit") == "share" and not 0 < value < 1:
            raise refusal("a share between 0 and 1", "Write '30 %' or 0.3.")
        return value


class Held(_Part):
    """A meeting that took place: misses of thresholds seen, and actions that left it with an owner and a deadline."""

    date: Day
    misses: Annotated[int, Field(ge=0)]
    actions: Annotated[int, Field(ge=0)]


class Meeting(_Part):
    """A meeting of the cadence. ``authority`` is what those in the room may do without asking anybody."""

    meeting: OneLine
    kind: MeetingKind
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    frequency: Frequency | None = None
    attendees: Listed[Text] = ()
    authority: Listed[Power] = ()
    outputs: Listed[Text] = ()
    held: Listed[Held] = ()


class FeedbackLoop(_Part):
    """What one team tells another regularly, and what that last changed there."""

    giving: Annotated[Team, Field(alias="from")]
    taking: Annotated[Team, Field(alias="to")]
    what: Text = ""
    frequency: Frequency | None = None
    owner: Text = ""
    last_change: Text = ""
    changed_on: Day | None = None


class Artefact(_Part):
    """A document that shows a layer: where it is, when it was written, last used, and changed by its own feedback.

    ``file`` is a path inside the engagement folder.
    """

    layer: LayerId
    name: OneLine
    link: Text = ""
    file: Text = ""
    date: Day | None = None
    used_on: Day | None = None
    used_for: Text = ""
    improved_on: Day | None = None
    improved_because: Text = ""


class OperatingModel(_Part):
    """operating_model.yaml. Everything may be missing. ``adopted`` gives an owner to published rules by their id."""

    schema_: Literal["gtmdiag.operating_model/1"] = Field(default="gtmdiag.operating_model/1", alias="schema")
    stages: Listed[MapStage] = ()
    handoffs: Listed[MapHandoff] = ()
    raci: Listed[RaciRow] = ()
    kpis: Listed[Kpi] = ()
    adopted: dict[str, Text] = Field(default_factory=dict[str, str])
    cadence: Listed[Meeting] = ()
    feedback_loops: Listed[FeedbackLoop] = ()
    artefacts: Listed[Artefact] = ()

    @property
    def days(self) -> tuple[tuple[YamlPath, date], ...]:
        """Every date of the file, with its path."""
        found: list[tuple[YamlPath, date | None]] = []
        for number, one in enumerate(self.artefacts):
            days = {"date": one.date, "used_on": one.used_on, "improved_on": one.improved_on}
            found += [(("artefacts", number, key), day) for key, day in days.items()]
        found += [(("feedback_loops", n, "changed_on"), loop.changed_on) for n, loop in enumerate(self.feedback_loops)]
        for number, meeting in enumerate(self.cadence):
            found += [(("cadence", number, "held", n, "date"), held.date) for n, held in enumerate(meeting.held)]
        return tuple((path, day) for path, day in found if day is not None)
