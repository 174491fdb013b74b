"""What a submission may use. Limits hold for the whole of it, and are measured from outside."""

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Limits for one notebook, all of its processes and threads together.

    CPU time is what counts, since it doesn't depend on what else the machine does; the wall clock
    is a backstop against code that waits. ``exercise`` limits hold for every cell by itself.
    """

    exercise_cpu: float = 10.0  # seconds
    exercise_wall: float = 60.0  # seconds
    notebook_cpu: float = 120.0  # seconds, over all runs of the notebook
    notebook_wall: float = 300.0  # seconds, over all runs of the notebook
    interrupt_grace: float = 1.0  # seconds that code has to react to an interrupt
    memory: int = 2048 * MIB  # bytes beyond what the warm process has in memory already
    processes: int = 64  # processes of the submission
    threads: int = 256  # threads of all its processes together
    files: int = 64 * MIB  # bytes that it may write to its disk
    reply: int = 64 * MIB  # bytes that it may send back for one cell
    replies: int = 256 * MIB  # bytes that it may send back in all
    output: int = 1 * MIB  # bytes of printed text and pictures that are kept of one cell
    restarts: int = 3  # how often a notebook is run again after one of its cells had to be killed
