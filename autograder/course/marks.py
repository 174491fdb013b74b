"""The one writer of the gradebook: a submission's marks, in one transaction (nbgrader's tables).

Beside the marks stands, in a table of our own, what they were made from. So a result is known for
good in the same moment as its marks, and goes when nbgrader removes them.
"""

import datetime
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Self

import nbgrader.api as nb
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import Select, select
from sqlalchemy.engine import Connection, Row, make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from autograder.course import tables
from autograder.course.grade import GRADER_ERROR, ExerciseResult, Graded
from autograder.course.tables import RESULTS

BUSY_SECONDS = 60  # that a transaction waits for another program's
ATTEMPTS = 5
# What nbgrader has in a new row.
NO_GRADE = SimpleNamespace(
    id=None, auto_score=None, manual_score=None, extra_credit=None, needs_manual_grade=True
)
WHOLE = "*"  # the name of a notebook's whole code among the digests of answers


@dataclass(frozen=True)
class Details:
    """What is known of a graded notebook besides its marks."""

    exercises: list[ExerciseResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)  # digests
    by_hand: int = 0  # answers that a person has to give points for

    def to_json(self) -> str:
        exercises = [vars(exercise) for exercise in self.exercises]
        return json.dumps(vars(self) | {"exercises": exercises})

    @classmethod
    def from_json(cls, content: str) -> Self:
        fields = json.loads(content)
        fields["exercises"] = [ExerciseResult(**exercise) for exercise in fields["exercises"]]
        return cls(**fields)


@dataclass(frozen=True)
class Known:
    """What the gradebook holds of one notebook of one student."""

    key: str | None
    details: Details
    timestamp: datetime.datetime | None
    is_penalty_right: bool  # by today's due date, extension and points


@dataclass(frozen=True)
class Mark:
    """A notebook's new result; ``graded`` is None where the student handed in none."""

    key: str | None  # None where another run may end otherwise
    graded: Graded | None
    notes: list[str] = field(default_factory=list)


@dataclass
class _Notebook:
    """One notebook of an assignment, with the ids of its cells by their names."""

    id: str
    graded: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    solutions: dict[str, str] = field(default_factory=dict)

    @property
    def points(self) -> dict[str, str]:
        """The cells that points are given for."""
        return self.graded | self.tasks


@dataclass(frozen=True)
class _Submitted:
    """The row of a student's notebook; nothing belongs to one that has just been made."""

    id: str
    penalty: float | None
    is_new: bool


class Marks:
    """The marks of one assignment. Used as a context manager.

    Raises
    ------
    nbgrader.api.MissingEntry : on entering, if the gradebook doesn't know the assignment.
    """

    def __init__(self, coursedir: CourseDirectory, assignment: str) -> None:
        self.coursedir = coursedir
        self.assignment = assignment

    def __enter__(self) -> Self:
        url = make_url(self.coursedir.db_url)
        if url.get_backend_name() == "sqlite" and "timeout" not in url.query:
            url = url.update_query_dict({"timeout": str(BUSY_SECONDS)})
        self._gradebook = nb.Gradebook(
            url.render_as_string(hide_password=False), self.coursedir.course_id
        )
        try:
            self._begin_immediately = url.get_backend_name() == "sqlite"
            RESULTS.metadata.create_all(self._gradebook.engine)
            with self._session() as session:
                self._read_structure(session)
        except BaseException:
            self._gradebook.close()
            raise
        self._penalties = AssignLatePenalties(config=self.coursedir.config)
        self._penalties.init_plugin()
        return self

    def __exit__(self, *_: object) -> None:
        self._gradebook.close()

    def _session(self) -> Session:
        return Session(self._gradebook.engine, future=True, expire_on_commit=False)

    def _read_structure(self, session: Session) -> None:
        found = session.execute(
            select(nb.Assignment.id, nb.Assignment.duedate).where(
                nb.Assignment.name == self.assignment
            )
        ).one_or_none()
        if found is None:
            raise nb.MissingEntry(f"No such assignment: {self.assignment}")
        self._id, self._duedate = found
        rows = session.execute(
            select(nb.Notebook.name, nb.Notebook.id).where(nb.Notebook.assignment_id == self._id)
        )
        self.notebooks = {name: _Notebook(id) for name, id in rows}
        for kind, place in (
            (nb.GradeCell, "graded"),
            (nb.TaskCell, "tasks"),
            (nb.SolutionCell, "solutions"),
        ):
            for notebook in self.notebooks.values():
                rows = session.execute(
                    select(kind.name, kind.id).where(kind.notebook_id == notebook.id)
                )
                getattr(notebook, place).update((name, id) for name, id in rows)

    def known(self) -> dict[tuple[str, str], Known]:
        """What is known already, by student and notebook."""
        submitted = nb.SubmittedAssignment
        query = (
            select(
                submitted.student_id,
                nb.Notebook.name,
                submitted.timestamp,
                submitted.extension,
                nb.SubmittedNotebook.id,
                nb.SubmittedNotebook.late_submission_penalty,
                RESULTS.c.key,
                RESULTS.c.details,
            )
            .join(nb.SubmittedNotebook, nb.SubmittedNotebook.assignment_id == submitted.id)
            .join(nb.Notebook, nb.Notebook.id == nb.SubmittedNotebook.notebook_id)
            .join(RESULTS, RESULTS.c.notebook_id == nb.SubmittedNotebook.id)
            .where(submitted.assignment_id == self._id)
        )
        known = {}
        with self._session() as session:
            rows = session.execute(query).all()
            scores = self._scores(session) if self._duedate is not None else {}
            for student, name, timestamp, extension, id, penalty, key, details in rows:
                late = self._seconds_late(timestamp, extension)
                due = self._penalty(student, scores.get(id, 0.0), late)
                known[student, name] = Known(
                    key, Details.from_json(details), timestamp, penalty == due
                )
        return known

    def _scores(self, session: Session) -> dict[str, float]:
        """The points of every notebook of the assignment, by its id."""
        grades = session.execute(
            select(
                nb.Grade.notebook_id,
                nb.Grade.auto_score,
                nb.Grade.manual_score,
                nb.Grade.extra_credit,
            ).where(nb.Grade.cell_id.in_(self._graded_cells()))
        )
        scores: dict[str, float] = {}
        for id, *points in grades:
            scores[id] = scores.get(id, 0.0) + points_of(*points)
        return scores

    def _graded_cells(self) -> list[str]:
        return [id for each in self.notebooks.values() for id in each.points.values()]

    def record(
        self,
        student: str,
        timestamp: datetime.datetime | None,
        marks: dict[str, Mark],
        create_student: bool = True,
    ) -> list[str]:
        """Write the marks of one submission, and return what a person should know of it.

        Notebooks of the assignment that aren't among the marks keep theirs.

        Raises
        ------
        nbgrader.api.MissingEntry : if the student isn't known and may not be created.
        """
        return self._in_one_transaction(
            lambda connection: self._record(connection, student, timestamp, marks, create_student)
        )

    def _in_one_transaction(self, write: Callable[[Connection], Any]) -> Any:
        """Write, and again from the beginning if another program was in the way."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._gradebook.engine.connect() as connection, connection.begin():
                    if self._begin_immediately:
                        connection.execute(tables.BEGIN_IMMEDIATE)
                    return write(connection)
            except (OperationalError, IntegrityError):
                if attempt == ATTEMPTS:
                    raise
                time.sleep(0.2 * attempt)
        raise AssertionError

    def _record(
        self,
        connection: Connection,
        student: str,
        timestamp: datetime.datetime | None,
        marks: dict[str, Mark],
        create_student: bool,
    ) -> list[str]:
        if connection.execute(tables.FIND_STUDENT, {"student": student}).first() is None:
            if not create_student:
                raise nb.MissingEntry(f"No such student: {student}")
            connection.execute(tables.ADD_STUDENT, {"id": student})
        submission_id, extension = self._submission(connection, student, timestamp)
        seconds_late = self._seconds_late(timestamp, extension)
        notes = []
        for name, notebook in self.notebooks.items():
            submitted = _submitted_notebook(connection, submission_id, notebook)
            notes += _write_notebook(connection, submitted, notebook, marks.get(name))
            self._write_penalty(connection, student, submitted, notebook, seconds_late)
        return notes

    def _submission(
        self, connection: Connection, student: str, timestamp: datetime.datetime | None
    ) -> tuple[str, datetime.timedelta | None]:
        key = {"assignment": self._id, "student": student}
        found = connection.execute(tables.FIND_SUBMISSION, key).one_or_none()
        if found is None:
            row = {"id": tables.new_id(), "assignment_id": self._id, "student_id": student}
            connection.execute(tables.ADD_SUBMISSION, row | {"timestamp": timestamp})
            return row["id"], None
        connection.execute(tables.SET_TIMESTAMP, {"submission": found.id, "time": timestamp})
        return found.id, found.extension

    def _seconds_late(
        self, timestamp: datetime.datetime | None, extension: datetime.timedelta | None
    ) -> float:
        if timestamp is None or self._duedate is None:
            return 0
        due = self._duedate + (extension or datetime.timedelta())
        return max(0, (timestamp - due).total_seconds())

    def _write_penalty(
        self,
        connection: Connection,
        student: str,
        submitted: _Submitted,
        notebook: _Notebook,
        seconds_late: float,
    ) -> None:
        penalty = None
        if seconds_late > 0:
            grades = _rows(connection, tables.FIND_GRADES, submitted.id, notebook.points).values()
            score = sum(
                points_of(row.auto_score, row.manual_score, row.extra_credit) for row in grades
            )
            penalty = self._penalty(student, score, seconds_late)
        if penalty != submitted.penalty:
            row = {"notebook": submitted.id, "penalty": penalty}
            connection.execute(tables.SET_PENALTY, row)

    def _penalty(self, student: str, score: float, seconds_late: float) -> float | None:
        """What nbgrader's plugin takes off, within the limits that nbgrader sets it."""
        if seconds_late <= 0:
            return None
        penalty = self._penalties.plugin_inst.late_submission_penalty(student, score, seconds_late)
        return None if penalty is None else min(max(penalty, 0), score)


def _submitted_notebook(
    connection: Connection, submission_id: str, notebook: _Notebook
) -> _Submitted:
    key = {"submission": submission_id, "notebook": notebook.id}
    found = connection.execute(tables.FIND_NOTEBOOK, key).one_or_none()
    if found is not None:
        return _Submitted(found.id, found.late_submission_penalty, is_new=False)
    row = {"id": tables.new_id(), "assignment_id": submission_id, "notebook_id": notebook.id}
    connection.execute(tables.ADD_NOTEBOOK, row)
    return _Submitted(row["id"], None, is_new=True)


def _rows(
    connection: Connection, find: Select, notebook_id: str, cells: dict[str, str]
) -> dict[str, Row]:
    """A notebook's grades or comments for these cells, by the cells' ids."""
    key = {"notebook": notebook_id, "cells": list(cells.values())}
    return {row.cell_id: row for row in connection.execute(find, key)}


def points_of(auto: float | None, manual: float | None, extra: float | None) -> float:
    """As nbgrader computes it: points by hand go before others, and extra ones need some."""
    if manual is None and auto is None:
        return 0.0
    return (auto if manual is None else manual) + (extra or 0.0)


def digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:32]


def details_of(mark: Mark) -> Details:
    """What is kept of a result besides the marks."""
    if mark.graded is None:
        return Details(notes=mark.notes)
    graded = mark.graded
    answers = {
        name: digest(source) for name, source in graded.answers.items() if source is not None
    }
    answers[WHOLE] = graded.code_digest
    no_mark = sum(result.outcome == GRADER_ERROR for result in graded.exercises)
    by_hand = sum(points is None for points in graded.scores.values()) - no_mark
    return Details(graded.exercises, mark.notes + graded.notes, answers, by_hand)


def _write_notebook(
    connection: Connection, submitted: _Submitted, notebook: _Notebook, mark: Mark | None
) -> list[str]:
    """Write a notebook's new marks, if it has some, and see to it that all of its rows are there.

    Returns what a person should know of it.
    """
    old = None
    if mark is not None and not submitted.is_new:
        key = {"notebook": submitted.id}
        before = connection.execute(tables.FIND_DETAILS, key).scalar_one_or_none()
        if before is not None:
            old = Details.from_json(before).answers
            connection.execute(tables.REMOVE_RESULT, key)
    details = Details() if mark is None else details_of(mark)
    outdated = _write_grades(connection, submitted, notebook, mark, old, details.answers)
    _write_comments(connection, submitted, notebook, mark)
    if mark is not None:
        row = {"notebook_id": submitted.id, "key": mark.key, "details": details.to_json()}
        connection.execute(tables.ADD_RESULT, row)
    if not outdated:
        return []
    return [f"points given by hand were for an earlier version: {', '.join(sorted(outdated))}"]


def _write_grades(
    connection: Connection,
    submitted: _Submitted,
    notebook: _Notebook,
    mark: Mark | None,
    old: dict[str, str] | None,
    new: dict[str, str],
) -> list[str]:
    """Write the points of each cell, and name those whose points by hand had to go.

    Points by hand stay where what they were given for is still there: the answer itself for a
    written answer, all of the notebook's code for a test.
    """
    present = {}
    if not submitted.is_new:
        present = _rows(connection, tables.FIND_GRADES, submitted.id, notebook.points)
    outdated, added, changed = [], [], []
    for name, cell_id in notebook.points.items():
        row = present.get(cell_id, NO_GRADE)
        is_a_persons = mark is None or (name in notebook.tasks and mark.graded is not None)
        if is_a_persons and row is not NO_GRADE:
            continue
        auto, manual, extra = row.auto_score, row.manual_score, row.extra_credit
        needs_person = row.needs_manual_grade
        if not is_a_persons:
            auto = 0.0 if mark.graded is None else mark.graded.scores.get(name, 0.0)
            about = name if name in notebook.solutions else WHOLE
            unchanged = old is not None and old.get(about) == new.get(about)
            if manual is None and extra is None:
                # A flag that isn't about a missing mark is a person's, or is there for one.
                was_about_more = needs_person and row.auto_score is not None
                needs_person = auto is None or (unchanged and was_about_more)
            elif not unchanged:
                needs_person = True
                if old is not None:  # or else nobody knows what they were given for
                    outdated.append(name)
                    manual = extra = None
        points = {"auto": auto, "manual": manual, "extra": extra, "needs_person": needs_person}
        if row is NO_GRADE:
            added.append(_place(submitted, cell_id) | points)
        else:
            changed.append({"grade": row.id} | points)
    if added:
        connection.execute(tables.ADD_GRADES, added)
    if changed:
        connection.execute(tables.SET_GRADE, changed)
    return outdated


def _place(submitted: _Submitted, cell_id: str) -> dict[str, str]:
    return {"row": tables.new_id(), "notebook": submitted.id, "cell": cell_id}


def _write_comments(
    connection: Connection, submitted: _Submitted, notebook: _Notebook, mark: Mark | None
) -> None:
    cells = notebook.solutions | notebook.tasks
    present = {}
    if not submitted.is_new:
        present = _rows(connection, tables.FIND_COMMENTS, submitted.id, cells)
    unanswered = mark.graded.unanswered if mark and mark.graded else set(notebook.solutions)
    added, changed = [], []
    for name, cell_id in cells.items():
        said = None
        if mark is not None and name in notebook.solutions and name in unanswered:
            said = "No response."
        if cell_id not in present:
            added.append(_place(submitted, cell_id) | {"said": said})
        elif mark is not None and name in notebook.solutions:
            changed.append({"comment": present[cell_id].id, "said": said})
    if added:
        connection.execute(tables.ADD_COMMENTS, added)
    if changed:
        connection.execute(tables.SET_COMMENT, changed)
