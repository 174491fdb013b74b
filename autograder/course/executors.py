"""Where notebooks are graded: processes on this machine, or a Dask cluster."""

import multiprocessing
import os
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from autograder.course.blank import CourseError
from autograder.course.grade import Graded, Task, grade_notebook
from autograder.course.job import begin_job, lean_start

CONNECT_SECONDS = 10


class Graders(Protocol):
    """Where notebooks are graded."""

    slots: int  # notebooks at a time

    def submit(self, task: Task) -> "Future[Graded]": ...

    def stop(self) -> None:
        """End everything, also what isn't finished."""


class LocalGraders:
    """Processes on this machine, each with warm workers of its own."""

    def __init__(self, jobs: int) -> None:
        self.slots = jobs
        self._context = multiprocessing.get_context("spawn")
        self._pool: Executor | None = None

    def submit(self, task: Task) -> "Future[Graded]":
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.slots, mp_context=self._context, initializer=begin_job
            )
        with lean_start():
            try:
                return self._pool.submit(grade_notebook, task)
            except BrokenProcessPool:
                self._pool.shutdown(wait=False)
                self._pool = None
                return self.submit(task)

    def stop(self) -> None:
        """End the processes; their sandboxes end with them."""
        if self._pool is None:
            return
        # Until Python 3.14 there is no public way to end processes that are at work.
        processes = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


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

    def submit(self, task: Task) -> "Future[Graded]":
        return self._executor.submit(grade_notebook, task)

    def stop(self) -> None:
        self._executor.shutdown(wait=False)  # cancels what isn't finished
        self._client.close()


def open_graders(jobs: int, scheduler: str | None) -> Graders:
    """Processes here, or the cluster of a scheduler if one is given."""
    return DaskGraders(scheduler) if scheduler else LocalGraders(jobs)


def default_jobs() -> int:
    """One for each core that this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)


def is_lost(error: BaseException) -> bool:
    """Whether an error means that the process was lost, and nothing about the notebook."""
    return (
        isinstance(error, (BrokenProcessPool, CancelledError))
        or type(error).__name__ == "KilledWorker"  # Dask's
    )
