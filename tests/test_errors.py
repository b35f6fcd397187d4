"""What an error tells is told in another process too."""

from __future__ import annotations

import pickle

from gtmdiag.errors import ClusterError, InputError, MissingError, Problem, StorageError


def test_error_that_tells_otherwise_in_another_process() -> None:
    problems = (Problem("client.yaml", "line 2", "''", "a name", "Write one."), Problem("kpis.csv", "", "a", "b", "c"))
    errors = [InputError(problems), *(kind("Not there.") for kind in (ClusterError, MissingError, StorageError))]
    for error in errors:
        arrived = pickle.loads(pickle.dumps(error))
        assert (type(arrived), str(arrived)) == (type(error), str(error))
    assert pickle.loads(pickle.dumps(errors[0])).problems == problems
