"""The warm parent of this process: started once, asked for a kernel process whenever one is needed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from gtmdiag.findings.handed import VARIABLE as HANDED
from gtmdiag.publish.forking.server import NUMBER, SCORE, Request, again
from gtmdiag.publish.surroundings import FORKS, loading

MODULES = (
    "ipykernel.kernelapp",
    # what a kernel would import while it starts
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "gtmdiag.report.preload",
)
"""What a warm parent loads. Whatever else a notebook imports, it imports by itself."""

WORKER_MODULES = ("gtmdiag.publish.worker", "gtmdiag.publish.render", "gtmdiag.publish.html", "gtmdiag.publish.pdf")
"""What it loads too, where processes that render many clients are forked from it."""

_KERNEL = "ipykernel.kernelapp.launch_new_instance"
# Differs from notebook to notebook and is read when a kernel starts, not while modules are imported.
_PER_KERNEL = frozenset({"IPYTHONDIR", "JUPYTER_RUNTIME_DIR", HANDED})
# Seconds.
_LOADING = 60.0
# Bytes of a folder's path in which sockets can be made: systems allow 103 for a socket's own.
_LONGEST_FOLDER = 60


class WarmError(RuntimeError):
    """No kernel can be forked here. Start it as usual."""


class ForkedProcess:
    """A process that was forked from a parent, as far as Jupyter's `LocalProvisioner` asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, parent: Parent, connection: socket.socket, pid: int) -> None:
        # A parent lives as long as somebody needs it.
        self._parent = parent
        self._connection = connection
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, or nothing while the process lives."""
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the process's end and return its exit status; nothing where it takes longer."""
        if self.returncode is None:
            self._connection.settimeout(timeout)
            with contextlib.suppress(BlockingIOError, TimeoutError):
                # Where the parent has died, the system has killed the process.
                self.returncode = _number(self._connection, -signal.SIGKILL)
                self._connection.close()
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send a signal to a process that lives."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class Parent:
    """A process that others are forked from; one that was not started here ends this process at its own end."""

    _process: subprocess.Popen[bytes] | ForkedProcess | None = None

    def __init__(self, address: str) -> None:
        self.address = address
        self.proved = False
        """Whether it has forked a process."""

    @property
    def lives(self) -> bool:
        """Whether a process can be asked for."""
        return self._process is None or self._process.poll() is None

    def fork(self, request: Request, further: Sequence[int] = ()) -> ForkedProcess:
        """Return a new process, with this one's output. The first one waits until everything is loaded.

        Parameters
        ----------
        request
            What process.
        further
            Descriptors that it is given too.

        Raises
        ------
        WarmError
            The parent could not load everything, or has died.
        """
        connection, pid = socket.socket(socket.AF_UNIX), 0
        connection.settimeout(_LOADING)
        with contextlib.suppress(OSError):
            connection.connect(self.address)
            text = json.dumps(asdict(request)).encode() + b"\n"
            sent = socket.send_fds(connection, [text], [1, 2, *further])
            connection.sendall(text[sent:])
            pid = _number(connection, 0)
        if not pid:
            connection.close()
            raise WarmError("the process that kernels are forked from has ended")
        self.proved = True
        return ForkedProcess(self, connection, pid)


class Copy(Parent):
    """A copy of a parent, for one process alone: what a notebook does to it harms no other process's work."""

    def __init__(self, first: Parent, env: Mapping[str, str]) -> None:
        folder = _folder()
        super().__init__(f"{folder}/parent")
        request = _request(f"{again.__module__}.{again.__name__}", [again.__module__, folder], env, "/", folder)
        with _listener(self.address) as listener:
            # The other end is this process's as long as it lives.
            end, _ = os.pipe()
            self._process = first.fork(request, [listener.fileno(), end])
            os.close(end)


class OwnParent(Parent):
    """One that loads modules under one environment. It ends with this object, and with this process."""

    def __init__(self, options: Sequence[str], env: Mapping[str, str], modules: Sequence[str]) -> None:
        self.folder = _folder()
        super().__init__(f"{self.folder}/parent")
        script = str(Path(__file__).with_name("server.py"))
        with _listener(self.address) as listener:
            self._process = subprocess.Popen(
                [sys.executable, *options, script, str(listener.fileno()), self.folder, *modules],
                pass_fds=[listener.fileno()],
                env=loading(env),
                cwd="/",
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
        self.end = weakref.finalize(self, _end, self._process, self.folder, os.getpid())


class _Present:
    """The parent of this process, and the circumstances under which none could be had."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple[object, ...] = ()
        self._parent: Parent | None = None
        self._refused: tuple[object, ...] = ()

    def adopt(self, address: str, env: Mapping[str, str]) -> None:
        """Have a copy of the parent of this process, which has such an environment."""
        self._key, self._parent = self._key_of((), env), Copy(Parent(address), env)

    def get(self, options: Sequence[str], env: Mapping[str, str], more: Sequence[str] = ()) -> Parent:
        """Return a parent with this environment; a former one with another ends when its last process has."""
        key = self._key_of(options, env)
        with self._lock:
            if key == self._refused:
                raise WarmError("it failed before")
            if self._parent is None or self._key != key or not self._parent.lives:
                if self._parent is not None and self._key == key and not self._parent.proved:
                    self._refused = key
                    raise WarmError("the process that kernels are forked from could not start")
                self._key, self._parent = key, OwnParent(options, env, (*MODULES, *more))
            return self._parent

    def _key_of(self, options: Sequence[str], env: Mapping[str, str]) -> tuple[object, ...]:
        return (os.getpid(), *options, *sorted(pair for pair in env.items() if pair[0] not in _PER_KERNEL))


_PRESENT = _Present()


def warm_up(env: Mapping[str, str]) -> None:
    """Begin to load what a kernel of this environment will need, if one can be forked here; do not wait for it."""
    if FORKS:
        with contextlib.suppress(WarmError):
            _PRESENT.get((), env)


def adopt(address: str, env: Mapping[str, str]) -> None:
    """Let kernels of this environment be forked from the process at an address, which this one was forked from."""
    _PRESENT.adopt(address, env)


def fork_kernel(
    options: Sequence[str], argv: Sequence[str], env: Mapping[str, str], cwd: str, folder: str
) -> ForkedProcess:
    """Return a new kernel of this interpreter.

    Parameters
    ----------
    options
        Of the interpreter.
    argv, env, cwd, folder
        See `gtmdiag.publish.forking.server.Request`.

    Raises
    ------
    WarmError
        None can be forked.
    """
    return _PRESENT.get(options, env).fork(_request(_KERNEL, argv, env, cwd, folder))


def fork_worker(entry: str, env: Mapping[str, str], descriptor: int) -> tuple[ForkedProcess, str]:
    """Return a new process for work on many clients, and the address of its parent, from which it can fork kernels.

    Parameters
    ----------
    entry
        The module and function that it runs.
    env
        That of its kernels.
    descriptor
        Given to it; its number is its only argument.

    Raises
    ------
    WarmError
        None can be forked.
    """
    if not FORKS:
        raise WarmError("this system does not fork")
    parent = _PRESENT.get((), env, WORKER_MODULES)
    request = _request(entry, [entry.rpartition(".")[0]], os.environ, str(Path.cwd()), "")
    return parent.fork(request, [descriptor]), parent.address


def _request(entry: str, argv: Sequence[str], env: Mapping[str, str], cwd: str, folder: str) -> Request:
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    score = int(Path(SCORE).read_text()) if Path(SCORE).exists() else 0
    return Request(entry, list(argv), dict(env), cwd, folder, limit, score)


def short_folder() -> str:
    """Make a folder that only this user can look into, with a path short enough for sockets; empty where none can be.

    A user's folder for temporary files may be too deep.
    """
    for place in (tempfile.gettempdir(), "/tmp") if os.name == "posix" else ():
        if len(os.fsencode(place)) <= _LONGEST_FOLDER:
            with contextlib.suppress(OSError):
                return tempfile.mkdtemp(prefix="gtm-", dir=place)
    return ""


def _folder() -> str:
    folder = short_folder()
    if not folder:
        raise WarmError("no folder for temporary files has a path short enough for sockets")
    return folder


def _listener(address: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    return listener


def _number(connection: socket.socket, otherwise: int) -> int:
    """Return the next number that a parent tells; ``otherwise`` where it tells none any more."""
    try:
        told = connection.recv(NUMBER.size)
    except ConnectionError:
        told = b""
    return NUMBER.unpack(told)[0] if told else otherwise


def _end(process: subprocess.Popen[bytes], folder: str, owner: int) -> None:
    # A process that was forked from this one must leave it alone.
    if os.getpid() == owner:
        with process:
            process.terminate()
        shutil.rmtree(folder, ignore_errors=True)
