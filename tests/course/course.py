"""A small course to be graded: two exercises, a written answer, and a cell to play with."""

import contextlib
import io
import json
import shutil
from concurrent.futures import Future
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from nbformat import v4

from autograder.course.grade import Graded, Task, grade_notebook
from autograder.course.release import course_directory
from autograder.course.run import Order, grade_assignment
from autograder.course.summary import Summary
from autograder.sandbox import CheckCell, Job, Limits, Outcome, Result
from autograder.student.exercise import load_exercises
from autograder.student.observe import observe

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "hidden-layers"
NOTEBOOK = "numpy"

COUNT = """def count_parameters(layer_sizes):
    ### BEGIN SOLUTION
    return sum((n_in + 1) * n_out for n_in, n_out in zip(layer_sizes, layer_sizes[1:]))
    ### END SOLUTION
"""
XOR = """def xor_network():
    ### BEGIN SOLUTION
    W1, b1 = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
    return W1, b1, np.array([[1.0, -2.0]]), np.array([0.0])
    ### END SOLUTION
"""
WORDS = """### BEGIN SOLUTION
No: it stays linear.
### END SOLUTION
"""
POINTS = {"check_count_parameters": 2.0, "check_xor_network": 3.0}


def _cell(kind: str, name: str, source: str, tags: tuple = (), **nbgrader: Any) -> dict:
    new = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    if nbgrader:
        known = {"grade": False, "solution": False, "locked": False, "task": False}
        metadata["nbgrader"] = {"schema_version": 3, "grade_id": name} | known | nbgrader
    return new(source=source, id=name, metadata=metadata)


def source_notebook() -> nbformat.NotebookNode:
    """What an instructor edits."""
    test = {"grade": True, "locked": True}
    return v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
        cells=[
            _cell("markdown", "intro", "# A small notebook"),
            _cell("code", "imports", "import numpy as np\n\nfrom autograder import check"),
            _cell("code", "count_parameters", COUNT, solution=True),
            _cell("code", "play", "sizes = [3, 2]\nprint(count_parameters(sizes))", tags=("play",)),
            _cell(
                "code",
                "check_count_parameters",
                'check("count_parameters", count_parameters)',
                points=POINTS["check_count_parameters"],
                **test,
            ),
            _cell("code", "xor_network", XOR, solution=True),
            _cell(
                "code",
                "check_xor_network",
                'check("xor_network", xor_network)',
                points=POINTS["check_xor_network"],
                **test,
            ),
            _cell("markdown", "question", "Is it linear?", locked=True),
            _cell("markdown", "words", WORDS, solution=True, grade=True, points=4.0),
        ],
    )


def make_course(root: Path) -> Path:
    """A folder with this course in it."""
    (root / "solutions" / ASSIGNMENT).mkdir(parents=True)
    nbformat.write(source_notebook(), root / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


def solved() -> dict:
    """A submission that earns everything but the points for the written answer."""
    notebook = json.loads(nbformat.writes(source_notebook()))
    for cell in notebook["cells"]:
        lines = "".join(cell["source"]).split("\n")
        cell["source"] = "\n".join(line for line in lines if "### " not in line)
    return notebook


def cell_of(notebook: dict, name: str) -> dict:
    """The cell that the gradebook knows under this name, or that has this id."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id", cell.get("id")) == name:
            return cell
    raise LookupError(name)


def without(notebook: dict, *names: str) -> dict:
    gone = [cell_of(notebook, name) for name in names]
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in gone]
    return notebook


def new_code(source: str, **metadata: Any) -> dict:
    return json.loads(json.dumps(v4.new_code_cell(source=source, metadata=metadata)))


def new_markdown(source: str) -> dict:
    return json.loads(json.dumps(v4.new_markdown_cell(source=source)))


def to_bytes(notebook: dict) -> bytes:
    return json.dumps(notebook).encode()


def folder_of(course: Path, student: str) -> Path:
    return course / "submitted" / student / ASSIGNMENT


def hand_in(course: Path, student: str, content: dict | bytes | None = None) -> Path:
    """Put a notebook where a course keeps what was submitted."""
    path = folder_of(course, student) / f"{NOTEBOOK}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        content = solved()
    path.write_bytes(content if isinstance(content, bytes) else to_bytes(content))
    return path


def grade(course: Path, **changes: Any) -> Summary:
    """Grade the small assignment."""
    return grade_assignment(course_directory(course), Order(ASSIGNMENT, **changes))


class UnboxedWorker:
    """Stands in for the sandbox where a test is about something else: runs cells right here.

    ``word`` is how every check ends, if it isn't to be observed.
    """

    word: str | None = None
    wall_clock = False
    jobs: ClassVar[list[Job]]

    def __init__(
        self, track: str, limits: Limits, unsafe: bool = False, address: str | None = None
    ) -> None:
        self.track = track

    def begin(self) -> None:
        pass

    def wait_until_ready(self) -> None:
        pass

    def end(self) -> None:
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, job: Job) -> Result:
        type(self).jobs.append(job)
        result, space = Result(runs=1), {}
        for cell in job.cells:
            if isinstance(cell, CheckCell):
                result.outcomes[cell.id] = self._check(cell, space)
                continue
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(cell.source, space)
            except Exception as error:
                lines = [f"{type(error).__name__}: {error}"]
                result.outputs[cell.id] = [
                    {"output_type": "error", "ename": "E", "evalue": "", "traceback": lines}
                ]
        return result

    def _check(self, cell: CheckCell, space: dict) -> Outcome:
        if self.word is not None:
            return Outcome(self.word, "as the test says", wall_clock=self.wall_clock)
        missing = [name for name in cell.function_names if name not in space]
        if missing:
            return Outcome("undefined", f"{missing[0]} is not defined")
        functions = [space[name] for name in cell.function_names]
        exercise = load_exercises()[cell.exercise_id]
        return Outcome(
            "observed", "", [observe(exercise, functions, inputs) for inputs in cell.inputs]
        )


class GradersHere:
    """Stands in for other processes: grades at once, in this one."""

    slots = 2

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def begin(self) -> None:
        pass

    def submit(self, task: Task) -> "Future[Graded]":
        self.tasks.append(task)
        future: Future[Graded] = Future()
        try:
            future.set_result(self.grade(task))
        except Exception as error:
            future.set_exception(error)
        return future

    def grade(self, task: Task) -> Graded:
        return grade_notebook(task)

    def stop(self) -> None:
        pass


def marks_of(course: Path) -> dict[tuple[str, str], tuple]:
    """Everything that the gradebook says about points, by student and cell."""
    import nbgrader.api as nb

    coursedir = course_directory(course)
    with nb.Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        return {
            (submission.student_id, grade.name): (
                grade.auto_score,
                grade.manual_score,
                grade.needs_manual_grade,
            )
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def points_of(course: Path, student: str) -> dict[str, float | None]:
    """A student's points by the test or answer that they are for."""
    return {name: mark[0] for (who, name), mark in marks_of(course).items() if who == student}
