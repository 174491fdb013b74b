"""``check``: the one line in a notebook's test cell."""

import contextlib
import sys
from collections.abc import Callable

from autograder.student.calling import count, describe
from autograder.student.exercise import Exercise, find_exercise
from autograder.student.observe import observe
from autograder.student.references import load_references
from autograder.student.show import PLAIN, RED, show
from autograder.student.verdict import Verdict, reach_verdict


class CheckFailed(AssertionError):
    """An exercise isn't right yet. Notebooks show its message alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:  # IPython calls this in place of its own
        return str(self).split("\n")


def check(name: str, *functions: Callable) -> None:
    """Compare a student's functions with the reference tensors and print what was compared.

    Parameters
    ----------
    name : the exercise's name; led by its track ("keras/train_step") where two notebooks have an
        exercise of one name.
    functions : the functions or classes that the exercise is about, in the order the notebook
        gives them.

    Raises
    ------
    CheckFailed : if the exercise isn't solved, or not rightly; its message says what is wrong.
    """
    exercise = _find(name, functions)
    verdict = run_check(exercise, functions)
    if not verdict.passed:
        raise CheckFailed(show(verdict))
    print(show(verdict))


def run_check(exercise: Exercise, functions: tuple[Callable, ...]) -> Verdict:
    """Observe the functions on every visible case and reach a verdict."""
    references = load_references(exercise.id)
    # nbgrader takes anything on stderr for an error, so a right answer's warnings go to stdout.
    with contextlib.redirect_stderr(sys.stdout):
        observations = [observe(exercise, functions, case.inputs) for case in references.cases]
    return reach_verdict(exercise, references, observations)


def _find(name: str, functions: tuple[Callable, ...]) -> Exercise:
    try:
        exercise = find_exercise(name)
    except LookupError as error:
        raise CheckFailed(f"{RED}✗ check{PLAIN}: {error}") from None
    call = f'check("{name}", {", ".join(exercise.takes)})'
    if len(functions) != len(exercise.takes):
        raise CheckFailed(
            f"{RED}✗ check{PLAIN}: {name} needs {count(len(exercise.takes), 'function')}, "
            f"not {len(functions)}: {call}"
        )
    for due, function in zip(exercise.takes, functions, strict=True):
        if not callable(function):
            raise CheckFailed(
                f"{RED}✗ check{PLAIN}: {due} is {describe(function)}, not a function: {call}"
            )
    return exercise
