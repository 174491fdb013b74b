"""Classes to be graded: the solved notebooks of one track, each a little different."""

import shutil
from pathlib import Path

from tests.attacks.submissions import ASSIGNMENT, ROOT, hand_in, solved_notebook


def student(number: int) -> str:
    """The name of a student's folder."""
    return f"student-{number:05}"


def make_course(folder: Path, track: str, students: int) -> Path:
    """A course whose assignment is one notebook, handed in by so many students.

    No two submissions are the same, so that each has hidden cases of its own.
    """
    source = folder / "solutions" / ASSIGNMENT
    source.mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copy(ROOT / "solutions" / ASSIGNMENT / f"{track}.ipynb", source)
    notebook = solved_notebook(track)
    text = notebook["cells"][0]["source"]
    for number in range(students):
        notebook["cells"][0]["source"] = f"{text}\n\nHanded in by {student(number)}."
        hand_in(folder, student(number), track, notebook)
    return folder
