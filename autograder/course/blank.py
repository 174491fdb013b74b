"""The notebook that a submission is held against: what instructors wrote, without solutions."""

import ast
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells

from autograder.student.exercise import load_exercises

Cell = dict[str, Any]


class CourseError(Exception):
    """Something that whoever runs the course can put right; the message says what."""


@dataclass(frozen=True)
class Check:
    """What a test cell asks for: ``check("dense_backward", dense_forward, dense_backward)``."""

    exercise_id: str
    function_names: tuple[str, ...]


def blank_notebook(coursedir: CourseDirectory, assignment: str, notebook: str) -> bytes:
    """A source notebook after nbgrader's own preprocessors, as far as what the gradebook knows.

    Solutions are stubs, outputs are cleared, and every graded cell carries its checksum. Rubrics
    are still there, for those who grade by hand.
    """
    source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    content = nbformat.read(source / f"{notebook}.ipynb", as_version=4)
    generate = GenerateAssignment(coursedir=coursedir, config=coursedir.config)
    generate.log = logging.getLogger(__name__)
    resources = {
        "nbgrader": {"assignment": assignment, "notebook": notebook, "db_url": coursedir.db_url}
    }
    for preprocessor in generate.preprocessors:
        if issubclass(preprocessor, SaveCells):
            break
        step = preprocessor(parent=generate, config=generate.config)
        if step.enabled:
            content, resources = step.preprocess(content, resources)
    for number, cell in enumerate(content.cells, 1):
        cell.setdefault("id", f"cell-{number}")
    content.nbformat_minor = max(content.nbformat_minor, 5)  # the first one with cell ids
    return json.dumps(content, sort_keys=True).encode()


def kind_of(cell: Cell) -> str:
    """What nbgrader takes a cell for: "test", "answer" (with points of its own), "solution",
    "task", "locked" or "plain"."""
    nbgrader = cell["metadata"].get("nbgrader", {})
    if nbgrader.get("task"):
        return "task"
    if nbgrader.get("solution"):
        return "answer" if nbgrader.get("grade") else "solution"
    if nbgrader.get("grade"):
        return "test"
    return "locked" if nbgrader.get("locked") else "plain"


def grade_id_of(cell: Cell) -> str | None:
    """The name under which the gradebook knows a cell."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def find_checks(blank: dict[str, Any], notebook_id: str) -> dict[str, Check]:
    """What each test cell asks for, by the cell's name in the gradebook.

    Parameters
    ----------
    notebook_id : such as "hidden-layers/numpy".

    Raises
    ------
    CourseError : for a test cell that isn't one ``check`` of an exercise of this notebook.
    """
    exercises = load_exercises()
    checks = {}
    for cell in blank["cells"]:
        if kind_of(cell) != "test" or cell["cell_type"] != "code":
            continue
        check = read_check(cell["source"])
        if check is None:
            raise CourseError(
                f"{notebook_id}: the test cell {grade_id_of(cell)!r} isn't one line check(...) "
                "with an exercise's name and functions"
            )
        exercise_id = f"{notebook_id}/{check.exercise_id.rsplit('/', 1)[-1]}"
        if exercise_id not in exercises:
            raise CourseError(f"{notebook_id}: there is no exercise called {exercise_id!r}")
        due = len(exercises[exercise_id].takes)
        if len(check.function_names) != due:
            raise CourseError(f"{exercise_id}: its check must name {due} functions")
        checks[grade_id_of(cell)] = Check(exercise_id, check.function_names)
    return checks


def read_check(source: str) -> Check | None:
    """The exercise's name as it is written, and the functions' names; None for any other code."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if len(statements) != 1 or not isinstance(statements[0], ast.Expr):
        return None
    call = statements[0].value
    if not isinstance(call, ast.Call) or call.keywords or not call.args:
        return None
    name, *functions = call.args
    if not (isinstance(call.func, ast.Name) and call.func.id == "check"):
        return None
    if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
        return None
    if not all(isinstance(function, ast.Name) for function in functions):
        return None
    return Check(name.value, tuple(function.id for function in functions))
