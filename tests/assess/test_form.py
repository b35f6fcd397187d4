"""What a role is asked, in whose wording, and what is told first."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gtmdiag.assess.form import FormSpec, form_spec
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.roles import known_roles
from gtmdiag.errors import UsageError
from gtmdiag.instruments.load import PACKAGED, packaged
from gtmdiag.instruments.schema import Instrument
from tests.assess.filling import JANE, spec

ROLE = packaged("champion_operator")
SALES_ONLY = "champion_operator.strategic_direction.operator"


def asked(form: FormSpec) -> dict[str, str]:
    return {item.id: item.text for part in form.parts for item in part.items}


def with_audience() -> Instrument:
    """Return the CEO's instrument with one item for sales, and the rest for marketing and sales."""
    items = [item.model_copy(update={"asked_of": ("sales",)}) if item.id == SALES_ONLY else item for item in ROLE.items]
    return ROLE.model_copy(update={"items": tuple(items), "asked_of": ("marketing", "sales")})


def test_the_ceo_reads_the_own_wording_and_every_other_role_the_observers() -> None:
    assert asked(spec([ROLE.id], replace(JANE, role="ceo"))) == {item.id: item.self_ for item in ROLE.items}
    for role in known_roles().keys() - {"ceo"}:
        assert asked(spec([ROLE.id], replace(JANE, role=role))) == {item.id: item.observer for item in ROLE.items}


def test_an_item_without_an_observers_wording_is_asked_in_its_one_wording() -> None:
    assert all(asked(spec(["gut_check"])).values())


def test_a_function_sees_only_the_items_meant_for_it_and_the_ceo_all() -> None:
    every = {item.id for item in ROLE.items}
    seen = {
        role: set(asked(form_spec([with_audience()], replace(JANE, role=role), AnonymityRule())))
        for role in ("ceo", "cro", "vp_marketing")
    }
    assert seen == {"ceo": every, "cro": every, "vp_marketing": every - {SALES_ONLY}}
    with pytest.raises(UsageError, match="has a question for the role cfo"):
        form_spec([with_audience()], replace(JANE, role="cfo"), AnonymityRule())


def test_whom_an_item_is_meant_for_changes_no_hash() -> None:
    assert with_audience().hash == ROLE.hash


def test_the_minimum_numbers_of_the_engagement_are_told() -> None:
    told = form_spec([ROLE], JANE, AnonymityRule(4, 7)).notices
    assert any("4 people or more" in text and "from 7 people" in text for text in told)


def test_the_ceo_is_told_to_be_named() -> None:
    told = " ".join(spec([ROLE.id], replace(JANE, role="ceo")).notices)
    assert "as the CEO's" in told
    assert "people or more" not in told


def test_declared_positions_are_announced_where_they_are_asked_and_nowhere_else() -> None:
    own = packaged("ownership_altitude").model_copy(update={"notice": ""})
    assert any("by role" in text for text in form_spec([own], JANE, AnonymityRule()).notices)
    assert any("by role" in text for text in spec(["ownership_altitude"]).notices)
    assert not any("by role" in text for text in spec(["gut_check"]).notices)


def test_a_respondent_cannot_see_how_an_answer_scores() -> None:
    parts = json.loads(json.dumps(spec().to_dict()))["instruments"]
    assert "Silo gravity" not in json.dumps(parts)
    options = [option for part in parts for scale in part["scales"].values() for option in scale["options"]]
    assert {key for option in options for key in option} == {"value", "label"}
    assert {key for part in parts for domain in part["domains"] for key in domain["items"][0]} == {
        "id",
        "scale",
        "text",
    }
    assert {key for part in parts for key in part} == {
        "id",
        "version",
        "hash",
        "language",
        "title",
        "question",
        "premise",
        "scales",
        "domains",
    }


def test_every_packaged_item_is_asked_once_in_its_order() -> None:
    form = spec(PACKAGED)
    assert [[item.id for item in part.items] for part in form.parts] == [
        [item.id for domain in packaged(name).domains for item in packaged(name).items if item.domain == domain.id]
        for name in PACKAGED
    ]
    assert sum(len(part.items) for part in form.parts) == sum(len(packaged(name).items) for name in PACKAGED)


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(UsageError, match="'boss' is no role"):
        spec(who=replace(JANE, role="boss"))
