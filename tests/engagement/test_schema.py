"""client.yaml and answers files."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.engagement.roles import known_roles
from gtmdiag.engagement.schema import CLIENT_ID, Answers, Client, slug
from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.errors import InputError, Problem


def client(text: str) -> Client:
    return validate(Client, parse_yaml(text, "client.yaml"))


def problems_of(text: str, model: type[Client] | type[Answers] = Client) -> dict[str, Problem]:
    with pytest.raises(InputError) as caught:
        validate(model, parse_yaml(text, "f.yaml"))
    return {problem.place: problem for problem in caught.value.problems}


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "=cmd()",
        "../../x",
        r"A_$\\frac{$",
        "#set page(fill: red)",
        "שלום בע״מ",
        "شركة",
        "🎉👩‍👩‍👧",
        "株式会社テスト",
        "22:30",
    ],
)
def test_hostile_name_is_a_name_and_never_an_id(name: str) -> None:
    assert client(f'id: a\nname: "{name}"').name == name.replace("\\\\", "\\")
    assert "line 1, id" in problems_of(f'id: "{name}"\nname: a')


@pytest.mark.parametrize("name", ["", "   ", "a\\nb", "a\\u2028b", "a\\u202eb", "x" * 201])
def test_name_that_cannot_stand_on_one_line_is_refused(name: str) -> None:
    assert "line 2, name" in problems_of(f'id: a\nname: "{name}"')


@pytest.mark.parametrize("bad", ["acme\\n", "-acme", "Acme", "a" * 65, "", "a.b", "ä", "a/b"])
def test_id_of_another_form_is_refused(bad: str) -> None:
    assert "line 1, id" in problems_of(f'id: "{bad}"\nname: a')


@given(st.text())
def test_slug_is_always_an_id(text: str) -> None:
    assert CLIENT_ID.fullmatch(slug(text))


def test_defaults_and_quoted_dates() -> None:
    read = client('id: acme\nname: Acme\nas_of: "2026-10-31"')
    assert (read.language, read.confidentiality, read.as_of) == ("en", "Confidential", date(2026, 10, 31))
    assert (read.company.headcount, read.anonymity.group_minimum, read.anonymity.spread_minimum) == (None, 3, 5)


def test_every_problem_of_a_client_is_told_with_its_remedy() -> None:
    told = problems_of(
        "schema: gtmdiag.client/2\nid: Acme Corp\nname: Acme\ncurrency: eur\nlanguage: English\nas_of: 2026-02-30\n"
        "company: {headcount: 0, business_units: 1.5, ownership: PE, gtm_structure: central}\n"
        "anonymity: {group_minimum: 2}\nfiscal_year: 2026"
    )
    assert list(told) == [
        "line 1, schema",
        "line 2, id",
        "line 4, currency",
        "line 5, language",
        "line 6, as_of",
        "line 7, company.headcount",
        "line 7, company.business_units",
        "line 7, company.ownership",
        "line 7, company.gtm_structure",
        "line 8, anonymity.group_minimum",
        "line 9, fiscal_year",
    ]
    assert told["line 2, id"].remedy == "Write 'acme-corp', for instance."
    assert told["line 4, currency"].remedy == "Write EUR."
    assert told["line 7, company.gtm_structure"].remedy == "Did you mean 'centralized'?"


def test_spread_shown_from_fewer_than_a_score_is_refused() -> None:
    assert problems_of("id: a\nname: a\nanonymity: {group_minimum: 6}")["line 3, anonymity"].remedy.startswith(
        "Write 'spread_minimum: 6'"
    )


def test_answers_keep_item_ids_and_gaps() -> None:
    text = "role: cmo\nsaved_at: 2026-10-31T09:30:00Z\nanswers: {own: {version: '1', items: {own.a.b: 3, own.a.c: }}}"
    read = validate(Answers, parse_yaml(text, "f.yaml"))
    assert read.saved_at == datetime(2026, 10, 31, 9, 30, tzinfo=UTC)
    assert read.answers["own"].items == {"own.a.b": 3, "own.a.c": None}


@pytest.mark.parametrize(("written", "meant"), [("VP Sales", "vp_sales"), ("CEO", "ceo"), ("vp-cs", "vp_cs")])
def test_near_miss_of_a_role(written: str, meant: str) -> None:
    assert problems_of(f"role: {written}", Answers)["line 1, role"].remedy == f"Did you mean '{meant}'?"


def test_role_that_is_nothing_we_know_lists_all() -> None:
    assert problems_of("role: 7up", Answers)["line 1, role"].allowed == ", ".join(known_roles())


def test_business_hours_in_every_form_they_may_have() -> None:
    text = "id: a\nname: A\nbusiness_hours:\n  timezone: Europe/Berlin\n"
    usual = client(text).business_hours
    assert usual is not None
    assert (usual.days, usual.opening, usual.closing) == (("mon", "tue", "wed", "thu", "fri"), 540, 1020)
    own = client(f"{text}  days: [sun, mon]\n  hours: 8:30 - 24:00\n  holidays: [2026-12-25, '2027-01-01']\n")
    assert own.business_hours is not None
    assert (own.business_hours.days, own.business_hours.opening, own.business_hours.closing) == (
        ("mon", "sun"),
        510,
        1440,
    )
    assert own.business_hours.holidays == (date(2026, 12, 25), date(2027, 1, 1))


def test_every_problem_of_business_hours_is_told() -> None:
    told = problems_of(
        "id: a\nname: A\nbusiness_hours:\n  timezone: ../../etc/passwd\n  days: [mon, Tuesday]\n"
        "  hours: 22:00-06:00\n  holidays: [xmas]\n  lunch: 12:00"
    )
    assert {place.partition(", ")[2] for place in told} == {
        f"business_hours.{key}" for key in ("timezone", "days.1", "hours", "holidays.0", "lunch")
    }
    assert "each day once" in str(problems_of("id: a\nname: A\nbusiness_hours: {timezone: UTC, days: [mon, mon]}"))
    assert "required" in str(problems_of("id: a\nname: A\nbusiness_hours: {}"))
