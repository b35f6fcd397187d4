"""Gaps for the workshop: ranked, anonymous, and harmless whatever people write."""

from __future__ import annotations

from pathlib import Path

import pypdf
from bs4 import BeautifulSoup

from gtmdiag.assess import pages
from gtmdiag.assess.disagreement import disagreements
from tests.assess.answering import DIRECTION, MAKER, ROADMAP, at, client, form
from tests.assess.test_store import HOSTILE, save
from tests.engagements import rendered

ROLES = ("cmo", "cro", "cco", "cpo", "cfo")
OWNER = "ownership_altitude.owner.named"


def wave(root: Path, leaders: int, comments: int = 0) -> Path:
    """Answers of leaders who agree on one question and are as far apart as can be on two others."""
    for number, role in enumerate(ROLES[:leaders]):
        comment = f"{chr(101 - number)} {HOSTILE}" if number < comments else ""
        answers: dict[str, object] = {
            ROADMAP: {"value": "yes", "comment": comment, "at": at(-9)},
            MAKER: "yes" if number % 2 else "no",
            DIRECTION: 1 if number % 2 else 5,
            OWNER: "sales" if number else "marketing",
        }
        save(root, form(answers, respondent=f"person-{number}", role=role))
    save(root, form({DIRECTION: 4, OWNER: "ceo_in_name"}, respondent="ann", role="ceo"))
    return root


def test_gaps_that_are_not_ranked_or_count_the_ceo(tmp_path: Path) -> None:
    found = disagreements(wave(client(tmp_path), 5))
    assert [(gap.item, gap.n) for gap in found.gaps] == [(DIRECTION, 5), (MAKER, 5), (ROADMAP, 5)]
    assert found.gaps[0].disagreement > 0.9
    assert (found.gaps[0].ceo, found.gaps[0].typical) == ("Often", "mean 3.4 of 5")
    assert found.gaps[-1].disagreement == 0
    assert [dispute.distinct for dispute in found.disputes] == [3]


def test_spread_or_comments_of_fewer_than_five(tmp_path: Path) -> None:
    four = disagreements(wave(client(tmp_path / "four"), 4, comments=4))
    assert (four.gaps, four.held_back, four.leaders) == ((), 3, 4)
    some = disagreements(wave(client(tmp_path / "five"), 5, comments=4))
    assert [gap.comments for gap in some.gaps if gap.item == ROADMAP] == [()]
    everyone = disagreements(wave(client(tmp_path / "all"), 5, comments=5))
    (comments,) = [gap.comments for gap in everyone.gaps if gap.item == ROADMAP]
    assert [comment[0] for comment in comments] == list("abcde"), "the order of the files would name the people"


def test_hostile_comment_that_does_harm_in_a_report(tmp_path: Path) -> None:
    root = wave(client(tmp_path), 5, comments=5)
    assert "<script>" in str(pages.gaps(str(root)))
    made = rendered(root, "workshop", "html", "pdf")
    html = next(path for path in made.outputs if path.suffix == ".html").read_text(encoding="utf-8")
    soup = BeautifulSoup(html, "html.parser")
    assert soup.find_all("script") == []
    assert soup.find_all("a", href=lambda href: bool(href) and href.startswith("http")) == []
    assert html.count("&lt;script&gt;alert(1)") == 5
    text = "".join(page.extract_text() for page in pypdf.PdfReader(made.outputs[2]).pages)
    assert text.count("alert(1)") == 5
    assert "person-" not in html + text
    executed = made.outputs[0].read_text(encoding="utf-8")
    assert "person-" not in executed
