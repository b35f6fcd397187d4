"""Clients side by side: figures held against plain loops, too few clients, what cannot be read."""

from __future__ import annotations

import random
import statistics
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gtmdiag.engagement.stale import mark_stale
from gtmdiag.errors import InputError
from gtmdiag.portfolio.file import from_file, to_json
from gtmdiag.portfolio.read import read_portfolio
from gtmdiag.portfolio.result import Compared, Portfolio
from gtmdiag.portfolio.sources import read_sources
from tests.portfolio.made import client, funnel, index, leak, move, reading, results, step

KEY = b"k" * 32


def portfolio_of(root: Path, *contents: dict[str, Any], key: bytes | None = None, minimum: int = 5) -> Portfolio:
    for content in contents:
        client(root, content)
    return read_portfolio(read_sources(root), key=key, minimum=minimum).portfolio


def measure(portfolio: Portfolio, label: str) -> Compared:
    return next(one for one in portfolio.compared if one.measure.label == label)


@pytest.mark.parametrize("seed", range(3))
def test_quartiles_and_places_are_those_of_plain_loops(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    n = rng.randrange(5, 25)
    bounds = [(low, min(low + rng.choice((0, 0, 12)), 100)) for low in (rng.randrange(0, 100, 5) for _ in range(n))]
    shares = [rng.uniform(0.1, 0.9) for _ in range(n)]
    contents = [
        results(f"c{place}", ceo=reading(index(*bounds[place])), crm=funnel(step("Lead", "won", shares[place])))
        for place in range(n)
    ]
    found = portfolio_of(tmp_path, *contents)

    asked = measure(found, "Champion practice")
    assert asked.spread is not None
    for part, place in (("lower", 0), ("median", 1), ("upper", 2)):
        sides = [statistics.quantiles([one[side] for one in bounds], n=4, method="inclusive") for side in (0, 1)]
        assert getattr(asked.spread, part) == pytest.approx((sides[0][place], sides[1][place]))
    of_client = {one.client: place for one, place in zip(asked.readings, asked.places, strict=True)}
    for number, (low, high) in enumerate(bounds):
        above = sum(other[0] > high for other in bounds)
        below = sum(other[1] < low for other in bounds)
        held = of_client[f"c{number}"]
        assert (held.first, held.last, held.of) == (above + 1, n - below, n)

    moved_on = measure(found, "Lead → won")
    assert moved_on.spread is not None
    assert moved_on.spread.median == pytest.approx((statistics.median(shares),) * 2)
    assert [one.estimate for one in moved_on.readings] == pytest.approx(sorted(shares, reverse=True))
    assert {one.n for one in moved_on.readings} == {100}
    assert moved_on.readings[0].low < moved_on.readings[0].high


def test_group_below_the_minimum_that_is_told_about(tmp_path: Path) -> None:
    contents = [
        results(f"c{n}", ceo=reading(index(10.0 * n)), theme="the CEO's role", moves=[move("champion", 10, 60)])
        for n in range(5)
    ]
    four = portfolio_of(tmp_path, *contents[:4])
    assert not four.enough
    assert measure(four, "Champion practice").spread is None
    assert measure(four, "Champion practice").places == ()
    assert len(measure(four, "Champion practice").readings) == len(four.moves) == 4
    assert (four.constraints, four.moved) == ((), ())

    five = portfolio_of(tmp_path, contents[4])
    assert measure(five, "Champion practice").spread is not None
    assert [(one.label, one.n) for one in five.constraints] == [("the CEO's role", 5)]
    assert [(one.compared, one.ways[0].label, one.ways[0].n) for one in five.moved] == [(5, "rose", 5)]
    assert measure(read_portfolio(read_sources(tmp_path), minimum=6).portfolio, "Champion practice").spread is None


def test_one_unreadable_client_that_hides_the_others_problems(tmp_path: Path) -> None:
    good = results("good", ceo=reading(index(40)))
    client(tmp_path, good)
    client(tmp_path, None, "a-not-rendered")
    client(tmp_path, "{", "b-broken")
    client(tmp_path, {**good, "schema": "gtmdiag.results/0"}, "c-old")
    client(tmp_path, {**good, "respondents": "many"}, "d-other-form")
    client(tmp_path, b'{"schema": "\xff"}', "e-not-utf8")
    client(tmp_path, results("f", ceo=reading(index(4000))), "f-beyond")
    client(tmp_path, results("twice"), "g-twice")
    client(tmp_path, results("twice"), "h-twice")
    client(tmp_path, "[]", "i-other-json")
    stale = client(tmp_path, results("stale"), "j-stale")
    mark_stale(stale, "no-wave", "answers were withdrawn", date(2026, 11, 1))

    read = read_portfolio(read_sources(tmp_path))
    assert [one.client for one in read.portfolio.clients] == ["good"]
    told = {problem.file.partition("/")[0]: problem for problem in read.problems}
    assert sorted(told) == sorted(one.client for one in read.portfolio.left_out)
    assert [name[0] for name in sorted(told)] == list("abcdefghij")
    assert all("gtmdiag render" in one.remedy for one in told.values())
    assert "gtmdiag.results/0" in told["c-old"].found
    assert "g-twice, h-twice" in told["g-twice"].found

    (tmp_path / "good" / "reports" / "no-wave" / "results.json").unlink()
    with pytest.raises(InputError) as caught:
        read_portfolio(read_sources(tmp_path))
    assert len(caught.value.problems) == len(told) + 1


BROKEN: dict[str, dict[str, Any]] = {
    "a date that no calendar has": {"as_of": "99999-01-01"},
    "no wave": {"wave": None},
    "no respondents": {"respondents": None},
    "a questionnaire without a hash": {"champion_operator": {"hash": None, "ceo": reading(index(40)), "team": None}},
    "no stage": {"funnel": {**funnel(step("MQL", "SQL", 0.2)), "stages": [None]}},
    "a role that is none": {"funnel": {**funnel(step("MQL", "SQL", 0.2)), "stages": [{"stage": "S", "roles": [None]}]}},
    "a leak of nothing": {"funnel": funnel(step("MQL", "SQL", 0.2), leaks=[{**leak(1e5), "conversion": None}])},
    "a move of nobody": {"waves": {"waves": [], "moves": [{**move("champion", 10, 60), "who": None}]}},
    "a move without an end": {
        "waves": {"waves": [], "moves": [{**move("champion", 10, 60), "values": [{"low": 1}] * 2}]}
    },
}


def test_results_of_one_client_that_take_the_portfolio_from_all_others(tmp_path: Path) -> None:
    client(tmp_path, results("good", ceo=reading(index(40)), crm=funnel(step("MQL", "SQL", 0.2))))
    for n, (folder, broken) in enumerate(BROKEN.items()):
        client(tmp_path, results(f"broken-{n}", **broken), folder)
    read = read_portfolio(read_sources(tmp_path))
    assert [one.client for one in read.portfolio.clients] == ["good"]
    assert sorted(one.client for one in read.portfolio.left_out) == sorted(BROKEN)


def test_amounts_of_two_currencies_in_one_place(tmp_path: Path) -> None:
    money = [(f"e{n}", "EUR", 1e5 * n) for n in range(1, 6)] + [(f"g{n}", "GBP", 1e6) for n in range(3)]
    found = portfolio_of(
        tmp_path,
        *(results(one, crm=funnel(step("MQL", "SQL", 0.2), leaks=[leak(v)], currency=c)) for one, c, v in money),
    )
    euro, pound = found.of("money")
    assert (euro.measure.currency, pound.measure.currency) == ("EUR", "GBP")
    assert euro.spread is not None
    assert euro.spread.median == (3e5, 3e5)
    assert {place.of for place in euro.places} == {5}
    assert pound.spread is None


def test_stages_that_are_called_alike_but_play_another_role(tmp_path: Path) -> None:
    roles = {"Qualified": ("mql",), "Accepted": ("sql",)}
    found = portfolio_of(
        tmp_path,
        results("a", crm=funnel(step("MQL", "SQL", 0.2), step("SQL", "won", 0.3))),
        results("b", crm=funnel(step("Qualified", "Accepted", 0.4), step("Accepted", "won", 0.3), roles=roles)),
        results("c", crm=funnel(step("mql", "Sql", 0.5), step("Sql", "Offer", 0.1), step("Offer", "won", 0.1))),
        results("d", crm=funnel(step("Qualified", "MQL", 0.9), step("MQL", "won", 0.9), roles={"Qualified": ("mql",)})),
    )
    steps = {one.label: dict(one.own) for one in found.steps}
    assert steps == {
        "MQL → SQL": {"a": "MQL → SQL", "b": "Qualified → Accepted", "c": "mql → Sql"},
        "Accepted → won": {"a": "SQL → won", "b": "Accepted → won"},
    }
    assert found.alone == 4


def test_questionnaires_that_score_otherwise_in_one_measure(tmp_path: Path) -> None:
    other = {"hash": "b" * 64, "ceo": reading(index(60)), "team": None}
    found = portfolio_of(
        tmp_path,
        *(results(f"a{n}", ceo=reading(index(40))) for n in range(5)),
        *(results(f"b{n}", champion_operator=other) for n in range(2)),
    )
    assert [len(one.readings) for one in found.compared] == [5, 2]


def test_file_of_a_portfolio_that_gives_another_one_back(tmp_path: Path) -> None:
    found = portfolio_of(
        tmp_path / "clients",
        *(results(f"c{n}", ceo=reading(index(n, n + 5)), crm=funnel(step("Lead", "won", 0.2))) for n in range(6)),
    )
    path = tmp_path / "portfolio.json"
    path.write_bytes(to_json(found))
    assert from_file(path) == found
    path.write_text('{"schema": "gtmdiag.portfolio_results/0"}')
    with pytest.raises(InputError):
        from_file(path)


def test_name_that_shows_through_what_a_client_wrote(tmp_path: Path) -> None:
    names = [f"Zebra {n} Ltd" for n in range(6)]
    steps = step("Lead", "Zebra 3 Ltd check", 0.3), step("Zebra 3 Ltd check", "Offer", 0.4), step("Offer", "won", 0.2)
    contents = [
        results(
            f"zebra-{n}", name, ceo=reading(index(10 * n)), crm=funnel(*steps, leaks=[leak(1e5, "Zebra 3 Ltd check")])
        )
        for n, name in enumerate(names)
    ]
    for content in contents:
        content["wave"] = "zebra-wave"
    found = portfolio_of(tmp_path, *contents, key=KEY)
    assert [one.label for one in found.steps] == ["Offer → won"]
    assert b"zebra" not in to_json(found).lower()


def test_words_of_one_client_that_name_what_all_share(tmp_path: Path) -> None:
    firms = [f"{letter}corp" for letter in "abcdef"]
    contents = [
        results(
            firm,
            f"{firm} Holdings Ltd",
            crm=funnel(step(f"{firm} leads", "won", 0.3), roles={f"{firm} leads": ["mql"]}),
        )
        for firm in firms
    ]
    assert [one.label for one in portfolio_of(tmp_path, *contents, key=KEY).steps] == ["mql → won"]
