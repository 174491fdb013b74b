"""Forks of a warm process, as the trusted side sees them: ask for one, talk to it, end it."""

import contextlib
import functools
import io
import json
import os
import selectors
import socket
import time
from typing import Any

import numpy as np

from autograder.sandbox import wire
from autograder.sandbox.errors import SandboxBroken
from autograder.sandbox.limits import Limits
from autograder.student.digits import MNIST_CONTENTS, load_digits

START = 120.0  # seconds until the imports are done, on a machine that has much else to do
ANSWER = 30.0  # seconds until a command is carried out


class Forks:
    """A connection to a warm process, over which it forks for one notebook at a time.

    Parameters
    ----------
    address : where the warm process listens (``WarmProcess.address``).

    Raises
    ------
    SandboxBroken : if it doesn't.
    """

    def __init__(self, address: str, limits: Limits) -> None:
        self.limits = limits
        self._control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._control.settimeout(ANSWER)
            self._control.connect(address)
        except OSError:
            self._control.close()
            raise SandboxBroken("the warm process is gone") from None

    def wait_until_ready(self) -> None:
        """Wait for the imports, and hand over what comes from packages that aren't in the box. A
        first fork shows whether forks work. They run where this process does.

        Raises
        ------
        SandboxBroken : if they don't.
        """
        digits = digits_file()
        self._answer(START)
        if hasattr(os, "sched_getaffinity"):
            self._command("keep_to", cores=sorted(os.sched_getaffinity(0)))
        with os.fdopen(os.memfd_create("digits", 0), "w+b") as file:
            file.write(digits)
            file.seek(0)
            self._command("provide_digits", descriptors=[file.fileno()])
        self.fork(seed=0).close()
        self.kill()

    def _answer(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            message = self._control.recv(65_536)
        except OSError:  # a time-out, too
            message = b""
        if not message:
            raise SandboxBroken("the warm process doesn't answer")
        return json.loads(message)

    def _command(self, name: str, descriptors: list[int] = (), **arguments: Any) -> dict[str, Any]:
        message = json.dumps({"do": name, **arguments}).encode()
        try:
            socket.send_fds(self._control, [message], descriptors)
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

    def close(self) -> None:
        """End the fork, if there is one, and the connection."""
        self._control.close()


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
        with contextlib.suppress(EOFError):  # which ``exchange`` meets again
            self._write()
        if self._unsent:
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
                    if not self._unsent:
                        self._selector.unregister(self._requests)
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

    def _read(self) -> bool:
        try:
            piece = os.read(self._replies, self._reader.wanted)
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
