"""Grades one notebook: a function of bytes to bytes, in a process that never runs its code."""

import hashlib
import itertools
import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from nbformat.notebooknode import from_dict
from nbgrader.utils import compute_checksum, determine_grade

from autograder.answers import load_answer
from autograder.course import safe
from autograder.course.blank import Cell, Check, find_checks, grade_id_of, kind_of
from autograder.course.engine import engine_version
from autograder.course.imports import unusual_imports
from autograder.course.play import untouched_play_cells
from autograder.course.reading import Unreadable, printable
from autograder.course.rebuild import Rebuilt, rebuild
from autograder.course.secret import hidden_seed
from autograder.course.workers import borrowed_worker
from autograder.sandbox import (
    CheckCell,
    CodeCell,
    Job,
    Limits,
    Outcome,
    Result,
    SandboxUnavailable,
    Worker,
)
from autograder.student.exercise import Exercise, load_exercises, track_of
from autograder.student.references import ReferenceSet
from autograder.student.show import PLAIN, RED, show
from autograder.student.verdict import reach_verdict

LARGEST_RESULT = 8 * 2**20  # bytes of a graded notebook's outputs, all together
MOST_NOTES = 20  # of one notebook
GRADER_ERROR = "grader error"
NOT_RUN = "This cell is as it was handed out, so it is not run in grading.\n"
NAMES = {  # of the errors that stand in test cells, by how the exercise ended
    "failed": "CheckFailed",
    "timed out": "TimedOut",
    "out of memory": "OutOfMemory",
    "crashed": "Crashed",
    GRADER_ERROR: "GraderError",
}


class EngineMismatch(RuntimeError):
    """The process that should grade runs another version of this package or its libraries."""


@dataclass(frozen=True)
class Task:
    """Everything that the marks of one notebook depend on.

    ``submission`` is the submitted file's bytes, or None where it can't be read; ``problem`` then
    says why.
    """

    notebook_id: str  # "hidden-layers/numpy"
    submission: bytes | None
    blank: bytes
    secret: bytes = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    unsafe: bool = False
    problem: str = ""
    engine: str = field(default_factory=engine_version)

    @property
    def track(self) -> str:
        return track_of(self.notebook_id)


@dataclass(frozen=True)
class ExerciseResult:
    """How one exercise ended: "passed", "failed", "timed out", "out of memory", "crashed" or
    "grader error"."""

    exercise_id: str
    outcome: str
    line: str = ""  # what is wrong, in one line
    stage: str | None = None  # the step of the check that failed
    mistake: str | None = None  # the known mistake that it looks like


@dataclass(frozen=True)
class Graded:
    """A graded notebook.

    ``scores`` holds points by the names of graded cells; None where a person has to give them, or
    where there is no mark because of a grader error. ``unanswered`` names solution cells and
    written answers that are as they were handed out.
    """

    notebook: bytes
    exercises: list[ExerciseResult]
    scores: dict[str, float | None]
    unanswered: set[str]
    answers: dict[str, str | None]
    code_digest: str  # of all code that ran
    notes: list[str]
    reusable: bool  # whether another run would certainly end the same
    cpu_seconds: float = 0.0


def grade_notebook(task: Task) -> Graded:
    """Run a submitted notebook in the sandbox and give it its marks.

    Raises
    ------
    SandboxUnavailable : if there is no sandbox here.
    EngineMismatch : if this process runs other code than the one that asks.
    """
    if task.engine != engine_version():
        raise EngineMismatch(
            "a worker runs another version of this package or of its libraries: the marks could "
            "differ. Install the same on every machine and start the workers again"
        )
    rebuilt, problem = _rebuild(task)
    checks = find_checks(rebuilt.notebook, task.notebook_id)
    if not problem:
        try:
            return _grade(task, rebuilt, checks)
        except SandboxUnavailable:
            raise
        except Exception as error:  # whatever a submission brings about is its own outcome
            problem = f"can't be graded ({type(error).__name__})"
            rebuilt = rebuild(None, task.blank)
    rebuilt.notes.append(f"the file {problem}")
    results = {name: _unread(check, problem) for name, check in checks.items()}
    return _write(task, rebuilt, results, Result())


def _grade(task: Task, rebuilt: Rebuilt, checks: dict[str, Check]) -> Graded:
    left_out = untouched_play_cells(rebuilt)
    # A new worker starts while the references are computed.
    with borrowed_worker(task.track, task.limits, task.unsafe) as worker:
        references = {name: _hidden_references(check, task) for name, check in checks.items()}
        ran = _run(worker, task, rebuilt, left_out, checks, references)
    results = {
        name: _judge(check, references[name], ran.outcomes.get(name))
        for name, check in checks.items()
    }
    return _write(task, rebuilt, results, ran, left_out)


def without_marks(task: Task, line: str) -> Graded:
    """A result that gives no mark, for a notebook that this side failed to grade."""
    rebuilt = rebuild(None, task.blank)
    judged = {}
    for name, check in find_checks(rebuilt.notebook, task.notebook_id).items():
        result = ExerciseResult(check.exercise_id, GRADER_ERROR, printable(line, 300))
        judged[name] = _Judged(result, _headline(result), reusable=False)
    graded = _write(task, rebuilt, judged, Result())
    # What the student wrote isn't in it, so that nothing can be said of written answers either.
    return replace(graded, scores=dict.fromkeys(graded.scores), unanswered=set())


@dataclass(frozen=True)
class _Judged:
    """What stands in a test cell, and what is recorded of it."""

    result: ExerciseResult
    text: str
    reusable: bool = True


def _rebuild(task: Task) -> tuple[Rebuilt, str]:
    """The notebook to grade, and why the submission isn't in it, if it isn't."""
    if task.submission is None:
        return rebuild(None, task.blank), task.problem
    try:
        return rebuild(task.submission, task.blank), ""
    except Unreadable as problem:
        return rebuild(None, task.blank), str(problem)
    except Exception as error:  # whatever a submission brings about is its own outcome
        problem = f"can't be put into the course's notebook ({type(error).__name__})"
        return rebuild(None, task.blank), problem


def _unread(check: Check, problem: str) -> _Judged:
    result = ExerciseResult(check.exercise_id, "failed", f"the submitted file {problem}")
    return _Judged(result, _headline(result))


def _hidden_references(check: Check, task: Task) -> ReferenceSet | str:
    """The hidden cases of one exercise, or why there are none: that is this side's own fault."""
    seed = hidden_seed(task.secret, task.submission, check.exercise_id)
    try:
        return load_answer(check.exercise_id).hidden_references(seed)
    except Exception as error:
        return f"its hidden cases can't be made ({type(error).__name__}: {error})"


def _run(
    worker: Worker,
    task: Task,
    rebuilt: Rebuilt,
    left_out: set[str],
    checks: dict[str, Check],
    references: dict[str, ReferenceSet | str],
) -> Result:
    cells = []
    for cell in rebuilt.notebook["cells"]:
        if cell["cell_type"] != "code" or cell["id"] in left_out:
            continue
        name = grade_id_of(cell)
        if name not in checks:
            cells.append(CodeCell(cell["id"], cell["source"]))
        elif isinstance(references[name], ReferenceSet):
            check = checks[name]
            inputs = [case.inputs for case in references[name].cases]
            cells.append(
                CheckCell(name, cell["source"], check.exercise_id, check.function_names, inputs)
            )
    seed = hidden_seed(task.secret, task.submission, task.notebook_id) % 2**32
    worker.wait_until_ready()
    return worker.run(Job(task.track, cells, seed))


def _judge(check: Check, references: ReferenceSet | str, outcome: Outcome | None) -> _Judged:
    """The verdict on one exercise."""
    exercise = load_exercises()[check.exercise_id]
    if isinstance(references, str):
        outcome = Outcome(GRADER_ERROR, references)
    elif outcome is None:
        outcome = Outcome("crashed", "nothing came back")
    if outcome.word == "observed":
        return _judge_observed(exercise, references, outcome)
    word = "failed" if outcome.word == "undefined" else outcome.word
    result = ExerciseResult(check.exercise_id, word, printable(outcome.line, 300))
    reusable = word != GRADER_ERROR and not outcome.wall_clock
    return _Judged(result, _headline(result), reusable)


def _judge_observed(exercise: Exercise, references: ReferenceSet, outcome: Outcome) -> _Judged:
    try:
        verdict = reach_verdict(exercise, references, outcome.observations)
        text = show(verdict)
    except Exception as error:  # what came back brought this about
        line = f"what came back can't be compared ({type(error).__name__})"
        result = ExerciseResult(exercise.id, "failed", line, "kind")
        return _Judged(result, _headline(result))
    result = ExerciseResult(
        exercise.id,
        "passed" if verdict.passed else "failed",
        printable(verdict.message.partition("\n")[0], 300),
        verdict.stage,
        verdict.mistake,
    )
    return _Judged(result, text, not outcome.wall_clock)


def _headline(result: ExerciseResult) -> str:
    name = result.exercise_id.rsplit("/", 1)[1]
    word = "" if result.outcome == "failed" else f"{result.outcome}: "
    text = f"{RED}✗ {name}{PLAIN}: {word}{result.line}"
    if result.outcome == GRADER_ERROR:
        text += "\n  This is not your fault, and costs no points: your instructor will see to it."
    return text


def _write(
    task: Task,
    rebuilt: Rebuilt,
    judged: dict[str, _Judged],
    ran: Result,
    left_out: Collection[str] = (),
) -> Graded:
    """Put outputs into the notebook, and let nbgrader's rules give the points."""
    blank_checksums = {
        grade_id_of(cell): cell["metadata"]["nbgrader"].get("checksum")
        for cell in rebuilt.notebook["cells"]
        if grade_id_of(cell)
    }
    room = _Room(LARGEST_RESULT)
    numbers = itertools.count(1)
    scores: dict[str, float | None] = {}
    unanswered = set()
    for cell in rebuilt.notebook["cells"]:
        name, kind = grade_id_of(cell), kind_of(cell)
        if cell["cell_type"] == "code" and ran.runs and cell["id"] not in left_out:
            cell["execution_count"] = next(numbers)
        if name in judged:
            _show_verdict(cell, judged[name])
        elif cell["id"] in left_out:
            cell["outputs"] = [safe.stream(NOT_RUN)]
        elif cell["cell_type"] == "code":
            cell["outputs"] = room.take(_displayed(cell, ran))
        if kind in ("test", "answer"):
            points, _ = determine_grade(from_dict(cell))
            no_mark = name in judged and judged[name].result.outcome == GRADER_ERROR
            scores[name] = None if no_mark else points
        if kind in ("solution", "answer") and (
            compute_checksum(from_dict(cell)) == blank_checksums[name]
        ):
            unanswered.add(name)
    results = [each.result for each in judged.values()]
    # Of what a process says that it imported, only what its own code names is worth a line.
    notes = rebuilt.notes + _look_again(task, rebuilt)
    notes += [note for note in ran.notes if not note.startswith("imported: ")]
    return Graded(
        json.dumps(rebuilt.notebook, ensure_ascii=False, sort_keys=True).encode(),
        results,
        scores,
        unanswered,
        rebuilt.answers,
        _code_digest(rebuilt),
        [printable(note, 400) for note in dict.fromkeys(notes)][:MOST_NOTES],
        not task.unsafe
        and all(each.reusable for each in judged.values())
        and not any(stopped.wall_clock for stopped in ran.stopped.values()),
        ran.cpu_seconds,
    )


def _code_digest(rebuilt: Rebuilt) -> str:
    sources = [cell["source"] for cell in rebuilt.notebook["cells"] if cell["cell_type"] == "code"]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:32]


@dataclass
class _Room:
    """How much more may be kept of what a notebook displayed."""

    left: int

    def take(self, outputs: list[safe.Output]) -> list[safe.Output]:
        size = len(json.dumps(outputs))
        if size > self.left:
            return [safe.stream("… not kept: this notebook displays too much")]
        self.left -= size
        return outputs


def _displayed(cell: Cell, ran: Result) -> list[safe.Output]:
    shown = safe.outputs(ran.outputs.get(cell["id"], []))
    stopped = ran.stopped.get(cell["id"])
    if stopped is not None:
        name = NAMES.get(stopped.word, "Stopped")
        shown.append(safe.error(name, "", f"{RED}{stopped.word}{PLAIN}: {stopped.line}"))
    return shown


def _show_verdict(cell: Cell, judged: _Judged) -> None:
    """What a student's process says about a test cell isn't shown there: only the verdict is."""
    text = safe.colored(judged.text)
    outcome = judged.result.outcome
    if outcome == "passed":
        cell["outputs"] = [safe.stream(text + "\n")]
    else:
        cell["outputs"] = [safe.error(NAMES[outcome], judged.result.line, text)]


def _look_again(task: Task, rebuilt: Rebuilt) -> list[str]:
    sources = [
        cell["source"]
        for cell in rebuilt.notebook["cells"]
        if cell["cell_type"] == "code" and (cell["id"] in rebuilt.extra or kind_of(cell) != "test")
    ]
    names = unusual_imports(sources, task.track)
    return [f"imports {', '.join(names[:20])}"] if names else []
