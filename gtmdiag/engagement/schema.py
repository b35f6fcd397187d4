"""What client.yaml and an answers file may hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.branding import Branding
from gtmdiag.engagement.hours import BusinessHours, parsed_date
from gtmdiag.engagement.roles import known_roles, near_role
from gtmdiag.engagement.yamlfile import refusal

CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

# Embedding and override marks change the order of the text around a name; letters of right-to-left scripts need none.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def slug(text: str) -> str:
    """Return the nearest client id to ``text``, or ``"client"`` where nothing of it can stay."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].rstrip("-") or "client"


def is_one_line(text: str) -> bool:
    """Tell whether ``text`` can be shown as a name: any script, no control character, not blank."""
    invisible = ("Cc", "Cs", "Zl", "Zp")
    return bool(text.strip()) and not any(
        unicodedata.category(character) in invisible or character in _DIRECTION_MARKS for character in text
    )


def _client_id(value: str) -> str:
    if not CLIENT_ID.fullmatch(value):
        remedy = f"Write '{slug(value)}', for instance."
        raise refusal("1 to 64 of a-z, 0-9 and '-', not '-' first", remedy)
    return value


def _one_line(value: str) -> str:
    if not is_one_line(value) or len(value) > 200:
        raise refusal("one line of 1 to 200 characters, none of them invisible", "Retype the text.")
    return value


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        remedy = f"Write {value.upper()}." if re.fullmatch(r"[A-Za-z]{3}", value) else "Write USD or GBP, for instance."
        raise refusal("the three letters of an ISO currency code, such as EUR", remedy)
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        raise refusal("a language tag such as en, de or pt-BR", 'Write "en".')
    return value


def _role(value: str) -> str:
    if value not in known_roles():
        raise refusal(", ".join(known_roles()), near_role(value) or "Use one of these; 'other' fits anyone.")
    return value


def _parsed_datetime(value: Any) -> Any:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


COMMENT_LIMIT = 2_000
"""Characters of a comment that are kept: a whole file of answers stays below what is read."""

OneLine = Annotated[str, AfterValidator(_one_line)]
Count = Annotated[int, Field(ge=1)]
Moment = Annotated[datetime, BeforeValidator(_parsed_datetime)]
Comment = Annotated[str, Field(max_length=COMMENT_LIMIT)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Company(_Record):
    """What the diagnostics ask of the company itself; everything may be unknown.

    ``headcount`` and ``business_units`` are numbers of at least 1. ``gtm_structure`` is the present one.
    """

    headcount: Count | None = None
    business_units: Count | None = None
    ownership: Literal["founder", "vc", "pe", "public", "other"] | None = None
    gtm_structure: Literal["centralized", "distributed"] | None = None


class Anonymity(_Record):
    """From how many respondents a group's score, and its spread, may be shown."""

    group_minimum: int = Field(default=3, ge=3)
    spread_minimum: int = Field(default=5, ge=3)

    @model_validator(mode="after")
    def _spread_needs_more(self) -> Anonymity:
        if self.spread_minimum < self.group_minimum:
            allowed = f"a spread_minimum ({self.spread_minimum}) of at least group_minimum ({self.group_minimum})"
            raise refusal(allowed, f"Write 'spread_minimum: {self.group_minimum}' or more.")
        return self

    @property
    def rule(self) -> AnonymityRule:
        """The two numbers as the rule that the diagnostics go by."""
        return AnonymityRule(self.group_minimum, self.spread_minimum)


class Rights(_Record):
    """Who designs and who decides one decision, as answers to the questions on ownership."""

    designs: str | None = None
    decides: str | None = None


class Agreed(_Record):
    """Who should own the model and hold its decisions, as agreed with the client; ``decisions`` is by decision."""

    owner: str | None = None
    decisions: Mapping[str, Rights] = Field(default_factory=dict[str, Rights])


class Client(_Record):
    """client.yaml: who the client is, and what is known of the company.

    ``as_of`` is the day that the report speaks for; absent, it is the last date in the data. ``plan_start`` is the day
    from which the plan counts, on the first Monday; absent, it is ``as_of``. ``currency`` is an ISO code, ``language``
    a language tag. Without ``business_hours`` waiting is told in hours of the clock. ``agreed_ownership`` is what the
    editor of the altitude map begins with.
    """

    schema_: Literal["gtmdiag.client/1"] = Field(default="gtmdiag.client/1", alias="schema")
    id: Annotated[str, AfterValidator(_client_id)]
    name: OneLine
    currency: Annotated[str, AfterValidator(_currency)] | None = None
    language: Annotated[str, AfterValidator(_language)] = "en"
    as_of: Annotated[date | None, BeforeValidator(parsed_date)] = None
    plan_start: Annotated[date | None, BeforeValidator(parsed_date)] = None
    confidentiality: OneLine = "Confidential"
    branding: Branding = Branding()
    company: Company = Company()
    business_hours: BusinessHours | None = None
    anonymity: Anonymity = Anonymity()
    agreed_ownership: Agreed = Agreed()


class InstrumentAnswers(_Record):
    """One respondent's answers to one instrument.

    ``version`` and ``hash`` are those of the instrument that was asked. ``items`` maps an item id to an answer; None
    is "not answered". ``comments`` and ``at``, the time of the answer, are by item id too and may be absent.
    """

    version: str | None = None
    hash: str | None = None
    items: Mapping[str, int | str | None] = Field(default_factory=dict[str, int | str | None])
    comments: Mapping[str, Comment] = Field(default_factory=dict[str, str])
    at: Mapping[str, Moment] = Field(default_factory=dict[str, datetime])


class Prediction(_Record):
    """What a respondent guessed before any result: the stage that leaks most, and its conversion in percent."""

    stage: OneLine | None = None
    rate: Annotated[float | int, Field(ge=0, le=100)] | None = None
    at: Moment | None = None


class Answers(_Record):
    """answers/<wave>/<respondent>.yaml: one person's answers, by instrument.

    ``submitted`` is when the person last said to be done.
    """

    schema_: Literal["gtmdiag.answers/1"] = Field(default="gtmdiag.answers/1", alias="schema")
    role: Annotated[str, AfterValidator(_role)]
    saved_at: Moment | None = None
    submitted: Moment | None = None
    prediction: Prediction | None = None
    answers: Mapping[str, InstrumentAnswers] = Field(default_factory=dict[str, InstrumentAnswers])
