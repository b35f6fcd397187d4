"""Status: who has answered what, and never an answer."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from gtmdiag.assess.invited import Invitation, invite, invited
from gtmdiag.assess.status import status
from gtmdiag.assess.store import withdraw
from gtmdiag.assess_view import reminder_lines, status_lines
from gtmdiag.engagement.folder import open_engagement
from gtmdiag.errors import UsageError
from tests.assess.answering import INSTRUMENTS, NOW, ROADMAP, client, form
from tests.assess.test_store import save

GUT = [item.id for item in INSTRUMENTS["gut_check"].items]


def answered(root: Path) -> Path:
    gut = INSTRUMENTS["gut_check"]
    complete = {item.id: gut.scale_of(item).options[0].value for item in gut.items}
    for name, role in (("ann", "ceo"), ("jane", "cmo"), ("joe", "cro"), ("zoe", "cfo")):
        invite(root, "2026-11", name, Invitation(role=role, instruments=["gut_check"]))
    save(root, form(complete, respondent="ann", role="ceo"))
    save(root, form({ROADMAP: "dont_know"}, respondent="jane"))
    save(root, form({ROADMAP: "yes"}, respondent="joe", role="cro", submitted=True))
    return root


def test_person_counted_wrongly(tmp_path: Path) -> None:
    found = status(answered(client(tmp_path)))
    told = {one.respondent: (one.state, one.progress[0].answered, one.progress[0].asked) for one in found.people}
    assert told == {
        "ann": ("complete", 11, 11),
        "jane": ("begun", 1, 11),
        "joe": ("submitted", 1, 11),
        "zoe": ("not begun", 0, 11),
    }
    (group,) = found.groups
    assert (group.ceo, group.leaders, group.needed) == (True, 2, 3)
    assert [one.respondent for one in found.people if one.reminder] == ["jane", "zoe"]
    assert "(10 questions)" in next(one.reminder for one in found.people if one.respondent == "jane")


def test_reminder_in_another_language_than_the_form(tmp_path: Path) -> None:
    root = client(tmp_path)
    invite(root, "2026-11", "jane", Invitation(role="cmo", instruments=["gut_check"], language="de-AT"))
    invite(root, "2026-11", "joe", Invitation(role="cro", instruments=["gut_check"], language="fr"))
    told = {one.respondent: one.reminder for one in status(root).people}
    assert told["jane"].startswith("Guten Tag jane,\n\nSie wurden um Ihre Teilnahme")
    assert "(11 Fragen)" in told["jane"]
    assert told["joe"].startswith("Dear joe,"), "there are no words in French"


def test_answer_that_status_shows_or_line_that_is_too_long(tmp_path: Path) -> None:
    root = answered(client(tmp_path))
    found = status(root)
    lines = [*status_lines(found), *reminder_lines(found)]
    assert max(map(len, lines)) <= 80
    assert "dont_know" not in str(asdict(found))
    assert "1 more until a group's scores may be shown" in " ".join(" ".join(lines).split())


def test_wave_that_was_only_announced_becomes_the_one_that_is_reported(tmp_path: Path) -> None:
    root = answered(client(tmp_path))
    invite(root, "2027-01", "jane", Invitation(role="cmo", instruments=["gut_check"]))
    assert open_engagement(root).wave == "2026-11"
    assert status(root).wave == "2027-01"
    with pytest.raises(UsageError, match="Did you mean '2026-11'"):
        status(root, "2026-12")


def test_withdrawn_person_who_is_still_reminded(tmp_path: Path) -> None:
    root = answered(client(tmp_path))
    withdraw(root, "jane", today=NOW.date())
    assert "jane" not in invited(root, "2026-11")
    assert "jane" not in {one.respondent for one in status(root).people}
