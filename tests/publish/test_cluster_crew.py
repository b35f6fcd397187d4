"""A batch neither ends nor waits for ever because of what a cluster loses while nobody looks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from gtmdiag.errors import ClusterError
from gtmdiag.publish.cluster import crew, fitness
from gtmdiag.publish.cluster.crew import Workers
from gtmdiag.publish.cluster.fitness import Answer
from gtmdiag.publish.cluster.there import Work
from gtmdiag.publish.marks import make_marks
from gtmdiag.publish.task import Options, Outcome, Task
from gtmdiag.publish.worker import Limits
from tests.engagements import TODAY
from tests.publish.batches import Recorder

OTHER = {"package": "another"}


class Future:
    """A client at work, as Dask's client tells of it."""

    def __init__(self) -> None:
        self.status, self.error, self.tell = "pending", TimeoutError(), lambda _: None

    def add_done_callback(self, tell: Callable[[object], None]) -> None:
        self.tell = tell

    def ends(self, status: str, error: Exception) -> None:
        """Tell that it has ended; asked for its result, it is in a state and raises."""
        self.error = error
        self.tell(None)
        self.status = status

    def result(self, timeout: float) -> object:
        if isinstance(self.error, CancelledError):
            self.status = "cancelled"
        raise self.error

    def cancel(self) -> None:
        """Do nothing: nothing is at work."""


class Client:
    """Stands for a connection to a scheduler; its workers are in this process and render nothing."""

    def __init__(self) -> None:
        self.workers: dict[str, dict[str, str]] = {}
        self.futures: list[Future] = []

    def nthreads(self) -> dict[str, int]:
        return dict.fromkeys(self.workers, 1)

    def run(self, look: Callable[[Path], Answer], marks: Path, workers: list[str], on_error: str) -> dict[str, Answer]:
        assert on_error == "return"
        return {one: ({**look(marks)[0], **self.workers[one]}, look(marks)[1]) for one in workers}

    def submit(self, *_: object, **__: object) -> Future:
        self.futures.append(Future())
        return self.futures[-1]

    def wait_for_workers(self, n: int, timeout: float) -> None:
        """Wait for nobody."""

    def subscribe_topic(self, topic: str, handler: Callable[..., None]) -> None:
        """Tell of no step."""


class Patient(Recorder):
    """Keeps what was noted."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []

    def noted(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(crew, "PATIENCE", 0.0)
    monkeypatch.setattr(crew, "GRACE", 0.0)
    ours = fitness.describe()
    monkeypatch.setattr(fitness, "describe", lambda: ours)
    return Client()


def workers(client: Client, root: Path) -> Workers:
    client.workers["a"] = {}
    marks = make_marks(root)
    work = Work("batch", marks, Options(("html",), TODAY), Limits())
    called = Workers(client, "tcp://somewhere:1", marks, work, None)
    called.call_together()
    called.give(deque([Task(root / "client", "client", "forced")]))
    return called


def told(those: Workers, watch: Patient) -> list[tuple[Task, Outcome]]:
    return [one for _ in range(3) for one in those.news(watch)]


def test_worker_lost_between_the_end_of_a_client_and_its_outcome_ends_the_batch(client: Client, tmp_path: Path) -> None:
    those = workers(client, tmp_path)
    client.futures[0].ends("lost", TimeoutError())
    del client.workers["a"]
    client.workers["b"] = {}
    ((_, outcome),) = told(those, Patient())
    assert (outcome.reason, outcome.passing) == ("The worker at a was lost.", True)


def test_client_that_is_blamed_for_a_scheduler_which_ends_as_its_outcome_is_fetched(
    client: Client, tmp_path: Path
) -> None:
    those = workers(client, tmp_path)
    client.futures[0].ends("finished", CancelledError())
    with pytest.raises(ClusterError, match="connection to the cluster at tcp://somewhere:1 was lost"):
        told(those, Patient())


def test_batch_that_waits_for_ever_since_a_worker_is_left_that_cannot_be_used(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    those, watch = workers(client, tmp_path), Patient()
    client.workers = {"b": OTHER}
    told(those, watch)
    monkeypatch.setattr(crew, "_DESERTED", 0.0)
    with pytest.raises(ClusterError, match="no worker that can be used"):
        told(those, watch)
    assert watch.notes == ["A worker came that cannot be used: b: other files of gtmdiag"]


def test_worker_that_comes_back_as_another_and_is_taken_for_the_one_before(client: Client, tmp_path: Path) -> None:
    those, watch = workers(client, tmp_path), Patient()
    client.workers = {"b": {}}
    told(those, watch)
    client.workers = {"a": OTHER, "b": {}}
    told(those, watch)
    assert watch.notes == ["A worker came that cannot be used: a: other files of gtmdiag"]
