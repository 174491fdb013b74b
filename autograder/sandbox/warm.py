"""A warm process in its box, as the trusted side sees it: start it, tell it what to do, end it."""

import functools
import io
import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import numpy as np

from autograder.sandbox import box, wire
from autograder.sandbox.errors import SandboxBroken, SandboxUnavailable
from autograder.sandbox.limits import Limits
from autograder.sandbox.usage import socket_capacity
from autograder.student.digits import MNIST_CONTENTS, load_digits

START = 120.0  # seconds until the imports are done, on a machine that has much else to do
ANSWER = 30.0  # seconds until a command is carried out
MODULE = "autograder.sandbox.fork_server"

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


class Warm:
    """The warm process of one track. It takes seconds to start: there may be something else to do
    until ``wait_until_ready``.

    Raises
    ------
    SandboxUnavailable : if there is no sandbox on this machine; the message says what helps.
    """

    def __init__(self, track: str, limits: Limits, boxed: bool) -> None:
        self.track, self.limits, self.boxed = track, limits, boxed
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Not so where a program sets a time-out for all new sockets, as some do.
        theirs.setblocking(True)
        settings = {"control": theirs.fileno(), "track": track, "boxed": boxed}
        settings |= {"limits": asdict(limits), "socket_capacity": socket_capacity()}
        program = json.dumps(settings)
        starter = _starter(os.getpid())
        self._process = starter.submit(self._start, program, theirs.fileno()).result()
        theirs.close()
        self.is_ready = False

    def wait_until_ready(self) -> None:
        """Wait for the imports, and hand over what comes from packages that aren't in the box.

        Raises
        ------
        SandboxUnavailable : if the box doesn't start here; the message says what helps.
        """
        try:
            digits = digits_file()
            self._answer(START)
            with os.fdopen(os.memfd_create("digits", 0), "w+b") as file:
                file.write(digits)
                file.seek(0)
                self._command("provide_digits", descriptors=[file.fileno()])
            self.is_ready = True
        except SandboxBroken:
            said = self.last_words()
            hint = NAMESPACES if said.startswith("bwrap:") else ""
            raise SandboxUnavailable(f"the sandbox doesn't start here: {said} {hint}") from None

    def _start(self, program: str, control: int) -> subprocess.Popen:
        streams = {"stdin": subprocess.DEVNULL, "stdout": self._errors, "stderr": self._errors}
        options = {**streams, "start_new_session": True}
        if not self.boxed:
            command = [sys.executable, "-m", MODULE, program]
            environment = os.environ | _unboxed_environment()
            return subprocess.Popen(command, pass_fds=(control,), env=environment, **options)
        start = f"import sys; sys.path.insert(0, {box.COURSE_INSIDE!r}); import runpy; "
        start += f"runpy.run_module({MODULE!r}, run_name='__main__', alter_sys=True)"
        return box.start_boxed(self.track, ["-I", "-c", start, program], (control,), **options)

    def last_words(self) -> str:
        """The last line that the warm process or bubblewrap wrote before it failed."""
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:500] + "." if lines else ""

    def _answer(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            message = self._control.recv(65_536)
        except OSError:  # a time-out, too
            message = b""
        if not message:
            raise SandboxBroken("the warm process doesn't answer")
        return json.loads(message)

    def _command(self, name: str, descriptors: list[int] = ()) -> dict[str, Any]:
        try:
            socket.send_fds(self._control, [json.dumps({"do": name}).encode()], descriptors)
        except OSError:
            raise SandboxBroken("the warm process is gone") from None
        answer = self._answer(ANSWER)
        if "failed" in answer:
            raise SandboxBroken(f"{name}: {answer['failed']}")
        return answer

    def fork(self, seed: int) -> "Fork":
        """A fork that is shut in and waits for a notebook's cells; ``seed`` is for its generators.

        Raises
        ------
        SandboxBroken : if it doesn't come up. No student's code has run in it then.
        """
        requests_out, requests_in = os.pipe()
        replies_out, replies_in = os.pipe()
        fork = Fork(requests_in, replies_out, self.limits, seed)
        try:
            try:
                self._command("fork", descriptors=[requests_out, replies_in])
            finally:
                os.close(requests_out)
                os.close(replies_in)
            fork.wait_until_ready()
        except BaseException:
            fork.close()
            raise
        return fork

    def measure(self) -> dict[str, Any]:
        """What the fork uses, and how it ended if it did."""
        return self._command("measure")

    def interrupt(self) -> None:
        self._command("interrupt")

    def kill(self) -> dict[str, Any]:
        """End the fork and all that it started; what it used."""
        return self._command("kill")

    def end(self) -> None:
        """End the warm process and everything in its box."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()


class Fork:
    """One fork of the warm process: a pipe for requests and one for replies.

    Whatever is read here is a student's word, whoever wrote it to the pipe.
    """

    def __init__(self, requests: int, replies: int, limits: Limits, seed: int) -> None:
        self._requests, self._replies = requests, replies
        self._limits = limits
        self._seed: int | None = seed  # goes with the first request
        os.set_blocking(requests, False)
        os.set_blocking(replies, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(replies, selectors.EVENT_READ)
        self._caps = wire.Caps(limits.reply)
        self._reader = wire.Reader(self._caps)
        self._unsent = memoryview(b"")

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + ANSWER
        reply = None
        while reply is None and time.monotonic() < deadline:
            try:
                reply = self.exchange(0.1)
            except EOFError:
                break
        if reply != {wire.READY: True}:
            why = reply.get(wire.STOPPED) if reply else "it ended"
            raise SandboxBroken(f"a notebook's process can't be shut in: {why}")

    def send(self, request: dict[str, Any], room: int) -> None:
        """Begin to send a request; ``exchange`` sends the rest.

        Parameters
        ----------
        room : bytes that the reply may have.

        Raises
        ------
        Malformed, TypeError : if it can't travel.
        """
        if self._seed is not None:
            request, self._seed = request | {"seed": self._seed}, None
        self._unsent = memoryview(wire.encode(request, self._caps))
        self._reader = wire.Reader(wire.Caps(min(room, self._limits.reply)))
        self._selector.register(self._requests, selectors.EVENT_WRITE)

    def exchange(self, seconds: float) -> dict[str, Any] | None:
        """Send and receive for at most so long; the reply if it is complete.

        Raises
        ------
        EOFError : if the other side has closed its pipe.
        Malformed : if what came is no reply.
        """
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                if key.fd == self._requests:
                    self._write()
                elif self._read():
                    return self._complete()
        return None

    def _write(self) -> None:
        try:
            written = os.write(self._requests, self._unsent[:65_536])
        except BlockingIOError:
            return
        except BrokenPipeError:
            raise EOFError from None
        self._unsent = self._unsent[written:]
        if not self._unsent:
            self._selector.unregister(self._requests)

    def _read(self) -> bool:
        try:
            piece = os.read(self._replies, min(self._reader.missing, 2**20))
        except BlockingIOError:
            return False
        if not piece:
            raise EOFError
        return self._reader.feed(piece)

    @property
    def received(self) -> int:
        """Bytes of the last reply."""
        return self._reader.received

    def _complete(self) -> dict[str, Any]:
        if self._unsent:
            raise wire.Malformed("a reply came before the request was there")
        reply = self._reader.tree()
        if not isinstance(reply, dict):
            raise wire.Malformed("a reply is not a dict")
        return reply

    def close(self) -> None:
        self._selector.close()
        os.close(self._requests)
        os.close(self._replies)


@functools.cache
def digits_file() -> bytes:
    """The course's digits in both sizes, as a ``.npz`` file for boxes without scikit-learn."""
    arrays = {
        f"{name}{size}": getattr(load_digits(size=size), name)
        for size in (8, 28)
        for name in MNIST_CONTENTS
    }
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _unboxed_environment() -> dict[str, str]:
    """What matters for the results, without the paths of the box."""
    names = ("PYTHONHASHSEED", "MPLBACKEND", "KERAS_BACKEND", "CUDA_VISIBLE_DEVICES")
    return {
        name: value
        for name, value in box.ENVIRONMENT.items()
        if name in names or name.startswith("TF_") or name.endswith("_THREADS")
    }
