"""Jupyter's kernel manager and client, for kernels that are forked."""

# jupyter_client leaves some of its types open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import asyncio
import shutil
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Any, cast

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from gtmdiag.publish.forking.parent import WarmError, fork_kernel, short_folder
from gtmdiag.publish.surroundings import FORKS

_LAUNCHER = ["-m", "ipykernel_launcher"]
_DYING = 1.0
"""Seconds in which a killed process is waited for at once; Jupyter would look again each tenth of a second."""

# Seconds.
_BINDING, _PAUSE = 2.0, 0.005

Message = dict[str, Any]


class WarmProvisioner(LocalProvisioner):
    """Forks a Python kernel of this interpreter; starts any other, or where that cannot be, as Jupyter does."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start a kernel's process and return how to reach it."""
        cwd = Path(kwargs.get("cwd") or Path.cwd())
        start = next((place for place in range(1, len(cmd)) if cmd[place : place + 2] == _LAUNCHER), 0)
        ours = start and cmd[0] == sys.executable and kwargs.keys() <= {"cwd", "env", "kernel_id"}
        # matplotlib reads a file of settings in the working directory while it is imported.
        if FORKS and ours and cwd.is_dir() and not (cwd / "matplotlibrc").exists():
            try:
                folder = cast("WarmKernelManager", self.parent).folder
                forked = fork_kernel(cmd[1:start], cmd[start + 1 :], kwargs["env"], str(cwd), folder)
            except WarmError as reason:
                self.log.warning(f"A kernel is started anew, not forked: {reason}.")
            else:
                # Jupyter asks no more of it than of a process of its own.
                self.process = cast("Any", forked)
                self.pid = self.pgid = cast("Any", forked.pid)
                self.cwd = cast("Any", str(cwd))
                await self._listening()
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)

    async def _listening(self) -> None:
        """Wait until the kernel listens: ZeroMQ tries again only after a tenth of a second where nobody does."""
        told, begun = cast("dict[str, Any]", self.connection_info), time.monotonic()
        sockets = [Path(f"{told['ip']}-{told[f'{name}_port']}") for name in ("shell", "iopub", "control", "hb")]
        waits = told["transport"] == "ipc"
        while waits and self.process.poll() is None and time.monotonic() - begun < _BINDING:
            await asyncio.sleep(_PAUSE)
            waits = not all(socket.exists() for socket in sockets)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel's process group."""
        await super().kill(restart)
        if self.process:
            self.process.wait(_DYING)


class WarmKernelClient(AsyncKernelClient):
    """Knows that a kernel is ready when it has said its last word on the first request, and waits no longer."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Wait until a kernel answers and everything that it has sent while it started is read.

        Raises
        ------
        RuntimeError
            The kernel has died, or does not answer in time.
        """
        begun = time.monotonic()
        while True:
            asked = self.kernel_info()
            try:
                reply = await _answer(self.shell_channel, asked, lambda told: told["msg_type"] == "kernel_info_reply")
                await _answer(self.iopub_channel, asked, lambda told: told["content"].get("execution_state") == "idle")
            except Empty:
                # It may have spoken before its words could be heard.
                if not await self._async_is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                if timeout is not None and time.monotonic() - begun > timeout:
                    raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds") from None
            else:
                self._handle_kernel_info_reply(reply)
                return


async def _answer(channel: Any, asked: str, fits: Callable[[Message], bool]) -> Message:
    """Return the answer to a request; all before it is passed over. Raises ``Empty`` after a time without any word."""
    while True:
        told = cast("Message", await channel.get_msg(timeout=0.25))
        if told["parent_header"].get("msg_id") == asked and fits(told):
            return told


class WarmKernelManager(AsyncKernelManager):
    """A manager of one kernel, which is forked, and reached through files in a folder of its own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.client_factory = WarmKernelClient
        self.folder = short_folder()
        self._remove_folder = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        if self.folder:
            self.transport = "ipc"
            self.connection_file = f"{self.folder}/kernel.json"

    async def _async_pre_start_kernel(self, **kw: Any) -> Any:
        if self.provisioner is None:
            name = self.kernel_id or ""
            self.provisioner = WarmProvisioner(kernel_id=name, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kw)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        if not restart:
            self._remove_folder()

    # Jupyter's own name is bound to its own method.
    cleanup_resources = _async_cleanup_resources
