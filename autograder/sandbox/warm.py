"""A warm process in its box, as the trusted side sees it: start it, end it.

Whoever has its address connects to it (``forks``): several processes that grade share one.
"""

import contextlib
import functools
import json
import os
import socket
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from autograder.sandbox import box
from autograder.sandbox.limits import Limits
from autograder.sandbox.usage import socket_capacity

MODULE = "autograder.sandbox.fork_server"
END = 1.0  # seconds from the end of its connections to that of the process
MOST_WAITING = 128  # connections, while it imports

NAMESPACES = (
    "Ask for user namespaces: `sysctl kernel.unprivileged_userns_clone=1` on older Debian, an "
    "AppArmor profile for bwrap or `sysctl kernel.apparmor_restrict_unprivileged_userns=0` on "
    "Ubuntu since 24.04, `--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined` in Docker"
)


@functools.cache
def _starter(process: int) -> ThreadPoolExecutor:
    """The thread of this process that starts boxes. A box ends with the thread that started it, as
    the kernel has it, so it has to be one that stays."""
    return ThreadPoolExecutor(1, thread_name_prefix="sandbox")


class WarmProcess:
    """The warm process of one track. It takes seconds to start: a connection waits for it.

    Parameters
    ----------
    address : the path of its socket, in a folder that nobody else can enter; by default it makes
        itself such a folder.

    Raises
    ------
    SandboxUnavailable : if bubblewrap, or a package that the track needs, isn't installed.
    """

    def __init__(
        self, track: str, limits: Limits, boxed: bool, address: Path | None = None
    ) -> None:
        self.track, self.boxed = track, boxed
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._folder = None
        if address is None:
            self._folder = tempfile.TemporaryDirectory(prefix="hidden-layers-")
            address = Path(self._folder.name, "socket")
        self.address = str(address)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            # Not so where a program sets a time-out for all new sockets, as some do.
            listener.setblocking(True)
            listener.bind(self.address)
            listener.listen(MOST_WAITING)
            # Open as long as this process lives. Bubblewrap's own way to end with its parent does
            # not reach a box that is just being started.
            its_lifeline, self._lifeline = os.pipe()
            descriptors = (listener.fileno(), its_lifeline)
            settings = {"listener": listener.fileno(), "lifeline": its_lifeline}
            settings |= {"track": track, "boxed": boxed, "limits": asdict(limits)}
            settings["socket_capacity"] = socket_capacity()
            starter = _starter(os.getpid())
            try:
                starting = starter.submit(self._start, json.dumps(settings), descriptors)
                self._process = starting.result()
            except BaseException:
                os.close(self._lifeline)
                raise
            finally:
                os.close(its_lifeline)

    def _start(self, program: str, descriptors: tuple[int, ...]) -> subprocess.Popen:
        streams = {"stdin": subprocess.DEVNULL, "stdout": self._errors, "stderr": self._errors}
        options = {**streams, "start_new_session": True}
        if not self.boxed:
            command = [sys.executable, "-m", MODULE, program]
            environment = os.environ | _unboxed_environment()
            return subprocess.Popen(command, pass_fds=descriptors, env=environment, **options)
        start = f"import sys; sys.path.insert(0, {box.COURSE_INSIDE!r}); import runpy; "
        start += f"runpy.run_module({MODULE!r}, run_name='__main__', alter_sys=True)"
        return box.start_boxed(self.track, ["-I", "-c", start, program], descriptors, **options)

    @property
    def pid(self) -> int:
        return self._process.pid

    def last_words(self) -> str:
        """What it or bubblewrap wrote in the end, and what helps if that was bubblewrap; nothing if
        it hasn't ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END)
        if self._process.returncode is None:
            return ""
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        said = lines[-1][:500] + "." if lines else ""
        return f"{said} {NAMESPACES}" if said.startswith("bwrap:") else said

    def end(self) -> None:
        """End it, and everything in its box."""
        self._process.kill()
        self._process.wait()
        os.close(self._lifeline)
        self._errors.close()
        Path(self.address).unlink(missing_ok=True)
        if self._folder is not None:
            self._folder.cleanup()


def _unboxed_environment() -> dict[str, str]:
    """What matters for the results, without the paths of the box."""
    names = ("PYTHONHASHSEED", "MPLBACKEND", "KERAS_BACKEND", "CUDA_VISIBLE_DEVICES")
    return {
        name: value
        for name, value in box.ENVIRONMENT.items()
        if name in names or name.startswith("TF_") or name.endswith("_THREADS")
    }
