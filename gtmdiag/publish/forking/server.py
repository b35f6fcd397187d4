"""The warm parent: a process that has loaded what notebooks need, and forks a process, mostly a kernel, at a request.

It is run as a script, with the interpreter, environment and module path of the processes that it becomes, and therefore
uses the standard library alone. It must stay a single thread: what another thread holds locked at a fork stays so.

Arguments: a listening socket's descriptor, the folder to remove at the end, then the modules to load. A request is a
line of JSON (`Request`) on a connection of its own, with descriptors: standard output, standard error, and others that
are the process's to use. The answer is a number, the process's id, and when that has ended, another one, its exit
status. A process is killed when the connection is closed; closing standard input ends the parent, which kills all.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import io
import json
import os
import random
import select
import shutil
import signal
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass, replace
from types import SimpleNamespace

PARENT = "JPY_PARENT_PID"
"""Where ipykernel finds the process with which its kernel shall end; it reads it while it is imported."""

NUMBER = struct.Struct("q")
"""A process id or an exit status, as it is told."""

SCORE = "/proc/self/oom_score_adj"
"""Where the system keeps how soon it ends a process."""

_PR_SET_PDEATHSIG = 1
# Bytes and descriptors that are read at once.
_READ, _HANDED = 65536, 8
_LONGEST_WAIT = 2.0
"""Seconds that threads which an import started have to end."""


@dataclass(frozen=True)
class Request:
    """The process that is asked for.

    Attributes
    ----------
    entry
        The module and function that it runs.
    argv
        Its module by name, and its arguments; the numbers of further descriptors are added.
    env, cwd
        Environment and working directory.
    folder
        A folder to remove when the parent ends; empty for none.
    limit, score
        Its limit of memory, in bytes of address space (-1 for none), and how soon the system ends it where memory runs
        out, from -1000 to 1000: those of whoever asks, as if it had started the process itself.
    """

    entry: str
    argv: list[str]
    env: dict[str, str]
    cwd: str
    folder: str
    limit: int
    score: int


def main() -> None:
    """Serve until standard input is closed; in a forked process, do what was asked for."""
    # A script's own folder is no place to import from.
    del sys.path[0]
    descriptor, folder, *modules = sys.argv[1:]
    before = dict(os.environ, **{PARENT: str(os.getpid())})
    os.environ[PARENT] = before[PARENT]
    load(modules)
    changed = {name: value for name, value in os.environ.items() if before.get(name) != value}
    require_one_thread()
    gc.collect()
    gc.freeze()
    be_parent(socket.socket(fileno=int(descriptor)), folder, changed)


def again() -> None:
    """Be one more parent, forked from another; arguments: its folder, a listening socket, what is closed in the end."""
    folder, listener, end = sys.argv[1:]
    os.dup2(int(end), 0)
    os.close(int(end))
    be_parent(socket.socket(fileno=int(listener)), folder, {})


def be_parent(listener: socket.socket, folder: str, changed: dict[str, str]) -> None:
    """Serve until standard input is closed, and end; in a forked process, do what was asked for.

    ``changed`` is what modules have set in the environment while they were imported.
    """
    request = serve(listener)
    if request is None:
        shutil.rmtree(folder, ignore_errors=True)
        # It has nothing to tidy up, and libraries would complain of what is frozen.
        os._exit(0)
    start_afresh(request, changed)
    module, _, function = request.entry.rpartition(".")
    getattr(importlib.import_module(module), function)()


def load(modules: list[str]) -> None:
    """Import modules as a kernel would, except that what they say meanwhile belongs to no notebook."""
    # pandas asks both while it is imported: is this a notebook or a terminal, and what can it show?
    builtins.__dict__["get_ipython"] = lambda: SimpleNamespace(kernel=None)
    said = io.TextIOWrapper(io.BytesIO(), encoding="UTF-8")
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        for module in modules:
            importlib.import_module(module)
    del builtins.__dict__["get_ipython"]


def require_one_thread() -> None:
    """Refuse to go on while there is a second thread, be it Python's or a library's."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(_LONGEST_WAIT)
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        sys.exit("A module started a thread: no kernel can be forked from this process.")


def serve(listener: socket.socket) -> Request | None:
    """Fork a process for each request; return it there, and nothing here, when standard input is closed."""
    forked: dict[int, tuple[socket.socket, Request]] = {}
    ended, waker = socket.socketpair()
    for end in (ended, waker):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, _wake)
    signal.set_wakeup_fd(waker.fileno())
    parent = os.getpid()
    while True:
        asked = {pid: connection for pid, (connection, _) in forked.items()}
        ready, _, _ = select.select([0, listener, ended, *asked.values()], [], [])
        if 0 in ready:
            for _, request in forked.values():
                _clear(request)
            return None
        for pid in (pid for pid, connection in asked.items() if connection in ready):
            # Whoever asked for it is gone.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            _clear(forked[pid][1])
        if ended in ready:
            ended.recv(4096)
            _tell_ended(forked)
        if listener in ready:
            connection, _ = listener.accept()
            request, handed = _read(connection)
            if request is None:
                connection.close()
                continue
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _die_with(parent)
                for end in (listener, ended, waker, connection, *asked.values()):
                    end.close()
                return _taking(request, handed)
            for descriptor in handed:
                os.close(descriptor)
            forked[pid] = connection, request
            _tell(connection, pid)


def _read(connection: socket.socket) -> tuple[Request | None, list[int]]:
    """Return a request, none where whoever asks is gone, and the descriptors that come with it."""
    told, handed, _, _ = socket.recv_fds(connection, _READ, _HANDED)
    text = told
    while told and not text.endswith(b"\n"):
        told = connection.recv(_READ)
        text += told
    return (Request(**json.loads(text)) if told else None), handed


def _taking(request: Request, handed: list[int]) -> Request:
    """Make the descriptors those of this process, and return the request with the numbers of further ones."""
    for place, descriptor in enumerate(handed[:2], start=1):
        os.dup2(descriptor, place)
        os.close(descriptor)
    return replace(request, argv=[*request.argv, *map(str, handed[2:])])


def _clear(request: Request) -> None:
    """Remove the folder that a process leaves which was killed or will be."""
    if request.folder:
        shutil.rmtree(request.folder, ignore_errors=True)


def _wake(number: int, frame: object) -> None:
    """Do nothing: that there is a handler lets the system wake `serve`."""


def _tell_ended(forked: dict[int, tuple[socket.socket, Request]]) -> None:
    for pid in list(forked):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            connection, _ = forked.pop(pid)
            with connection:
                _tell(connection, os.waitstatus_to_exitcode(status))


def _tell(connection: socket.socket, number: int) -> None:
    # Whoever asked may be gone.
    with contextlib.suppress(OSError):
        connection.sendall(NUMBER.pack(number))


def _die_with(parent: int) -> None:
    """Let the system kill this process when its parent ends, in whatever way."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def start_afresh(request: Request, changed: dict[str, str]) -> None:
    """Give a forked process what a new one has of its own: session, input, environment, folder, arguments, seeds.

    ``changed`` is what modules have set in the environment while they were imported.
    """
    os.setsid()
    bound(request.limit, request.score)
    atexit.register(gc.unfreeze)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.environ.clear()
    os.environ.update(request.env | {PARENT: str(os.getppid())} | changed)
    time.tzset()
    os.chdir(request.cwd)
    module, *arguments = request.argv
    found = importlib.util.find_spec(module)
    sys.argv = [str(found and found.origin), *arguments]
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def bound(limit: int, score: int) -> None:
    """Bound this process's memory, and tell the system how soon to end it; see `Request`."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    # Not everywhere may a process set it.
    with contextlib.suppress(OSError), open(SCORE, "w") as file:  # noqa: PTH123
        file.write(str(score))


if __name__ == "__main__":
    main()
