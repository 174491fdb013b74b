"""Grades an assignment: what is new or has changed, and nothing twice."""

import difflib
import fnmatch
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory

from autograder.course.autograded import autograded_folder, is_written, write_autograded
from autograder.course.blank import CourseError, blank_notebook, find_checks
from autograder.course.engine import result_key
from autograder.course.executors import Graders, is_lost, open_graders
from autograder.course.grade import EngineMismatch, Graded, Task, without_marks
from autograder.course.marks import Details, Known, Mark, Marks, details_of
from autograder.course.reading import printable
from autograder.course.registration import is_new, register
from autograder.course.release import find_assignment, notebooks_of
from autograder.course.secret import course_secret
from autograder.course.submissions import Roll, Submission, call_roll, is_handed_in, read_submission
from autograder.course.summary import Summary
from autograder.sandbox import Limits, SandboxUnavailable

MISSING = b"missing"
ATTEMPTS = 3  # for a notebook whose process is lost
AHEAD = 2  # notebooks for each slot that are read ahead

Progress = Callable[[int, int, float | None], None]  # done, of how many, seconds left


@dataclass(frozen=True)
class Order:
    """What to grade, and where."""

    assignment: str
    students: str = "*"
    notebooks: str = "*"
    jobs: int = 1
    scheduler: str | None = None
    force: bool = False
    unsafe: bool = False
    limits: Limits = field(default_factory=Limits)
    create_students: bool = True


@dataclass
class _Case:
    """One submission on its way to its marks."""

    submission: Submission
    tasks: dict[str, Task]  # to be graded, by notebook
    keys: dict[str, str]
    marks: dict[str, Mark] = field(default_factory=dict)
    kept: dict[str, Details] = field(default_factory=dict)  # of notebooks that are as they were
    is_up_to_date: bool = False  # there is nothing to write
    attempts: Counter = field(default_factory=Counter)


def grade_assignment(
    coursedir: CourseDirectory, order: Order, progress: Progress = lambda *_: None
) -> Summary:
    """Grade the submissions of an assignment, record their marks, and say what there is to say.

    Ctrl-C ends it; what is recorded stays, and the next run goes on from there.

    Raises
    ------
    CourseError : if it can't be done, for a reason that whoever asked can do something about.
    """
    began = time.monotonic()
    find_assignment(coursedir, order.assignment)
    blanks = {
        name: blank_notebook(coursedir, order.assignment, name)
        for name in notebooks_of(coursedir, order.assignment)
    }
    checks = {
        name: find_checks(json.loads(blank), f"{order.assignment}/{name}")
        for name, blank in blanks.items()
    }
    roll = call_roll(coursedir, order.assignment, order.students)
    if not roll.students and not roll.problems:
        raise CourseError(_nothing_handed_in(coursedir, order))
    exercise_ids = [
        check.exercise_id
        for name in blanks
        if fnmatch.fnmatchcase(name, order.notebooks)
        and is_handed_in(coursedir, order.assignment, roll.students, name)
        for check in checks[name].values()
    ]
    graders = open_graders(order.jobs, order.scheduler, exercise_ids, order.limits, order.unsafe)
    try:
        if is_new(coursedir):  # then there is something to grade, and making it takes seconds
            graders.begin()
        register(coursedir, order.assignment, blanks)
        with Marks(coursedir, order.assignment) as marks:
            run = _Run(coursedir, order, blanks, roll, marks, progress)
            run.go(graders)
            run.summary.seconds = time.monotonic() - began
            return run.summary
    finally:
        graders.stop()


class _Run:
    def __init__(
        self,
        coursedir: CourseDirectory,
        order: Order,
        blanks: dict[str, bytes],
        roll: Roll,
        marks: Marks,
        progress: Progress,
    ) -> None:
        self.coursedir = coursedir
        self.order = order
        self.blanks = blanks
        self.roll = roll
        self.marks = marks
        self.progress = progress
        self.secret = course_secret(Path(coursedir.root))
        self.known = marks.known()
        self.summary = Summary(order.assignment, total=len(self.roll.students))
        self.waiting: dict[Future[Graded], tuple[_Case, str]] = {}
        self.graded = 0
        self.first_graded = 0.0  # when

    def go(self, graders: Graders) -> None:
        for name, problem in self.roll.problems.items():
            self.summary.needs_person(name, problem)
        self.progress(0, self.summary.total, None)
        try:
            self._grade_all(graders)
        except KeyboardInterrupt:
            self.summary.interrupted = True

    def _grade_all(self, graders: Graders) -> None:
        cases = self._cases()
        more = True
        while more or self.waiting:
            while more and len(self.waiting) < graders.slots * AHEAD:
                case = next(cases, None)
                more = case is not None
                if case is None:
                    break
                if not case.tasks:
                    self._finish(case)
                for name in case.tasks:
                    self._submit(graders, case, name)
            if self.waiting:
                for future in wait(self.waiting, return_when=FIRST_COMPLETED).done:
                    self._take(graders, future)

    def _cases(self) -> Iterator[_Case]:
        for student in self.roll.students:
            yield self._open_case(student)

    def _open_case(self, student: str) -> _Case:
        submission = read_submission(
            self.coursedir, self.order.assignment, student, list(self.blanks)
        )
        case = _Case(submission, {}, {}, is_up_to_date=True)
        folder = autograded_folder(self.coursedir, self.order.assignment, student)
        for name, blank in self.blanks.items():
            known = self.known.pop((student, name), None)
            key = self._key(submission, name)
            is_there = name in submission.missing or is_written(folder, name)
            unchanged = known is not None and known.key == key and is_there
            wanted = fnmatch.fnmatchcase(name, self.order.notebooks)
            if (unchanged and not (self.order.force and wanted)) or not wanted:
                if known is not None:
                    case.kept[name] = known.details
            elif name in submission.missing:
                case.marks[name] = Mark(key, None)
            else:
                case.keys[name] = key
                case.tasks[name] = self._task(submission, name, blank)
            case.is_up_to_date &= known is not None and _is_current(known, submission)
        case.is_up_to_date &= not case.tasks and not case.marks
        return case

    def _key(self, submission: Submission, name: str) -> str:
        content = submission.files.get(name)
        if content is None:
            content = b"problem: " + submission.problems.get(name, "").encode()
        if name in submission.missing:
            content = MISSING
        notebook_id = f"{self.order.assignment}/{name}".encode()
        return result_key(
            self.secret,
            self.order.limits,
            self.order.unsafe,
            notebook_id,
            self.blanks[name],
            content,
        )

    def _task(self, submission: Submission, name: str, blank: bytes) -> Task:
        return Task(
            f"{self.order.assignment}/{name}",
            submission.files.get(name),
            blank,
            self.secret,
            self.order.limits,
            self.order.unsafe,
            submission.problems.get(name, ""),
        )

    def _submit(self, graders: Graders, case: _Case, name: str) -> None:
        case.attempts[name] += 1
        self.waiting[graders.submit(case.tasks[name])] = (case, name)

    def _take(self, graders: Graders, future: Future[Graded]) -> None:
        case, name = self.waiting.pop(future)
        try:
            graded = future.result()
        except SandboxUnavailable as error:
            raise CourseError(f"{error}; or grade with --unsafe") from None
        except EngineMismatch as error:
            raise CourseError(str(error)) from None
        except Exception as error:
            if is_lost(error) and case.attempts[name] < ATTEMPTS:
                self._submit(graders, case, name)
                return
            line = f"its process was lost {ATTEMPTS} times" if is_lost(error) else repr(error)
            graded = without_marks(case.tasks[name], line)
        case.marks[name] = Mark(case.keys[name] if graded.reusable else None, graded)
        if all(name in case.marks for name in case.tasks):
            self._finish(case)

    def _finish(self, case: _Case) -> None:
        """Write the marks of a submission, if there is anything to write, and what to say of it."""
        submission = case.submission
        notes = list(submission.notes)
        if not case.is_up_to_date:
            graded = {
                name: mark.graded.notebook
                for name, mark in case.marks.items()
                if mark.graded is not None
            }
            folder = autograded_folder(self.coursedir, self.order.assignment, submission.student)
            mode = 0o664 if self.coursedir.groupshared else 0o444
            # Before the marks: what the gradebook says is done must be there.
            write_autograded(folder, submission, graded, mode)
            try:
                notes += self.marks.record(
                    submission.student,
                    submission.timestamp,
                    case.marks,
                    self.order.create_students,
                )
            except MissingEntry as error:
                self.summary.needs_person(submission.student, str(error))
                return
        details = case.kept | {name: details_of(mark) for name, mark in case.marks.items()}
        self.summary.add(submission, details, notes, is_new=bool(case.tasks))
        if case.tasks:
            self.graded += 1
            self.first_graded = self.first_graded or time.monotonic()
        self.progress(self.summary.done, self.summary.total, self._seconds_left())

    def _seconds_left(self) -> float | None:
        # What comes before the first one is the start of everything, and comes once.
        if self.graded < 2:
            return None
        each = (time.monotonic() - self.first_graded) / (self.graded - 1)
        return each * (self.summary.total - self.summary.done)


def _is_current(known: Known, submission: Submission) -> bool:
    return known.timestamp == submission.timestamp and known.is_penalty_right


def _nothing_handed_in(coursedir: CourseDirectory, order: Order) -> str:
    everybody = call_roll(coursedir, order.assignment).students
    if not everybody:
        return f"nothing is handed in for {order.assignment} in {coursedir.submitted_directory}/"
    close = difflib.get_close_matches(order.students, everybody, n=1, cutoff=0.5)
    meant = f" Did you mean {close[0]}?" if close else ""
    return f"nobody called {printable(order.students)!r} handed in {order.assignment}.{meant}"
