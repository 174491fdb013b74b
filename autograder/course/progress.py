"""How far a run of grading is, in one line of a terminal or now and then in a log."""

import sys
import time
from typing import TextIO

SECONDS_BETWEEN_LINES = 15  # where there is no terminal


class ProgressLine:
    """Counts and the time left; nothing of a student's is in it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._in_place = self._stream.isatty()
        self._last = time.monotonic()
        self._width = 0

    def __call__(self, done: int, total: int, seconds_left: float | None) -> None:
        now = time.monotonic()
        if self._in_place:
            if now - self._last < 0.1 and done < total:
                return
        elif now - self._last < SECONDS_BETWEEN_LINES:
            return
        self._last = now
        text = f"{done:,} of {total:,}"
        if seconds_left is not None and done < total:
            text += f", {_roughly(seconds_left)} left"
        if self._in_place:
            self._stream.write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._stream.write(text + "\n")
        self._stream.flush()

    def clear(self) -> None:
        """Leave an empty line for what comes next."""
        if self._in_place and self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()


def _roughly(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
