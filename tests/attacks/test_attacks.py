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
    ASSIGNMENTS,
    OUTCOMES,
    ROOT,
    Attack,
    hand_in,
    hand_in_attack,
    read_attacks,
    solved_notebook,
)
from tests.needs import needs_bubblewrap

ATTACKS = read_attacks("numpy", "keras", "pytorch", "surgery", *ASSIGNMENTS)
HONEST = read_attacks("honest")
TRACKS = {
    assignment: sorted({each.track for each in ATTACKS if each.assignment == assignment})
    for assignment in ASSIGNMENTS
}
NEIGHBORS = [f"neighbour-{number}" for number in range(4)]
VICTIM = "victim"  # whose file an attack links to: nobody can tell which of the two is the copy
# Small, so that the bombs end soon; large enough for an honest notebook on a busy machine.
LIMITS = Limits(exercise_cpu=8.0, exercise_wall=20.0, notebook_wall=120.0, memory=1200 * 2**20)

# One worker of xdist grades the class; the others run other tests meanwhile.
pytestmark = pytest.mark.xdist_group("attacks")


Scores = dict[str, dict[str, dict[str, float | None]]]  # by student, notebook and exercise


@dataclass(frozen=True)
class Class:
    """What came out, by assignment: marks, and what the instructor reads."""

    course: Path
    marks: dict[str, Scores]
    before: dict[str, Scores]  # without the attacks
    summaries: dict[str, Summary]

    def marks_of(self, attack: Attack) -> dict[str, float | None]:
        return self.marks[attack.assignment][attack.student][attack.track]

    def most_for(self, attack: Attack) -> dict[str, float]:
        """What a right notebook gets."""
        return self.before[attack.assignment][NEIGHBORS[0]][attack.track]

    def said_of(self, attack: Attack) -> str:
        """The summary's lines about a student, and what stands in the graded notebook."""
        people = self.summaries[attack.assignment].people
        lines = [line for student, line in people if student == attack.student]
        folder = self.course / "autograded" / attack.student / attack.assignment
        for path in folder.glob("*.ipynb"):
            for cell in json.loads(path.read_text())["cells"]:
                for output in cell.get("outputs", []):
                    lines += output.get("traceback", [])
        return "\n".join(lines)


def marks_of(course: Path, assignment: str) -> Scores:
    coursedir = course_directory(course)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        return {
            submission.student_id: {
                notebook.name: {grade.name: grade.auto_score for grade in notebook.grades}
                for notebook in submission.notebooks
                if notebook.name in TRACKS[assignment]
            }
            for submission in gradebook.assignment_submissions(assignment)
        }


def grade(course: Path, assignment: str) -> Summary:
    order = Order(assignment, jobs=2, limits=LIMITS)
    return grade_assignment(course_directory(course), order)


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Class:
    needs_bubblewrap()
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions", course / "solutions")
    for assignment, tracks in TRACKS.items():
        for student in [*NEIGHBORS, VICTIM] if assignment == ASSIGNMENT else NEIGHBORS[:1]:
            for track in tracks:
                notebook = solved_notebook(track, assignment)
                hand_in(course, student, track, notebook, assignment)
        grade(course, assignment)
    before = {assignment: marks_of(course, assignment) for assignment in TRACKS}
    for attack in ATTACKS + HONEST:
        hand_in_attack(course, attack)
    # Between the attacks, in the order of names, neighbors are graded again.
    for student in NEIGHBORS:
        notebook = solved_notebook("numpy")
        notebook["cells"][0]["source"] += "\n"
        hand_in(course, student, "numpy", notebook)
    summaries = {assignment: grade(course, assignment) for assignment in TRACKS}
    marks = {assignment: marks_of(course, assignment) for assignment in TRACKS}
    return Class(course, marks, before, summaries)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.student)
def test_an_attack_earns_nothing(attack, graded):
    most, marks = graded.most_for(attack), graded.marks_of(attack)
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
    assert graded.marks_of(attack) == graded.most_for(attack), graded.said_of(attack)


@pytest.mark.parametrize("student", NEIGHBORS)
def test_neighbors_keep_their_marks(student, graded):
    for assignment, marks in graded.marks.items():
        assert marks.get(student) == graded.before[assignment].get(student)
        for track, scores in marks.get(student, {}).items():
            checks = [points for name, points in scores.items() if name != "words"]
            assert checks
            assert all(checks), (assignment, track)


def test_no_grader_error_and_everybody_done(graded):
    assert not any(summary.has_grader_errors for summary in graded.summaries.values())
    done = sum(summary.done for summary in graded.summaries.values())
    others = len(NEIGHBORS) + len([VICTIM]) + len(TRACKS) - 1
    assert done == len(ATTACKS) + len(HONEST) + others


def test_what_the_instructor_reads_holds_no_control_codes(graded):
    said = "\n".join(line for summary in graded.summaries.values() for line in summary.lines())
    assert not [character for character in said if ord(character) < 32 and character != "\n"]
    assert "\x9b" not in said


def test_there_are_attacks_enough():
    assert len(ATTACKS) >= 60
    assert TRACKS[ASSIGNMENT] == TRACKS["capstone"] == ["keras", "numpy", "pytorch"]
