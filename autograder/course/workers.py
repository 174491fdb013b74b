"""The warm workers of this process, lent to one notebook at a time."""

import atexit
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from autograder.sandbox import Limits, Worker

# Where the warm processes listen that several jobs share, in files called as their tracks.
_shared: Path | None = None
_idle: dict[tuple, list[Worker]] = {}
_lock = threading.Lock()
_open = ExitStack()


def share_boxes(folder: str) -> None:
    """Let this process' workers use the warm processes that listen in this folder."""
    global _shared
    _shared = Path(folder)


@contextmanager
def borrowed_worker(track: str, limits: Limits, unsafe: bool) -> Iterator[Worker]:
    """A worker that has been started already, or one that begins to; it stays warm for the next
    notebook. ``wait_until_ready`` comes before its first run.

    Raises
    ------
    SandboxUnavailable : if there is no sandbox on this machine and ``unsafe`` isn't set.
    """
    kind = (track, limits, unsafe)
    with _lock:
        waiting = _idle.setdefault(kind, [])
        worker = waiting.pop() if waiting else None
    if worker is None:
        address = str(_shared / track) if _shared is not None else None
        worker = Worker(track, limits, unsafe, address)
        worker.begin()
        with _lock:
            _open.push(worker)
    try:
        yield worker
    except BaseException:
        worker.end()  # nobody knows what state it is in
        raise
    with _lock:
        waiting.append(worker)


@atexit.register
def end_workers() -> None:
    """End every warm process of this one."""
    with _lock:
        _idle.clear()
        _open.close()
