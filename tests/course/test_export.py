"""Tables that leave the gradebook compute nothing and keep their columns."""

import csv
import io

import nbgrader.api as nb
import pytest
from nbgrader.apps.exportapp import ExportApp

from autograder.course.blank import CourseError
from autograder.course.export import export_table, harmless
from autograder.course.release import course_directory
from tests.course.course import ASSIGNMENT, POINTS, grade, hand_in, solved, without

MOST = sum(POINTS.values()) + 4.0


@pytest.fixture
def graded(course, graders):
    hand_in(course, "alice")
    hand_in(course, "=cmd|' -C calc'!A0", without(solved(), "xor_network"))
    grade(course)
    coursedir = course_directory(course)
    with nb.Gradebook(coursedir.db_url, coursedir.course_id) as book:
        book.update_or_create_student("alice", first_name="Alice, the\n1st", last_name="+1")
        book.update_or_create_student("nobody", email="@x", lms_user_id="17")
    return course


def table(course, format, **options):
    text, ungraded = export_table(course_directory(course), format, **options)
    assert ungraded == 2  # the written answers
    return list(csv.reader(io.StringIO(text)))


def test_csv_has_nbgraders_columns(graded):
    header, *rows = table(graded, "csv")
    assert header[:4] == ["assignment", "duedate", "timestamp", "student_id"]
    alice = dict(zip(header, rows[1], strict=True))
    assert alice["student_id"] == "alice"
    assert float(alice["score"]) == sum(POINTS.values())
    assert float(alice["max_score"]) == MOST
    nobody = dict(zip(header, rows[2], strict=True))
    assert (nobody["score"], nobody["timestamp"]) == ("0.0", "")


def test_canvas_and_moodle_have_one_column_an_assignment(graded):
    header, points, *rows = table(graded, "canvas")
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ASSIGNMENT]
    assert float(points[-1]) == MOST
    assert [float(row[-1]) for row in rows] == [2.0, 5.0, 0.0]
    assert rows[2][1] == "17"
    header, *rows = table(graded, "moodle")
    assert header == ["Username", "First name", "Last name", "Email address", ASSIGNMENT]
    assert [float(row[-1]) for row in rows] == [2.0, 5.0, 0.0]


@pytest.mark.parametrize("format", ["csv", "canvas", "moodle"])
def test_no_cell_begins_a_formula(format, graded):
    rows = table(graded, format)
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
        assert cell.isprintable()


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", '"=1', "＝1", "\n=1"]
)
def test_formulas_are_texts(text):
    assert harmless(text).startswith("'")
    assert harmless("a=1") == "a=1"
    assert harmless("Zoë-Marie") == "Zoë-Marie"


def test_an_assignment_that_is_not_there(graded):
    with pytest.raises(CourseError, match="It has: hidden-layers"):
        export_table(course_directory(graded), "csv", ["hidden-layer"])


def test_nbgraders_own_command_writes_the_same(graded, monkeypatch):
    monkeypatch.chdir(graded)
    ExportApp.clear_instance()
    app = ExportApp()
    app.initialize([])
    app.start()
    assert (graded / "grades.csv").read_text() == export_table(course_directory(graded), "csv")[0]
