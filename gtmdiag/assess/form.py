"""What the form asks one respondent, in whose wording, and what it tells them first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from gtmdiag.assess.words import Plural, Words, words_for
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.roles import Role, known_roles
from gtmdiag.engagement.schema import COMMENT_LIMIT
from gtmdiag.errors import UsageError
from gtmdiag.instruments.schema import Instrument, Item, Scale, Value

SCHEMA = "gtmdiag.form/1"
CEO = "ceo"


@dataclass(frozen=True)
class Named:
    """Something that has an id and a name: a client, a role, a step of the funnel."""

    id: str
    label: str


@dataclass(frozen=True)
class Respondent:
    """Who is asked: a respondent of one client in one wave.

    Attributes
    ----------
    client, client_name
        Id and name of the client.
    wave, id
        Wave and respondent id, as in ``answers/<wave>/<id>.yaml``.
    role
        One of `known_roles`.
    language
        Language tag of the form's own words; the nearest language that there is serves.
    """

    client: str
    client_name: str
    wave: str
    id: str
    role: str
    language: str = "en"


@dataclass(frozen=True)
class FormChoice:
    """One answer of a scale."""

    value: Value
    label: str


@dataclass(frozen=True)
class FormScale:
    """The answers to choose from, lowest first where ``kind`` is ``ordinal``; ``prompt`` may be empty."""

    kind: Literal["ordinal", "choice"]
    prompt: str
    options: tuple[FormChoice, ...]


@dataclass(frozen=True)
class FormItem:
    """One question in the wording of the one who is asked."""

    id: str
    scale: str
    text: str


@dataclass(frozen=True)
class FormDomain:
    """Questions that share a page. Their theme is not named: a name such as "silo gravity" suggests the answer."""

    items: tuple[FormItem, ...]


@dataclass(frozen=True)
class FormPart:
    """One instrument as it is asked; ``version`` and ``hash`` go into the answers."""

    id: str
    version: str
    hash: str
    language: str
    title: str
    question: str
    premise: str
    scales: Mapping[str, FormScale]
    domains: tuple[FormDomain, ...]

    @property
    def items(self) -> tuple[FormItem, ...]:
        """Every question in its order."""
        return tuple(item for domain in self.domains for item in domain.items)


@dataclass(frozen=True)
class FormSpec:
    """All that the form needs, ``gtmdiag.form/1``: whom it asks, what, what it tells them first, and its words."""

    respondent: Respondent
    role: Named
    direction: Literal["ltr", "rtl"]
    words_language: str
    notices: tuple[str, ...]
    parts: tuple[FormPart, ...]
    stages: tuple[Named, ...]
    words: Mapping[str, str | Mapping[Plural, str]]

    @property
    def questions(self) -> int:
        """Number of questions."""
        return sum(len(part.items) for part in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """Return the spec as JSON data; how a scale scores, and what an answer means, is not in it."""
        who = self.respondent
        return {
            "schema": SCHEMA,
            "client": {"id": who.client, "name": who.client_name},
            "wave": who.wave,
            "respondent": who.id,
            "role": asdict(self.role),
            "language": who.language,
            "words_language": self.words_language,
            "direction": self.direction,
            "comment_limit": COMMENT_LIMIT,
            "notices": list(self.notices),
            "instruments": [asdict(part) for part in self.parts],
            "prediction": {"stages": [asdict(stage) for stage in self.stages]} if self.stages else None,
            "words": {key: text if isinstance(text, str) else dict(text) for key, text in self.words.items()},
        }


def form_spec(
    instruments: Iterable[Instrument],
    respondent: Respondent,
    anonymity: AnonymityRule,
    stages: Iterable[Named] = (),
    words: Words | None = None,
) -> FormSpec:
    """Return what the form asks ``respondent``.

    The CEO reads the self wording of every item. Everyone else reads the observer's wording, where there is one, of
    the items meant for their function.

    Parameters
    ----------
    instruments
        In the order in which they are asked; one without an item for this role is left out.
    respondent
        Who is asked.
    anonymity
        The minimum numbers, which are told before the first question.
    stages
        Steps of the client's funnel, with names such as "MQL → SQL", among which the respondent may guess the biggest
        leak; none leaves the guess out.
    words
        The form's own words; by default those of the respondent's language.

    Raises
    ------
    UsageError
        There is no such role, or nothing to ask it.
    """
    role = known_roles().get(respondent.role)
    if role is None:
        raise UsageError(f"'{respondent.role}' is no role: {', '.join(known_roles())}.")
    words = words or words_for(respondent.language)
    asked = [(instrument, part) for instrument in instruments if (part := _part(instrument, role))]
    if not asked:
        raise UsageError(f"none of these instruments has a question for the role {role.id}.")
    return FormSpec(
        respondent=respondent,
        role=Named(role.id, words.roles[role.id]),
        direction=words.direction,
        words_language=words.language,
        notices=_notices(asked, role, anonymity, words),
        parts=tuple(part for _, part in asked),
        stages=tuple(stages),
        words=words.texts,
    )


def _part(instrument: Instrument, role: Role) -> FormPart | None:
    asked = [item for item in instrument.items if _is_asked(item, instrument, role)]
    domains = [
        FormDomain(tuple(_item(item, role) for item in asked if item.domain == d.id)) for d in instrument.domains
    ]
    if not asked:
        return None
    return FormPart(
        id=instrument.id,
        version=instrument.version,
        hash=instrument.hash,
        language=instrument.language,
        title=instrument.title,
        question=instrument.question,
        premise=instrument.premise,
        scales={name: _scale(instrument.scales[name]) for name in dict.fromkeys(item.scale for item in asked)},
        domains=tuple(domain for domain in domains if domain.items),
    )


def _is_asked(item: Item, instrument: Instrument, role: Role) -> bool:
    functions = item.asked_of or instrument.asked_of
    return role.id == CEO or not functions or role.function in functions


def _item(item: Item, role: Role) -> FormItem:
    return FormItem(item.id, item.scale, item.self_ if role.id == CEO else item.observer or item.self_)


def _scale(scale: Scale) -> FormScale:
    options = tuple(FormChoice(option.value, option.label) for option in scale.options)
    return FormScale(scale.kind, scale.prompt, options)


def _notices(
    asked: list[tuple[Instrument, FormPart]], role: Role, anonymity: AnonymityRule, words: Words
) -> tuple[str, ...]:
    """Return who will see what. Scales with altitudes ask for declared positions, which are shown by role."""
    positions = any(
        option.level for instrument, part in asked for name in part.scales for option in instrument.scales[name].options
    )
    numbers = {"group": anonymity.group_minimum, "spread": max(anonymity.spread_minimum, anonymity.group_minimum)}
    told = [words.say("seen_raw"), words.say("seen_ceo") if role.id == CEO else words.say("seen_group", numbers)]
    own = [instrument.notice for instrument, _ in asked if instrument.notice]
    position = [words.say("seen_position")] if positions and not own else []
    return (*told, *position, *own)
