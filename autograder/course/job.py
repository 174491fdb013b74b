"""How a process starts that grades: at once, quietly, and not longer than the one that asked.

It imports little, since it comes before everything else in the process that jobs are forked from.
"""

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.queues import SimpleQueue
from types import ModuleType

# Jobs share the cores among themselves; more threads would only wait for each other.
ONE_THREAD = {
    f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")
} | {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}

EXERCISES = "AUTOGRADER_EXERCISES"  # the ids of those whose answers will be needed


@contextmanager
def lean_start(exercise_ids: Iterable[str] = ()) -> Iterator[None]:
    """For processes that are started meanwhile: one thread a library, and not the main module.

    Python imports the main module again in each of them. That of a command has nothing that a job
    needs, and takes a second.
    """
    settings = ONE_THREAD | {EXERCISES: " ".join(exercise_ids)}
    before = {name: os.environ.get(name) for name in settings}
    main = sys.modules["__main__"]
    os.environ.update(settings)
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def be_quiet() -> None:
    """Write nothing to the terminal: TensorFlow greets there whatever it is told, and errors come
    back as exceptions."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    os.close(silence)


def cores_for(jobs: int) -> list[int | None]:
    """The core that each job keeps to. None, if there are more cores than jobs: then the machine
    decides.

    A job and its sandbox take turns. Where every core has a job, one that moves finds no free core,
    and one whose sandbox moves waits for that core to wake up.
    """
    if not hasattr(os, "sched_getaffinity"):
        return [None] * jobs
    cores = sorted(os.sched_getaffinity(0))
    if jobs < len(cores):
        return [None] * jobs
    return [cores[number % len(cores)] for number in range(jobs)]


def begin_job(boxes: str, cores: SimpleQueue) -> None:
    """What a job does first, in its own process.

    Parameters
    ----------
    boxes : the folder in which warm processes listen (``share_boxes``).
    cores : one for each job (``cores_for``), of which it takes the next.
    """
    from autograder.course.workers import share_boxes

    share_boxes(boxes)
    core = cores.get()
    if core is not None:
        with suppress(OSError):  # it need not be ours any more
            os.sched_setaffinity(0, [core])
    # Ctrl-C reaches every process of a terminal; the main one decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    be_quiet()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Nobody would end this process, nor its sandboxes, if the main one was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
