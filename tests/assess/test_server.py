"""The form's server: nothing without its token, nothing but the form, on this machine alone."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gtmdiag.assess.address import Address, require_home
from gtmdiag.assess.session import open_session
from gtmdiag.errors import InputError, UsageError
from tests.assess.answering import MAKER, ROADMAP, form
from tests.assess.serving import serving
from tests.assess.test_store import items, save
from tests.conftest import Run
from tests.engagements import sample

REFUSED = (
    *("client.yaml", "picture.png", "../picture.png", "assessment.ipynb", "files/client.yaml", "log"),
    *("voila/files/picture.png", "voila/files/assessment.ipynb", "voila/tree", "voila/render/assessment.ipynb"),
    *("voila/templates/gtmdiag/page.html", "voila/static/../../../../../../../../etc/passwd"),
    *("api/contents", "api/kernels"),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the form's address with its token."""
    with serving(tmp_path_factory.mktemp("home")) as form:
        yield form.url


def get(url: str, path: str, **headers: str) -> tuple[int, str, str]:
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace"), answer.getheader("Location") or ""


@pytest.mark.parametrize("path", REFUSED)
def test_file_of_the_engagement_that_is_served(served: str, path: str) -> None:
    for query in ("", f"?{urlsplit(served).query}"):
        status, text, _ = get(served, f"/{path}{query}")
        assert status in (403, 404)
        assert not re.search("secret|northlight|root:", text)


def test_page_without_its_token_or_that_fetches_from_elsewhere(served: str) -> None:
    assert urlsplit(served).hostname == "127.0.0.1"
    for query in ("", "?token=", "?token=wrong"):
        status, text, location = get(served, f"/{query}")
        assert (status, text, location.partition("?")[0]) == (302, "", "/login")
    status, text, _ = get(served, f"/?{urlsplit(served).query}")
    assert status == 200
    assert "application/vnd.jupyter.widget-view+json" in text
    assert re.findall(r"(?:src|href)=\"(?!/|data:|#)[^\"]*", text) == []
    assert "http" not in re.sub(r'"(?:http|ws)://127[^"]*"', "", text)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", ""])
def test_address_that_others_reach_unasked(host: str) -> None:
    with pytest.raises(UsageError, match="--allow-network"):
        require_home(Address(host))
    require_home(Address(host, network=True))


def test_command_that_serves_to_others_unasked(run: Run, tmp_path: Path) -> None:
    done = run("assess", str(tmp_path), "--respondent", "ann", "--role", "ceo", "--host", "0.0.0.0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--allow-network" in done.stderr


def test_two_tabs_of_one_person_that_do_not_learn_of_each_other(tmp_path: Path) -> None:
    root = sample(tmp_path / "c")
    session = open_session(root, "jane", "cmo", wave="2026-11")
    mine = form({ROADMAP: "yes"}, client="northlight")
    assert session.save(mine) is None
    save(root, form({MAKER: "no"}, client="northlight"))
    joined = session.save(form({ROADMAP: "no"}, minutes=-30, client="northlight"))
    assert joined is not None
    assert joined["answers"].keys() == {ROADMAP, MAKER}  # type: ignore[union-attr]
    assert items(root) == {ROADMAP: "no", MAKER: "no"}
    (root / "answers" / "2026-11" / "omar.yaml").write_text("broken: [", "utf-8")
    assert open_session(root, "jane", "cmo").wave == "2026-11", "another person's file is not read, which takes time"
    with pytest.raises(InputError, match="the role cmo"):
        open_session(root, "jane", "cro", wave="2026-11")
    with pytest.raises(UsageError, match="Did you mean 'gut_check'"):
        open_session(root, "joe", "cro", instruments=["gutcheck"])
