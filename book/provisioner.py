"""Kernels that many processes start at once, with socket files in place of ports.

Jupyter looks for five free ports, lets them go and tells the kernel to take them. What starts
between the two can take them first; the kernel then ends with "address already in use", and a build
or a test that nothing was wrong with fails. A socket file in a folder of its own is nobody else's.

`JUPYTER_DEFAULT_PROVISIONER_NAME=socket-files` asks for it; the Makefile does for the book's pages
and the tests.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner


class SocketFileProvisioner(LocalProvisioner):
    """Starts a kernel of this machine that is reached through files (zmq's ``ipc`` transport)."""

    folder: Path | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the files before Jupyter chooses ports. On Windows it stays with ports."""
        if self.folder is None and os.name == "posix":
            # A path of a socket has at most 104 characters on macOS: not below a test's folder.
            self.folder = Path(tempfile.mkdtemp(prefix="kernel-"))
            self.parent.transport = "ipc"
            self.parent.ip = str(self.folder / "socket")
        return await super().pre_launch(**kwargs)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the files, unless the kernel starts again."""
        await super().cleanup(restart)
        if self.folder is not None and not restart:
            shutil.rmtree(self.folder, ignore_errors=True)
