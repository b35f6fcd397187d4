"""Serve the form, and nothing but the form, to a browser on this machine."""

from __future__ import annotations

import html
import logging
import os
import secrets
import shutil
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from jupyter_core.paths import jupyter_runtime_dir
from traitlets.config import Config
from voila.app import Voila  # pyright: ignore[reportMissingTypeStubs]

from gtmdiag.assess.address import HOME, Address, require_home
from gtmdiag.errors import StorageError, UsageError
from gtmdiag.resources import notebooks, templates

NOTEBOOK = "assessment.ipynb"
_TRIES = 50
_START_SECONDS = 30
_SHORT = 38
"""Characters of a folder's name to which a kernel's can be added within the 103 that a socket's name may have."""
_SERVED = ("/api/kernels/", "/voila/static/", "/voila/labextensions/", "/voila/api/themes/", "/voila/api/shutdown/")
_NOTEBOOK_PAGE = "/(.*)"
_PAGES = (_NOTEBOOK_PAGE, "/login", "/logout")
_WIDGETS = ["anywidget", "@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"]
_POLICY = (
    "default-src 'none'; script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""What the page may load: its own server's files. Widgets are evaluated, hence the two unsafe words."""


def serve(
    environment: Mapping[str, str],
    address: Address,
    *,
    idle_minutes: int,
    browser: bool,
    started: Callable[[str], None],
) -> None:
    """Serve the form until it is interrupted.

    Parameters
    ----------
    environment
        What the form's kernels find in their environment, beside what this process has.
    address
        Where to listen.
    idle_minutes
        Minutes after which the kernel of a closed page ends.
    browser
        Whether to open a browser.
    started
        Called with the form's address, its token in it, once it is served.

    Raises
    ------
    StorageError
        No folder for the server's own files can be made.
    UsageError
        The address is not this machine's own and was not asked for on purpose, or no port is free.
    """
    require_home(address)
    token = secrets.token_urlsafe(32)
    # What it warns of, such as a page that was closed, is nothing to act on.
    logging.getLogger("tornado").setLevel(logging.ERROR)
    app = _FormServer()
    with _folder() as folder, tempfile.TemporaryDirectory(prefix="gtm-") as connections:
        shutil.copyfile(notebooks() / NOTEBOOK, folder / NOTEBOOK)
        port = _free_port(address)
        shown = HOME if address.host in ("0.0.0.0", "::") else address.host
        url = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/?token={quote(token)}"
        app.update_config(_config(folder, Path(connections), address.host, port, token, idle_minutes))
        page = folder if browser else None
        with _environment({**environment, **_templates()}):
            app.initialize([str(folder / NOTEBOOK)])
            threading.Thread(target=_tell, args=(address.host, port, url, page, started), daemon=True).start()
            app.start()


class _FormServer(Voila):
    """Voilà with the form's few addresses, without files, other notebooks and the list of them."""

    def init_handlers(self) -> Any:
        handlers: list[Any] = cast("Any", super()).init_handlers()
        kept = [one for one in handlers if _path(one).startswith(_SERVED) or _path(one) in _PAGES]
        # Only the notebook's own address, not any below it.
        return [(r"/", *one[1:]) if _path(one) == _NOTEBOOK_PAGE else one for one in kept]


def _path(handler: Any) -> str:
    return str(handler[0])


def _config(folder: Path, connections: Path, host: str, port: int, token: str, idle_minutes: int) -> Config:
    config = Config()
    config.Voila.ip = host
    config.Voila.port = port
    config.Voila.port_retries = 0
    config.Voila.token = token
    config.Voila.open_browser = False
    config.Voila.root_dir = str(folder)
    config.Voila.connection_dir_root = str(connections)
    config.Voila.log_level = logging.ERROR
    config.Voila.config_file_paths = []
    config.Voila.tornado_settings = {"headers": {"Content-Security-Policy": _POLICY}}
    # Every answer is on the disk before it is told as saved: a kernel that lingers can be killed.
    config.KernelManager.shutdown_wait_time = 1.0
    if sys.platform != "win32" and len(str(connections)) <= _SHORT:
        # Through files in this user's folder, not through ports that others could listen at.
        config.KernelManager.transport = "ipc"
    config.VoilaConfiguration.template = "gtmdiag"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.file_allowlist = []
    config.VoilaConfiguration.file_denylist = [".*"]
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.extension_allowlist = _WIDGETS
    config.MappingKernelManager.cull_idle_timeout = idle_minutes * 60
    config.MappingKernelManager.cull_interval = max(1, min(60, idle_minutes * 60 // 2))
    config.MappingKernelManager.cull_connected = False
    return config


@contextmanager
def _folder() -> Generator[Path]:
    """Give a folder that only this user can read, holding the form's notebook and nothing of a client."""
    try:
        # Some browsers may not read the system's temporary folder.
        runtime = Path(jupyter_runtime_dir())
        runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(tempfile.mkdtemp(prefix="gtmdiag-form-", dir=runtime))
    except OSError as error:
        raise StorageError(f"No folder for the form's server could be made: {error.strerror}.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _environment(changed: Mapping[str, str]) -> Generator[None]:
    """Set what the kernels inherit."""
    before = dict(os.environ)
    os.environ.update(changed)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _free_port(address: Address) -> int:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    for port in range(address.port, min(address.port + _TRIES, 65_536)):
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((address.host, port))
            except OSError:
                continue
            return port
    raise UsageError(f"No port is free from {address.port} on at {address.host}. Name another one with --port.")


def _tell(host: str, port: int, url: str, folder: Path | None, started: Callable[[str], None]) -> None:
    """Say the address as soon as it answers, and open a browser there."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection((HOME if host == "0.0.0.0" else host, port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    started(url)
    if folder is None:
        return
    # A file leads the browser on: other users of this machine could read the token from a command line.
    page = folder / "open.html"
    text = f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={html.escape(url)}">'
    page.write_text(text, encoding="utf-8")
    webbrowser.open(page.as_uri())


def _templates() -> dict[str, str]:
    """Return the environment in which the form's page template is found."""
    paths = [str(templates() / "jupyter"), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    return {"JUPYTER_PATH": os.pathsep.join(paths)}
