"""A whole class of hostile submissions, graded in one run between honest ones."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course.release import course_directory
from autograder.course.run import Order, grade_assignment
from autograder.course.summary import Summary
from autograder.sandbox import Limits
from tests.attacks.submissions import (
    ASSIGNMENT,
    OUTCOMES,
    ROOT,
    Attack,
    hand_in,
    hand_in_attack,
    read_attacks,
    solved_notebook,
)
from tests.needs import needs_bubblewrap

ATTACKS = read_attacks("numpy", "keras", "pytorch", "surgery")
HONEST = read_attacks("honest")
NEIGHBORS = [f"neighbour-{number}" for number in range(4)]
VICTIM = "victim"  # whose file an attack links to: nobody can tell which of the two is the copy
# Small, so that the bombs end soon; large enough for an honest notebook on a busy machine.
LIMITS = Limits(exercise_cpu=8.0, exercise_wall=20.0, notebook_wall=120.0, memory=1200 * 2**20)

# One worker of xdist grades the class; the others run other tests meanwhile.
pytestmark = pytest.mark.xdist_group("attacks")


@dataclass(frozen=True)
class Class:
    """What came out: marks by student, track and exercise, and what the instructor reads."""

    course: Path
    marks: dict[str, dict[str, dict[str, float | None]]]
    before: dict[str, dict[str, dict[str, float | None]]]  # without the attacks
    summary: Summary

    def said_of(self, attack: Attack) -> str:
        """The summary's lines about a student, and what stands in the graded notebook."""
        lines = [line for student, line in self.summary.people if student == attack.student]
        folder = self.course / "autograded" / attack.student / ASSIGNMENT
        for path in folder.glob("*.ipynb"):
            for cell in json.loads(path.read_text())["cells"]:
                for output in cell.get("outputs", []):
                    lines += output.get("traceback", [])
        return "\n".join(lines)


def marks_of(course: Path) -> dict[str, dict[str, dict[str, float | None]]]:
    coursedir = course_directory(course)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        return {
            submission.student_id: {
                notebook.name: {grade.name: grade.auto_score for grade in notebook.grades}
                for notebook in submission.notebooks
            }
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }


def grade(course: Path, jobs: int = 2) -> Summary:
    order = Order(ASSIGNMENT, jobs=jobs, limits=LIMITS)
    return grade_assignment(course_directory(course), order)


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Class:
    needs_bubblewrap()
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions", course / "solutions")
    for student in [*NEIGHBORS, VICTIM]:
        for track in ("numpy", "keras", "pytorch"):
            hand_in(course, student, track, solved_notebook(track))
    grade(course)
    before = marks_of(course)
    for attack in ATTACKS + HONEST:
        hand_in_attack(course, attack)
    # Between the attacks, in the order of names, neighbors are graded again.
    for student in NEIGHBORS:
        notebook = solved_notebook("numpy")
        notebook["cells"][0]["source"] += "\n"
        hand_in(course, student, "numpy", notebook)
    summary = grade(course)
    return Class(course, marks_of(course), before, summary)


def full_marks(graded: Class, track: str) -> dict[str, float]:
    return graded.before[NEIGHBORS[0]][track]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.student)
def test_an_attack_earns_nothing(attack, graded):
    most = full_marks(graded, attack.track)
    marks = graded.marks[attack.student][attack.track]
    lost = set(most) - {"words"} if attack.everything else attack.attacked
    for name, points in most.items():
        exercise = name.removeprefix("check_")
        if exercise in lost or name in lost:
            assert not marks[name], f"{name} earned {marks[name]}: {attack.purpose}"
        elif name != "words":
            assert marks[name] <= points
            if not attack.spoils_others:
                assert marks[name] == points, f"{name} was honest: {graded.said_of(attack)}"


@pytest.mark.parametrize(
    "attack",
    [attack for attack in ATTACKS if attack.outcomes],
    ids=lambda attack: attack.student,
)
def test_the_instructor_reads_what_happened(attack, graded):
    said = graded.said_of(attack)
    # A failed check says with a cross what failed.
    words = ["✗ " if word == "failed" else word for word in attack.outcomes]
    assert any(word in said for word in words), said
    assert set(attack.outcomes) <= set(OUTCOMES)


@pytest.mark.parametrize("attack", HONEST, ids=lambda attack: attack.student)
def test_an_odd_but_honest_submission_earns_everything(attack, graded):
    assert graded.marks[attack.student][attack.track] == full_marks(graded, attack.track), (
        graded.said_of(attack)
    )


@pytest.mark.parametrize("student", NEIGHBORS)
def test_neighbors_keep_their_marks(student, graded):
    assert graded.marks[student] == graded.before[student]
    for track, marks in graded.marks[student].items():
        checks = [points for name, points in marks.items() if name != "words"]
        assert checks
        assert all(checks), track


def test_no_grader_error_and_everybody_done(graded):
    assert not graded.summary.has_grader_errors
    assert graded.summary.done == len(ATTACKS) + len(HONEST) + len(NEIGHBORS) + 1


def test_what_the_instructor_reads_holds_no_control_codes(graded):
    said = "\n".join(graded.summary.lines())
    assert not [character for character in said if ord(character) < 32 and character != "\n"]
    assert "\x9b" not in said


def test_there_are_attacks_enough():
    assert len(ATTACKS) >= 60
    assert {attack.track for attack in ATTACKS} == {"numpy", "keras", "pytorch"}
