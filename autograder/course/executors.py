"""Where notebooks are graded: processes on this machine, or a Dask cluster."""

import multiprocessing
import multiprocessing.forkserver
import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Protocol

from autograder.course.blank import CourseError
from autograder.course.grade import Graded, Task, grade_notebook
from autograder.course.job import begin_job, cores_for, lean_start
from autograder.sandbox import Limits, SandboxUnavailable, WarmProcess
from autograder.student.exercise import track_of

CONNECT_SECONDS = 10
ATTEMPTS = 5  # to start a job


class Graders(Protocol):
    """Where notebooks are graded."""

    slots: int  # notebooks at a time

    def begin(self) -> None:
        """Start what takes seconds, before there is anything to be graded."""

    def submit(self, task: Task) -> "Future[Graded]": ...

    def stop(self) -> None:
        """End everything, also what isn't finished."""


class LocalGraders:
    """Processes on this machine.

    Two things that take seconds and hundreds of megabytes are there once, whatever the number of
    jobs: a process that has imported what they need, from which they are forked, and for each track
    a warm process in its box, which forks for all of them. They start with the first notebook, if
    not before.

    Parameters
    ----------
    exercise_ids : what will be graded.
    """

    def __init__(
        self, jobs: int, exercise_ids: Sequence[str], limits: Limits, unsafe: bool
    ) -> None:
        self.slots = jobs
        self._exercise_ids = exercise_ids
        self._limits, self._unsafe = limits, unsafe
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["autograder.course.preload"])
        self._pool: Executor | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="hidden-layers-")
        self._boxes: dict[str, WarmProcess | None] = {}  # by track

    def begin(self) -> None:
        for track in dict.fromkeys(map(track_of, self._exercise_ids)):
            if track not in self._boxes:
                self._boxes[track] = self._open_box(track)
        with lean_start(self._exercise_ids):
            multiprocessing.forkserver.ensure_running()

    def _open_box(self, track: str) -> WarmProcess | None:
        """None if it can't be had: whoever needs it tries by itself, and says what is wrong."""
        try:
            address = Path(self._folder.name, track)
            return WarmProcess(track, self._limits, not self._unsafe, address)
        except (SandboxUnavailable, OSError):
            return None

    def submit(self, task: Task) -> "Future[Graded]":
        for attempt in range(1, ATTEMPTS + 1):
            if self._pool is None:
                self.begin()
                self._pool = self._make_pool()
            try:
                with lean_start(self._exercise_ids):
                    return self._pool.submit(grade_notebook, task)
            except (BrokenProcessPool, EOFError, OSError):
                # A job died, or what jobs are forked from: then a new one is there in a moment.
                if attempt == ATTEMPTS:
                    raise
                self._pool.shutdown(wait=False)
                self._pool = None
                time.sleep(0.1 * attempt)
        raise AssertionError

    def _make_pool(self) -> Executor:
        cores = self._context.SimpleQueue()
        for core in cores_for(self.slots):
            cores.put(core)
        return ProcessPoolExecutor(
            self.slots,
            mp_context=self._context,
            initializer=begin_job,
            initargs=(self._folder.name, cores),
        )

    def stop(self) -> None:
        """End the processes and the sandboxes."""
        self._stop_pool()
        for box in self._boxes.values():
            if box is not None:
                box.end()
        self._boxes.clear()
        self._folder.cleanup()

    def _stop_pool(self) -> None:
        # Until Python 3.14 there is no public way to end processes that are at work.
        if self._pool is not None:
            processes = list((self._pool._processes or {}).values())
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
            for process in processes:
                process.terminate()
            for process in processes:
                process.join()
        # Nor one to end the process that they were forked from, which would stay as long as this
        # one: formgrader's server for weeks.
        multiprocessing.forkserver._forkserver._stop()


class DaskGraders:
    """A Dask cluster, through its client's executor.

    A scheduler runs what anyone who can reach it sends: it belongs on the loopback interface or
    behind TLS (THREATS, 19).

    Raises
    ------
    CourseError : if it can't be reached.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise CourseError("--scheduler needs Dask: pip install distributed") from None
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise CourseError(f"no Dask scheduler answers at {address} ({error})") from None
        self.slots = sum(self._client.nthreads().values())
        if not self.slots:
            self._client.close()
            raise CourseError(f"the Dask scheduler at {address} has no workers")
        self._executor = self._client.get_executor(pure=False, retries=2)

    def begin(self) -> None:
        """The cluster is there."""

    def submit(self, task: Task) -> "Future[Graded]":
        return self._executor.submit(grade_notebook, task)

    def stop(self) -> None:
        self._executor.shutdown(wait=False)  # cancels what isn't finished
        self._client.close()


def open_graders(
    jobs: int, scheduler: str | None, exercise_ids: Sequence[str], limits: Limits, unsafe: bool
) -> Graders:
    """Processes here, or the cluster of a scheduler if one is given."""
    if scheduler:
        return DaskGraders(scheduler)
    return LocalGraders(jobs, exercise_ids, limits, unsafe)


def default_jobs() -> int:
    """One for each core that this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)


def is_lost(error: BaseException) -> bool:
    """Whether an error means that the process was lost, and nothing about the notebook."""
    return (
        isinstance(error, (BrokenProcessPool, CancelledError))
        or type(error).__name__ == "KilledWorker"  # Dask's
    )
