"""When a cell has to be stopped, judged by what is measured from outside of it.

CPU time counts, since it is the student's own; the wall clock is the backstop for code that waits.
A cell over its time is interrupted first, as by a notebook's stop button; what doesn't stop then is
killed. Too much memory, and too many processes, are killed at once (THREATS, 4).
"""

import time
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.job import Outcome
from autograder.sandbox.limits import MIB, Limits


@dataclass
class NotebookClock:
    """What all runs of one notebook have used so far."""

    cpu: float = 0.0  # seconds, in runs that are over
    started: float = 0.0  # of ``time.monotonic``
    peak: int = 0  # bytes


@dataclass
class Watch:
    """Watches one cell.

    Parameters
    ----------
    clock : the notebook's.
    cpu : seconds that this run of the notebook had used when the cell began.
    """

    limits: Limits
    clock: NotebookClock
    cpu: float
    began: float

    def judge(self, usage: dict[str, Any]) -> tuple[Outcome, bool] | None:
        """Whether the cell is over a limit.

        Returns
        -------
        how it ends, and whether code that can be interrupted gets the chance; or None.
        """
        limits = self.limits
        self.clock.peak = max(self.clock.peak, usage["memory"])
        if usage["memory"] > limits.memory:
            line = f"it took more than the {limits.memory // MIB} MiB of memory that it may have"
            return Outcome("out of memory", line), False
        for what in ("processes", "threads"):
            most = getattr(limits, what)
            if usage[what] > most:
                line = f"it started more than the {most} {what} that it may have"
                return Outcome("crashed", line), False
        now = time.monotonic()
        cpu, wall = usage["cpu"] - self.cpu, now - self.began
        notebook_cpu, notebook_wall = self.clock.cpu + usage["cpu"], now - self.clock.started
        for used, most, what, by_the_clock in (
            (cpu, limits.exercise_cpu, "of CPU time", False),
            (notebook_cpu, limits.notebook_cpu, "of CPU time for the whole notebook", False),
            (wall, limits.exercise_wall, "by the clock", True),
            (notebook_wall, limits.notebook_wall, "by the clock for the whole notebook", True),
        ):
            if used > most:
                line = f"it took more than the {most:g} s {what} that it may have"
                return Outcome("timed out", line, wall_clock=by_the_clock), True
        return None


def notebook_is_over(limits: Limits, clock: NotebookClock) -> Outcome | None:
    """Whether the notebook as a whole has nothing left, before one of its cells begins."""
    if clock.cpu > limits.notebook_cpu:
        line = f"not reached: the notebook used up its {limits.notebook_cpu:g} s of CPU time before"
        return Outcome("timed out", line)
    if time.monotonic() - clock.started > limits.notebook_wall:
        line = f"not reached: the notebook used up its {limits.notebook_wall:g} s before"
        return Outcome("timed out", line, wall_clock=True)
    return None
