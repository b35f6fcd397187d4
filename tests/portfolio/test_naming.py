from __future__ import annotations

from gtmdiag.portfolio.naming import codes, names

IDS = [f"client-{n}" for n in range(500)]


def test_codes_that_change_when_a_client_comes_or_the_order_does() -> None:
    all_of_them = codes(IDS, b"k" * 32)
    few = codes([IDS[7], IDS[3]], b"k" * 32)
    assert all(all_of_them[one] == code for one, code in few.items())
    assert len(set(all_of_them.values())) == len(IDS)


def test_codes_that_can_be_guessed_from_the_names_or_their_order() -> None:
    one, other = codes(IDS, b"k" * 32), codes(IDS, b"l" * 32)
    assert not set(one.items()) & set(other.items())
    assert [one[client] for client in IDS] != sorted(one.values())


def test_two_clients_of_one_name_that_cannot_be_told_apart() -> None:
    assert names({"a": "Acme", "b": "acme", "c": "Other"}) == {"a": "Acme (a)", "b": "acme (b)", "c": "Other"}
    assert len(set(names({"a": "Acme (b)", "b": "Acme", "c": "Acme"}).values())) == 3
