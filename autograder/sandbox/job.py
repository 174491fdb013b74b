"""What goes into the sandbox, and what comes out of it.

Inputs go in, observations come out. Expected values, known mistakes and answers are not part of a
job, so that there is nothing to be found in the process that runs a student's code (THREATS, 6).
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.student.observe import Observation

Word = Literal["observed", "undefined", "timed out", "out of memory", "crashed", "grader error"]


@dataclass(frozen=True)
class CodeCell:
    """A cell that is run as it stands."""

    id: str
    source: str


@dataclass(frozen=True)
class CheckCell:
    """A test cell. It isn't run: its functions are looked up and called on the hidden inputs.

    Parameters
    ----------
    id : the cell's id.
    source : its text, which is only there to be shown.
    exercise_id : such as "hidden-layers/numpy/dense_backward".
    function_names : what the functions that the exercise takes are called in the notebook.
    inputs : the arguments of each case, by name: trees of arrays (``autograder.student.trees``).
    """

    id: str
    source: str
    exercise_id: str
    function_names: tuple[str, ...]
    inputs: list[dict[str, Any]] = field(default_factory=list)


Cell = CodeCell | CheckCell


@dataclass(frozen=True)
class Job:
    """One notebook: its cells in the order of running, and the seed of global generators."""

    track: str  # "numpy", "keras" or "pytorch"
    cells: list[Cell]
    seed: int = 0


@dataclass(frozen=True)
class Outcome:
    """How one exercise ended, in one word, and a line that says what happened.

    "grader error" is only what this side did wrong before it had read a byte of the submission's
    (THREATS, 7); everything else is the student's own outcome. Observations are there, one for
    each of the check's inputs, where the word is "observed".
    """

    word: Word
    line: str = ""
    observations: list[Observation] = field(default_factory=list)
    wall_clock: bool = False  # stopped by the wall clock, which another day might not have done


@dataclass
class Result:
    """What one notebook did.

    ``outputs`` holds for every cell that was run what it displayed, as nbformat writes it:
    "stream", "error", and "display_data" with ``text/plain`` and ``image/png``. Text is capped and
    without terminal codes other than colors; it still is a student's text.
    """

    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by cell id
    outcomes: dict[str, Outcome] = field(default_factory=dict)  # by id of a check cell
    stopped: dict[str, Outcome] = field(default_factory=dict)  # by id of a code cell that was
    cpu_seconds: float = 0.0  # measured from outside, over all runs
    wall_seconds: float = 0.0
    peak_memory: int = 0  # bytes beyond what the warm process had in memory
    runs: int = 0  # 1, and one more for each time that a cell had to be killed
    notes: list[str] = field(default_factory=list)  # for the instructor
