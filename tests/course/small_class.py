"""A small class of honest students, and everything that a run leaves of it."""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder.course.release import course_directory
from autograder.student.exercise import TRACKS
from tests.attacks.submissions import (
    ASSIGNMENT,
    ROOT,
    hand_in,
    hand_in_attack,
    read_attacks,
    solved_notebook,
)


@dataclass(frozen=True)
class Left:
    """What a run leaves: the gradebook's grades and comments, and the graded notebooks' bytes."""

    grades: dict[tuple[str, str, str], tuple[Any, ...]]
    comments: dict[tuple[str, str, str], tuple[Any, ...]]
    scores: dict[str, float]
    files: dict[str, str]


def make_course(folder: Path, students: int, tracks: Iterable[str] = ("numpy",)) -> Path:
    """A course with one assignment, where every third student left one exercise unsolved."""
    tracks = tuple(tracks)
    source = folder / "solutions" / ASSIGNMENT
    source.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for track in tracks:
        shutil.copy(ROOT / "solutions" / ASSIGNMENT / f"{track}.ipynb", source)
        for number in range(students):
            notebook = solved_notebook(track)
            notebook["cells"][0]["source"] += f"\n\nHanded in by student {number}."
            if number % 3 == 2:
                _leave_out(notebook)
            hand_in(folder, f"student-{number:02}", track, notebook)
    return folder


def make_odd_course(folder: Path) -> Path:
    """The control group of the attacks: odd, but honest."""
    make_course(folder, 1, TRACKS)
    for attack in read_attacks("honest"):
        hand_in_attack(folder, attack)
    return folder


def _leave_out(notebook: dict) -> None:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
            cell["source"] = "# not solved"
            return


def what_is_left(course: Path, db_url: str | None = None) -> Left:
    """Read the gradebook and ``autograded/``.

    Parameters
    ----------
    db_url : of the gradebook, if it isn't the one that the course's configuration says.
    """
    coursedir = course_directory(course)
    grades, comments, scores = {}, {}, {}
    with Gradebook(db_url or coursedir.db_url, coursedir.course_id) as gradebook:
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            scores[submission.student_id] = submission.score
            for notebook in submission.notebooks:
                place = (submission.student_id, notebook.name)
                for grade in notebook.grades:
                    values = (grade.auto_score, grade.manual_score, grade.extra_credit)
                    grades[*place, grade.name] = (*values, grade.needs_manual_grade)
                for comment in notebook.comments:
                    comments[*place, comment.name] = (comment.auto_comment, comment.manual_comment)
    folder = course / "autograded"
    files = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return Left(grades, comments, scores, files)


def assert_graded(left: Left, students: int) -> None:
    """Whether the runs that are compared did anything at all, right and wrong answers both."""
    assert len(left.scores) == len(left.files) == students
    assert len(set(left.scores.values())) == 2
    assert min(left.scores.values()) > 0
