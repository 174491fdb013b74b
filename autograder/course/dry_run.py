"""A notebook's checks in a terminal, with the visible cases, run in the sandbox if there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.course import safe
from autograder.course.blank import Check, CourseError, read_check
from autograder.course.reading import Unreadable, open_folder, printable, read_file
from autograder.course.rebuild import Submitted, read_cells
from autograder.sandbox import (
    Cell,
    CheckCell,
    CodeCell,
    Job,
    Limits,
    Outcome,
    Result,
    SandboxUnavailable,
    Worker,
)
from autograder.student.exercise import Notebook, load_notebooks
from autograder.student.references import load_references
from autograder.student.show import PLAIN, RED, show
from autograder.student.verdict import reach_verdict


@dataclass(frozen=True)
class Line:
    """What the check of one exercise said; text with colors."""

    passed: bool
    text: str


def dry_run(path: Path, limits: Limits, warn: Callable[[str], None]) -> list[Line]:
    """Run a notebook and hold its functions against the visible cases.

    Parameters
    ----------
    warn : is told if there is no sandbox. The notebook then runs without one.

    Raises
    ------
    CourseError : if the file can't be read or has no check in it.
    """
    submitted = [cell for cell in _read(path) if cell.kind == "code"]
    checks = {
        number: check
        for number, cell in enumerate(submitted)
        if (check := read_check(cell.source)) is not None
    }
    notebook = _which_notebook(path, list(checks.values()))
    cells: list[Cell] = []
    exercises = {}
    for number, cell in enumerate(submitted):
        check = checks.get(number)
        exercise = notebook.exercises.get(_name(check)) if check else None
        if exercise is None or len(check.function_names) != len(exercise.takes):
            cells.append(CodeCell(str(number), cell.source))
            continue
        references = load_references(exercise.id)
        exercises[str(number)] = exercise, references
        inputs = [case.inputs for case in references.cases]
        names = check.function_names
        cells.append(CheckCell(str(number), cell.source, exercise.id, names, inputs))
    result = _run(Job(notebook.id.split("/")[1], cells), limits, warn)
    lines = []
    for number, (exercise, references) in exercises.items():
        outcome = result.outcomes.get(number, Outcome("crashed", "nothing came back"))
        if outcome.word == "observed":
            verdict = reach_verdict(exercise, references, outcome.observations)
            lines.append(Line(verdict.passed, safe.colored(show(verdict))))
        else:
            word = "" if outcome.word == "undefined" else f"{outcome.word}: "
            text = f"{RED}✗ {exercise.name}{PLAIN}: {word}{outcome.line}"
            lines.append(Line(False, safe.colored(text)))
    return lines


def _read(path: Path) -> list[Submitted]:
    try:
        with open_folder(path.parent.resolve()) as folder:
            return read_cells(read_file(path.name, folder), [])
    except FileNotFoundError:
        raise CourseError(f"there is no file {printable(str(path))}") from None
    except Unreadable as problem:
        raise CourseError(f"{printable(str(path))} {problem}") from None


def _which_notebook(path: Path, checks: list[Check]) -> Notebook:
    """The notebook of the course that has most of these checks, or else the one of this name."""
    if not checks:
        raise CourseError(f"{printable(str(path))} has no check(...) in a cell of its own")
    names = {_name(check) for check in checks}
    own_name = f"{path.resolve().parent.name}/{path.stem}"
    return max(
        load_notebooks(),
        key=lambda notebook: (len(names & notebook.exercises.keys()), notebook.id == own_name),
    )


def _name(check: Check) -> str:
    return check.exercise_id.rsplit("/", 1)[-1]


def _run(job: Job, limits: Limits, warn: Callable[[str], None]) -> Result:
    try:
        with Worker(job.track, limits) as worker:
            return worker.run(job)
    except SandboxUnavailable as error:
        warn(f"{error}\nThere is no sandbox: this notebook runs with your rights on your files.")
    with Worker(job.track, limits, unsafe=True) as worker:
        return worker.run(job)
