"""The trusted side of the sandbox: one warm process a track, and a fork of it for each notebook."""

import contextlib
import re
import signal
import time
import warnings
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from autograder.sandbox.errors import SandboxBroken, SandboxUnavailable
from autograder.sandbox.forks import Fork, Forks
from autograder.sandbox.job import Cell, CheckCell, CodeCell, Job, Outcome, Result
from autograder.sandbox.limits import Limits
from autograder.sandbox.replies import read_observations, read_outputs
from autograder.sandbox.warm import WarmProcess
from autograder.sandbox.watch import NotebookClock, Watch, notebook_is_over
from autograder.sandbox.wire import Malformed
from autograder.sandbox.words import clean_line
from autograder.student.exercise import TRACKS

FIRST_LOOK, LAST_LOOK = 0.005, 0.04  # seconds between two looks at what a cell uses
OUT_OF_MEMORY = re.compile(r"\w*MemoryError\b")
UNSAFE_WARNING = (
    "UNSAFE: students' code runs without a sandbox, with your rights, on your files and your "
    "network. Grade only what you trust like your own."
)


class Worker:
    """A warm process that has imported what a track's notebooks import, in its own box.

    Used as a context manager. ``run`` forks the warm process for each notebook, into namespaces
    and a file system of its own, and nothing of one submission is left for the next. A warm
    process that died is replaced.

    Parameters
    ----------
    track : "numpy", "keras" or "pytorch".
    limits : what a submission may use.
    unsafe : run without a box, after a warning. Code then runs with the rights of whoever calls.
    address : where a warm process of this kind listens already (``WarmProcess``). If there is none
        or it goes, the worker has its own.

    Raises
    ------
    SandboxUnavailable : on entering, and in its two steps ``begin`` and ``wait_until_ready``, if
        there is no sandbox on this machine and ``unsafe`` isn't set; the message says how to get
        one.
    """

    def __init__(
        self,
        track: str,
        limits: Limits | None = None,
        unsafe: bool = False,
        address: str | None = None,
    ) -> None:
        if track not in TRACKS:
            raise ValueError(f"a track is one of {', '.join(TRACKS)}, not {track!r}")
        self.track = track
        self.limits = limits or Limits()
        self.unsafe = unsafe
        self._address = address
        self._process: WarmProcess | None = None  # its own
        self._forks: Forks | None = None

    def __enter__(self) -> Self:
        self.begin()
        self.wait_until_ready()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()

    def begin(self) -> None:
        """Let the warm process import what it needs, and don't wait for it."""
        if self.unsafe:
            warnings.warn(UNSAFE_WARNING, stacklevel=2)
        if self._address is None:
            self._process = WarmProcess(self.track, self.limits, boxed=not self.unsafe)

    def wait_until_ready(self) -> None:
        """Wait for what ``begin`` began."""
        self._connect()

    def _connect(self) -> Forks:
        """A connection to a warm process that is ready; to a new one if there is none."""
        if self._forks is None and self._address is not None:
            try:
                self._forks = self._connected(self._address)
            except SandboxBroken:
                self._address = None
        if self._forks is None:
            if self._process is None:
                self._process = WarmProcess(self.track, self.limits, boxed=not self.unsafe)
            try:
                self._forks = self._connected(self._process.address)
            except SandboxBroken as error:
                said = self._process.last_words() or str(error)
                self.end()
                raise SandboxUnavailable(f"the sandbox doesn't start here: {said}") from None
        return self._forks

    def _connected(self, address: str) -> Forks:
        forks = Forks(address, self.limits)
        try:
            forks.wait_until_ready()
        except BaseException:
            forks.close()
            raise
        return forks

    def end(self) -> None:
        """End its connection, and the warm process if it is its own. The next run starts anew."""
        if self._forks is not None:
            self._forks.close()
            self._forks = None
        if self._process is not None:
            self._process.end()
            self._process = None

    def run(self, job: Job) -> Result:
        """Run one notebook and return what it did. Never raises because of a student's code.

        A cell that had to be killed is left out when the notebook is run again from its
        beginning; checks that were made already keep their outcomes.
        """
        if job.track != self.track:
            raise ValueError(f"this worker runs {self.track} notebooks, not {job.track} ones")
        run = _Run(job, self.limits)
        while run.unfinished:
            try:
                fork = self._fork(job.seed)
            except (SandboxBroken, SandboxUnavailable) as error:
                run.fail(error)
                break
            with contextlib.closing(fork):
                try:
                    went_well = run.go(fork, self._forks)
                except BaseException:
                    self.end()  # and with the connection what runs there
                    raise
                if not went_well:
                    self.end()
        return run.result

    def _fork(self, seed: int) -> Fork:
        for last_try in (False, True):
            try:
                return self._connect().fork(seed)
            except SandboxBroken:
                self.end()
                if last_try:
                    raise
        raise AssertionError


@dataclass
class _Killed(Exception):
    """A cell ended its process, or had to be killed together with it."""

    outcome: Outcome


@dataclass
class _Run:
    """One notebook on its way: what is known of it, over all of its runs."""

    job: Job
    limits: Limits
    result: Result = field(default_factory=Result)
    clock: NotebookClock = field(default_factory=NotebookClock)
    unfinished: bool = True
    room: int = 0  # bytes that it may still send
    left_out: set[str] = field(default_factory=set)  # ids of cells that were killed

    def __post_init__(self) -> None:
        self.clock.started = time.monotonic()
        self.room = self.limits.replies

    def go(self, fork: Fork, forks: Forks) -> bool:
        """Run the notebook in this fork, as far as it comes; False if the warm process broke."""
        self.result.runs += 1
        alive = True
        number = 0
        try:
            for number, cell in enumerate(self.job.cells):
                if self._is_decided(cell):
                    continue
                over = notebook_is_over(self.limits, self.clock)
                if over is not None:
                    self._give_up(over)
                    break
                self._run_cell(number, cell, fork, forks)
            else:
                self._finish(fork)
            self.unfinished = False
        except _Killed as killed:
            self._leave_out(number, killed.outcome)
        except SandboxBroken:
            alive = False
            self._leave_out(number, Outcome("crashed", "the process that runs it was lost"))
        try:
            used = forks.kill() if alive else {"cpu": 0.0, "memory": 0}
        except SandboxBroken:
            alive, used = False, {"cpu": 0.0, "memory": 0}
        self.clock.cpu += used["cpu"]
        self.clock.peak = max(self.clock.peak, used["memory"])
        self.result.cpu_seconds = self.clock.cpu
        self.result.peak_memory = self.clock.peak
        self.result.wall_seconds = time.monotonic() - self.clock.started
        return alive

    def _is_decided(self, cell: Cell) -> bool:
        return cell.id in self.left_out or cell.id in self.result.outcomes

    def _leave_out(self, number: int, outcome: Outcome) -> None:
        cell = self.job.cells[number]
        self.left_out.add(cell.id)
        self._record(cell, outcome)
        rest = self.job.cells[number + 1 :]
        self.unfinished = any(not self._is_decided(other) for other in rest)
        if self.unfinished and self.result.runs > self.limits.restarts:
            line = f"not reached: the notebook had to be stopped {self.result.runs} times before"
            self._give_up(Outcome("crashed", line))
            self.unfinished = False

    def _record(self, cell: Cell, outcome: Outcome) -> None:
        if isinstance(cell, CheckCell):
            self.result.outcomes[cell.id] = outcome
        else:
            self.result.stopped[cell.id] = outcome
            self.result.notes.append(f"a cell was stopped: {outcome.line}")
        if outcome.word not in ("observed", "undefined"):
            line = {"output_type": "stream", "name": "stderr", "text": f"Stopped: {outcome.line}\n"}
            self.result.outputs.setdefault(cell.id, []).append(line)

    def _give_up(self, outcome: Outcome) -> None:
        """Give this outcome to every check that has none."""
        for cell in self.job.cells:
            if isinstance(cell, CheckCell) and cell.id not in self.result.outcomes:
                self.result.outcomes[cell.id] = outcome
        self.unfinished = False

    def fail(self, error: Exception) -> None:
        """The sandbox can't be had. Once student's code has run, that may be its own doing."""
        if self.result.runs:
            self._give_up(Outcome("crashed", "not reached: the sandbox could not be used after it"))
        else:
            self._give_up(Outcome("grader error", f"the sandbox failed: {error}"))
        self.result.notes.append(f"the sandbox failed: {error}")

    def _run_cell(self, number: int, cell: Cell, fork: Fork, forks: Forks) -> None:
        """Run one cell and record what it did.

        Raises
        ------
        _Killed : if the notebook can't go on in this process.
        """
        request: dict[str, Any] = {"number": number}
        if isinstance(cell, CodeCell):
            request["source"] = cell.source
        else:
            request |= {"exercise": cell.exercise_id, "functions": list(cell.function_names)}
            request["inputs"] = cell.inputs
        try:
            fork.send(request, self.room)
        except (Malformed, TypeError) as error:  # of our own inputs
            self._record(cell, Outcome("grader error", f"its inputs can't be sent: {error}"))
            return
        try:
            reply, overrun = self._await_reply(fork, forks)
            self.room -= fork.received
            if type(reply.get("number")) is not int or reply["number"] != number:
                raise Malformed("the reply belongs to another cell")
            if "too much" in reply:
                raise Malformed("more came back than fits into a reply")
            self.result.outputs[cell.id] = read_outputs(reply.get("outputs"), self.limits.output)
            outcome = overrun or self._outcome(cell, reply)
        except (_Killed, SandboxBroken):
            raise
        except Exception as error:  # whatever a student's bytes bring about is their own outcome
            what = str(error) if isinstance(error, Malformed) else type(error).__name__
            raise _Killed(Outcome("crashed", f"its process sent no proper reply: {what}")) from None
        if outcome is not None:
            self._record(cell, outcome)

    def _outcome(self, cell: Cell, reply: dict[str, Any]) -> Outcome | None:
        if isinstance(cell, CodeCell):
            return None
        match reply:
            case {"undefined": [str(name), str(what)]}:
                line = f"{clean_line(name, 100)} {clean_line(what, 200)}"
                return Outcome("undefined", line)
        observations = read_observations(reply.get("observations"), len(cell.inputs))
        for observed in observations:
            if OUT_OF_MEMORY.match(str(observed.problem or "")):
                line = clean_line(str(observed.problem).partition("\n")[0], 300)
                return Outcome("out of memory", line, observations)
        return Outcome("observed", "", observations)

    def _await_reply(self, fork: Fork, forks: Forks) -> tuple[dict[str, Any], Outcome | None]:
        """The reply, and how the cell ends if it came too late.

        Raises
        ------
        _Killed : if there is none.
        Malformed : if what came is none.
        """
        watch = None
        overrun, stop_at = None, 0.0
        seconds = FIRST_LOOK
        began = time.monotonic()
        while True:
            try:
                reply = fork.exchange(seconds)
            except EOFError:
                raise _Killed(overrun or _how_it_ended(forks)) from None
            if reply is not None:
                return reply, overrun
            usage = forks.measure()
            if watch is None:
                # Quick cells are never measured: what they used counts for the one that isn't.
                watch = Watch(self.limits, self.clock, max(0.0, usage["cpu"] - seconds), began)
            found = watch.judge(usage)
            if overrun is not None:
                if time.monotonic() > stop_at or (found and not found[1]):
                    raise _Killed(overrun)
            elif found is not None:
                overrun, may_stop = found
                if not may_stop:
                    raise _Killed(overrun)
                stop_at = time.monotonic() + self.limits.interrupt_grace
                forks.interrupt()
            seconds = min(seconds * 1.5, LAST_LOOK)

    def _finish(self, fork: Fork) -> None:
        """Ask what was imported, which is the student's word and only for the instructor."""
        with contextlib.suppress(Exception):
            fork.send({"number": -1}, self.room)
            reply = fork.exchange(0.2)
            match reply:
                case {"number": -1, "imported": list(names)} if names:
                    kept = [clean_line(name, 60) for name in names[:100] if isinstance(name, str)]
                    self.result.notes.append(f"imported: {', '.join(kept)}")


def _how_it_ended(forks: Forks) -> Outcome:
    """Why a process closed its pipe, as seen from outside."""
    for _ in range(20):
        usage = forks.measure()
        if "killed by" in usage or "exited" in usage:
            break
        time.sleep(0.005)
    if "killed by" in usage:
        number = usage["killed by"]
        if number == signal.SIGKILL:
            return Outcome("out of memory", "the machine ran out of memory and ended its process")
        if number == signal.SIGXCPU:
            return Outcome("timed out", "its process used up its CPU time")
        with contextlib.suppress(ValueError):
            number = f"{signal.Signals(number).name} ({signal.strsignal(number)})"
        return Outcome("crashed", f"its process was ended by {number}")
    if "exited" in usage:
        return Outcome("crashed", f"its process ended itself, with exit code {usage['exited']}")
    return Outcome("crashed", "its process closed its connection")
