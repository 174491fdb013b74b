"""Points as tables for Canvas, Moodle and spreadsheets, with nothing in them that computes."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbgrader.api as nb
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from sqlalchemy import func, select

from autograder.course.blank import CourseError
from autograder.course.marks import points_of
from autograder.course.reading import printable

Value = str | float | None

# What a spreadsheet takes for the beginning of a formula, also where it is typed full width.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LONGEST_CELL = 1000  # characters


@dataclass
class Total:
    """One student's points for one assignment."""

    points: float = 0.0
    penalty: float = 0.0
    timestamp: datetime | None = None
    ungraded: int = 0  # answers that a person has to look at

    @property
    def score(self) -> float:
        return max(0.0, self.points - self.penalty)


@dataclass
class Totals:
    """The points of a course: who handed in what, and what it can be worth."""

    students: dict[str, nb.Student]
    assignments: dict[str, nb.Assignment]
    most: dict[str, float]  # points, by assignment
    totals: dict[tuple[str, str], Total]  # by assignment and student

    def of(self, assignment: str, student: str) -> Total:
        """A student who handed in nothing has no points."""
        return self.totals.get((assignment, student), Total())


def read_totals(gradebook: nb.Gradebook, assignments: Iterable[str] = ()) -> Totals:
    """The points of some assignments, or of all.

    Raises
    ------
    CourseError : for an assignment that the gradebook doesn't know.
    """
    session = gradebook.db
    known = {each.name: each for each in session.scalars(select(nb.Assignment)).all()}
    for name in assignments:
        if name not in known:
            there_are = ", ".join(sorted(known)) or "none"
            raise CourseError(
                f"the gradebook has no assignment {printable(name)!r}. It has: {there_are}"
            )
    chosen = {name: known[name] for name in sorted(assignments or known)}
    students = {each.id: each for each in session.scalars(select(nb.Student)).all()}
    most = {name: _most_points(gradebook, assignment) for name, assignment in chosen.items()}
    totals: dict[tuple[str, str], Total] = {}
    for name, assignment in chosen.items():
        for student, total in _read_assignment(gradebook, assignment):
            totals[name, student] = total
    return Totals(dict(sorted(students.items())), chosen, most, totals)


def _most_points(gradebook: nb.Gradebook, assignment: nb.Assignment) -> float:
    return sum(
        gradebook.db.execute(
            select(func.coalesce(func.sum(kind.max_score), 0.0))
            .join(nb.Notebook, nb.Notebook.id == kind.notebook_id)
            .where(nb.Notebook.assignment_id == assignment.id)
        ).scalar_one()
        for kind in (nb.GradeCell, nb.TaskCell)
    )


def _read_assignment(
    gradebook: nb.Gradebook, assignment: nb.Assignment
) -> Iterator[tuple[str, Total]]:
    submitted = nb.SubmittedAssignment
    totals: dict[str, Total] = {}
    rows = gradebook.db.execute(
        select(
            submitted.student_id,
            submitted.timestamp,
            nb.SubmittedNotebook.id,
            nb.SubmittedNotebook.late_submission_penalty,
        )
        .join(nb.SubmittedNotebook, nb.SubmittedNotebook.assignment_id == submitted.id)
        .where(submitted.assignment_id == assignment.id)
    ).all()
    owner = {}
    for student, timestamp, notebook_id, penalty in rows:
        total = totals.setdefault(student, Total(timestamp=timestamp))
        total.penalty += penalty or 0.0
        owner[notebook_id] = total
    grades = gradebook.db.execute(
        select(
            nb.Grade.notebook_id,
            nb.Grade.auto_score,
            nb.Grade.manual_score,
            nb.Grade.extra_credit,
            nb.Grade.needs_manual_grade,
        )
        .join(nb.SubmittedNotebook, nb.SubmittedNotebook.id == nb.Grade.notebook_id)
        .join(submitted, submitted.id == nb.SubmittedNotebook.assignment_id)
        .where(submitted.assignment_id == assignment.id)
    )
    for notebook_id, auto, manual, extra, needs_person in grades:
        total = owner[notebook_id]
        total.points += points_of(auto, manual, extra)
        total.ungraded += bool(needs_person)
    yield from totals.items()


def nbgrader_table(totals: Totals) -> Iterator[list[Value]]:
    """The columns of nbgrader's own export: one row an assignment and student."""
    yield [
        *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
        *("raw_score", "late_submission_penalty", "score", "max_score"),
    ]
    for name, assignment in totals.assignments.items():
        for student in totals.students.values():
            total = totals.of(name, student.id)
            yield [
                name,
                _time(assignment.duedate),
                _time(total.timestamp),
                *(student.id, student.last_name, student.first_name, student.email),
                *(total.points, total.penalty, total.score, totals.most[name]),
            ]


def canvas_table(totals: Totals) -> Iterator[list[Value]]:
    """What Canvas imports into its gradebook: one row a student, one column an assignment."""
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *totals.assignments]
    yield ["    Points Possible", "", "", "", "", *(totals.most[n] for n in totals.assignments)]
    for student in totals.students.values():
        names = [name for name in (student.last_name, student.first_name) if name]
        scores = [totals.of(name, student.id).score for name in totals.assignments]
        yield [", ".join(names) or student.id, student.lms_user_id, "", student.id, "", *scores]


def moodle_table(totals: Totals) -> Iterator[list[Value]]:
    """What Moodle's grade import reads: one row a student, one column an assignment."""
    yield ["Username", "First name", "Last name", "Email address", *totals.assignments]
    for student in totals.students.values():
        scores = [totals.of(name, student.id).score for name in totals.assignments]
        yield [student.id, student.first_name, student.last_name, student.email, *scores]


TABLES = {"csv": nbgrader_table, "canvas": canvas_table, "moodle": moodle_table}


def _time(time: datetime | None) -> str:
    return "" if time is None else str(time)


def to_csv(rows: Iterable[list[Value]]) -> str:
    """Rows as comma-separated values: texts in quotes, numbers as they are."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Value) -> Value:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula, in one line."""
    begins_formula = text.lstrip(" \n'\"").startswith(FORMULA) or text.startswith(FORMULA)
    shown = printable(text, LONGEST_CELL)
    return f"'{shown}" if begins_formula else shown


def export_table(
    coursedir: CourseDirectory, format: str, assignments: Iterable[str] = ()
) -> tuple[str, int]:
    """The points of a course in one of the formats, and how many answers nobody has graded yet."""
    with nb.Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        totals = read_totals(gradebook, assignments)
        ungraded = sum(total.ungraded for total in totals.totals.values())
        return to_csv(TABLES[format](totals)), ungraded


class SafeCsvExporter(ExportPlugin):
    """nbgrader's export in its own columns, with texts that are no formulas."""

    def export(self, gradebook: nb.Gradebook) -> None:
        totals = read_totals(gradebook, self.assignment)
        if self.student:
            chosen = {str(student) for student in self.student}
            totals.students = {
                name: student for name, student in totals.students.items() if name in chosen
            }
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        path.write_text(to_csv(nbgrader_table(totals)), encoding="utf-8")
