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
from contextlib import contextmanager
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


def begin_job(boxes: str) -> None:
    """What a job does first, in its own process.

    Parameters
    ----------
    boxes : the folder in which warm processes listen (``share_boxes``).
    """
    from autograder.course.workers import share_boxes

    share_boxes(boxes)
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
