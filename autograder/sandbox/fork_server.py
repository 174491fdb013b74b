"""The warm process: imports what a track's notebooks import, and forks for each of them.

It runs in the box and runs no student's code. For each connection it forks a server, which does
what the trusted side tells it there: fork, measure, interrupt, kill. A fork of that one is a
notebook's: it gets one pipe to read requests from and one to write its replies to, shuts itself in
(``confine``), and then serves the notebook's cells.

Started as ``python -m autograder.sandbox.fork_server SETTINGS``, the settings being JSON.
"""

import contextlib
import fcntl
import gc
import io
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
from dataclasses import asdict
from typing import Any, NoReturn

import numpy as np

from autograder.sandbox import cells, confine, seccomp, usage, wire
from autograder.sandbox.limits import Limits
from autograder.sandbox.warm_up import set_seeds, warm_up
from autograder.student import digits, exercise


class ForkServer:
    """The warm process, once its imports are done, and its forks that serve one connection each."""

    def __init__(self, track: str, boxed: bool, limits: Limits, socket_capacity: int) -> None:
        self.track = track
        self.boxed = boxed
        self.limits = limits
        self.socket_capacity = socket_capacity
        self.caps = wire.Caps(limits.reply)
        self.exercises = exercise.load_exercises()
        self.shell = cells.make_shell()
        self.filter = seccomp.assemble() if boxed and seccomp.has_filter() else None
        if usage.writable_shared_maps():
            raise RuntimeError("memory that forks would share with each other")
        self.own_pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY) if boxed else -1
        self.imported = {name.partition(".")[0] for name in sys.modules}
        self.child: int | None = None
        self.meter: usage.Meter | None = None
        self.folder: str | None = None
        self.used = usage.Usage()

    def listen(self, listener: socket.socket, lifeline: int) -> None:
        """Fork for each connection, so that several can be served at once.

        Parameters
        ----------
        lifeline : the end of a pipe whose other end goes with the process that started this one.
        """
        gc.collect()
        gc.freeze()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
        while True:
            ready, _, _ = select.select([listener, lifeline], [], [])
            if lifeline in ready:
                return
            connection, _ = listener.accept()
            if os.fork() == 0:
                try:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    confine.end_with_parent()
                    listener.close()
                    os.close(lifeline)
                    self.serve(connection)
                finally:
                    os._exit(0)
            connection.close()

    def serve(self, control: socket.socket) -> None:
        """Do what the trusted side says, until it closes the connection."""
        control.send(json.dumps({"ready": os.getpid()}).encode())
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, 65_536, 2)
            if not message:
                self.kill()
                return
            command = json.loads(message)
            try:
                answer = getattr(self, command.pop("do"))(*descriptors, **command)
            except OSError as error:
                answer = {"failed": str(error)}
            control.send(json.dumps(answer or {}).encode())

    def keep_to(self, cores: list[int]) -> None:
        """Run on these cores, with every fork to come; elsewhere, if the machine refuses it."""
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, cores)

    def provide_digits(self, descriptor: int) -> None:
        """Take over the course's digits, which come from a package that is not in the box."""
        with os.fdopen(descriptor, "rb") as file, np.load(file, allow_pickle=False) as arrays:
            for size in (8, 28):
                parts = [arrays[f"{name}{size}"] for name in digits.MNIST_CONTENTS]
                digits.provide(digits.Digits(*parts, "digits"), size)

    def fork(self, requests: int, replies: int) -> dict[str, Any]:
        """Fork for one notebook."""
        self.kill()
        gc.collect()
        gc.freeze()  # what is here already isn't touched, and so not copied, by the fork's gc
        shared, size = usage.own_memory()
        if self.boxed:
            confine.prepare_pid_namespace()
        else:
            self.folder = tempfile.mkdtemp(prefix="hidden-layers-")
        child = os.fork()
        if child == 0:
            self._become_notebook(requests, replies, size)
        os.close(requests)
        os.close(replies)
        if self.boxed:
            confine.forget_pid_namespace(self.own_pid_namespace)
        self.child = child
        self.meter = usage.Meter(child, self.boxed, shared, self.socket_capacity)
        self.used = usage.Usage()
        return {"pid": child}

    def measure(self) -> dict[str, Any]:
        """What the notebook uses, and how its first process ended if it did."""
        if self.meter is None:
            return asdict(self.used)
        ended = os.waitid(os.P_PID, self.child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        self.used = self.meter.sample()
        answer = asdict(self.used)
        if ended is not None:
            answer["exited" if ended.si_code == os.CLD_EXITED else "killed by"] = ended.si_status
        return answer

    def interrupt(self) -> None:
        """What Ctrl-C or a notebook's stop button does; a student's code can swallow it."""
        if self.child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.child, signal.SIGINT)

    def kill(self) -> dict[str, Any]:
        """End the notebook: with process 1 of its namespace ends everything that it started."""
        if self.child is None:
            return asdict(self.used)
        os.kill(self.child, signal.SIGKILL)
        if not self.boxed:
            self._kill_session()
        _, _, resources = os.wait4(self.child, 0)
        cpu = max(self.used.cpu, resources.ru_utime + resources.ru_stime)
        self.used = usage.Usage(cpu, self.used.memory)
        self.child = self.meter = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None
        return asdict(self.used)

    def _kill_session(self) -> None:
        for process in self.meter.processes() if usage.PROC.is_dir() else ():
            with contextlib.suppress(OSError):
                os.kill(process.pid, signal.SIGKILL)

    def _become_notebook(self, requests: int, replies: int, size: int) -> NoReturn:
        """In the fork: shut in, then serve cells until the trusted side closes the pipe."""
        try:
            requests, replies = _keep_only(requests, replies)
            try:
                self._shut_in(size)
            except OSError as error:
                _send(replies, {wire.STOPPED: str(error)}, self.caps)
                os._exit(1)
            _send(replies, {wire.READY: True}, self.caps)
            self._serve_cells(requests, replies)
        finally:
            os._exit(0)

    def _shut_in(self, size: int) -> None:
        files = self.limits.files
        os.setsid()  # a signal to one's own process group crosses pid namespaces
        if self.boxed:
            confine.confine(files)
        else:
            os.chdir(self.folder)
        address_space = size + self.limits.memory if size else -1
        confine.limit_resources(self.limits, files, address_space)
        if self.filter is not None:
            seccomp.install(self.filter)

    def _serve_cells(self, requests: int, replies: int) -> None:
        notebook = cells.Notebook(self.shell, self.exercises, self.limits.output)
        sys.modules["__main__"] = self.shell.user_module
        signal.signal(signal.SIGINT, notebook.interrupt)
        while (request := _receive(requests, self.caps)) is not None:
            number = request["number"]
            if "seed" in request:
                set_seeds(self.track, request["seed"])
            try:
                if "source" in request:
                    reply = notebook.run_code(request["source"])
                elif "exercise" in request:
                    reply = notebook.run_check(
                        request["exercise"], request["functions"], request["inputs"]
                    )
                else:
                    reply = {"imported": cells.imported_packages(self.imported)}
            except KeyboardInterrupt:
                reply = {"outputs": [], "undefined": ["the cell", "was interrupted"]}
            _send(replies, {"number": number, **reply}, self.caps)


def _keep_only(requests: int, replies: int) -> tuple[int, int]:
    """Close every descriptor but these two, which become 3 and 4; 0, 1 and 2 lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    requests, replies = (fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (requests, replies))
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.dup2(requests, 3, inheritable=False)
    os.dup2(replies, 4, inheritable=False)
    os.closerange(5, 65_536)
    return 3, 4


def _receive(descriptor: int, caps: wire.Caps) -> dict[str, Any] | None:
    reader = wire.Reader(caps)
    while piece := os.read(descriptor, reader.wanted):
        if reader.feed(piece):
            return reader.tree()
    return None


def _send(descriptor: int, message: dict[str, Any], caps: wire.Caps) -> None:
    try:
        frame = wire.encode(message, caps)
    except (wire.Malformed, TypeError, RecursionError) as error:
        short = {"number": message.get("number"), "too much": str(error)[:200]}
        frame = wire.encode(short, caps)
    rest = memoryview(frame)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def main() -> None:
    settings = json.loads(sys.argv[1])
    if settings["boxed"]:
        confine.leave_root()
    listener = socket.socket(fileno=settings["listener"])
    for descriptor in (settings["listener"], settings["lifeline"]):
        os.set_inheritable(descriptor, False)
    sys.stdin = io.StringIO()
    warm_up(settings["track"])
    limits = Limits(**settings["limits"])
    server = ForkServer(settings["track"], settings["boxed"], limits, settings["socket_capacity"])
    server.listen(listener, settings["lifeline"])


if __name__ == "__main__":
    main()
