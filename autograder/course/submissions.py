"""What students handed in, as it lies in ``submitted/``."""

import datetime
import fnmatch
import os
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder.course.blank import CourseError
from autograder.course.reading import Unreadable, open_folder, printable, read_file

STRUCTURE = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")  # noqa: PTH118
LONGEST_ID = 128  # characters, in nbgrader's table of students
MOST_FILES = 1000  # of a folder, that are looked through for a notebook with another name
SMALL_FILE = 1000  # bytes
CLOCK_SKEW = datetime.timedelta(minutes=10)
# What nbgrader's exchange puts beside a notebook, and needs to give feedback back.
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"


@dataclass
class Submission:
    """One student's files for one assignment."""

    student: str
    files: dict[str, bytes] = field(default_factory=dict)  # by notebook
    problems: dict[str, str] = field(default_factory=dict)  # by notebook that can't be read
    missing: list[str] = field(default_factory=list)  # notebooks
    beside: dict[str, bytes] = field(default_factory=dict)  # nbgrader's own small files
    timestamp: datetime.datetime | None = None  # UTC, without a time zone, as nbgrader stores it
    notes: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.files and not self.problems


@dataclass
class Roll:
    """Who handed something in, and the folders that can't be a student's."""

    students: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)  # by the folder's name


def call_roll(coursedir: CourseDirectory, assignment: str, pattern: str = "*") -> Roll:
    """The students whose names match a pattern and who handed something in, by name."""
    if os.path.normpath(coursedir.directory_structure) != STRUCTURE:
        raise CourseError(f"only nbgrader's usual folders are supported: {STRUCTURE}")
    roll = Roll()
    submitted = _submitted(coursedir)
    if not submitted.is_dir():
        return roll
    excluded = (coursedir.student_id_exclude or "").split(",")
    for name in sorted(path.name for path in submitted.iterdir()):
        if name.startswith(".") or name in excluded or not fnmatch.fnmatchcase(name, pattern):
            continue
        try:
            with open_folder(submitted / name) as folder:
                os.stat(assignment, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            continue
        except Unreadable as problem:
            if (submitted / name).is_symlink():
                roll.problems[name] = f"its folder {problem}"
            continue
        if len(name) > LONGEST_ID or not name.isprintable():
            roll.problems[name] = "its folder has a name that the gradebook can't hold"
        else:
            roll.students.append(name)
    return roll


def is_handed_in(
    coursedir: CourseDirectory, assignment: str, students: list[str], notebook: str
) -> bool:
    """Whether any of the students has a file of that notebook, whatever it is."""
    file = f"{notebook}.ipynb"
    return any(
        os.path.lexists(_submitted(coursedir) / student / assignment / file) for student in students
    )


def read_submission(
    coursedir: CourseDirectory, assignment: str, student: str, notebooks: list[str]
) -> Submission:
    """Read the notebooks of one student, as far as they can be read."""
    submission = Submission(student)
    try:
        with (
            open_folder(_submitted(coursedir) / student) as home,
            open_folder(assignment, home) as folder,
        ):
            for notebook in notebooks:
                _read_notebook(submission, folder, notebook)
            _read_beside(submission, folder)
            if submission.missing:
                submission.notes += _other_notebooks(folder, notebooks)
    except Unreadable as problem:
        submission.problems = dict.fromkeys(notebooks, f"lies in a folder that {problem}")
    except FileNotFoundError:  # taken away while we were reading
        submission.missing = [name for name in notebooks if name not in submission.files]
    return submission


def _submitted(coursedir: CourseDirectory) -> Path:
    return Path(coursedir.root) / coursedir.submitted_directory


def _read_notebook(submission: Submission, folder: int, notebook: str) -> None:
    try:
        submission.files[notebook] = read_file(f"{notebook}.ipynb", folder)
    except FileNotFoundError:
        submission.missing.append(notebook)
    except Unreadable as problem:
        submission.problems[notebook] = str(problem)


def _read_beside(submission: Submission, folder: int) -> None:
    for name in (TIMESTAMP, SECRET):
        try:
            submission.beside[name] = read_file(name, folder, SMALL_FILE)
        except FileNotFoundError:
            continue
        except Unreadable as problem:
            submission.notes.append(f"{name} {problem}")
    if TIMESTAMP not in submission.beside:
        return
    try:
        submission.timestamp = parse_timestamp(submission.beside[TIMESTAMP])
    except ValueError as problem:
        del submission.beside[TIMESTAMP]
        submission.notes.append(f"{TIMESTAMP} {problem}: the time is taken for unknown")


def parse_timestamp(content: bytes, now: datetime.datetime | None = None) -> datetime.datetime:
    """The time that a submission says it was made at, in UTC, as nbgrader reads it.

    Raises
    ------
    ValueError : if it can't be read or lies in the future.
    """
    try:
        text = content.decode("ascii").strip()
        if not text.isprintable() or len(text) > 100:
            raise ValueError
        timestamp = parse_utc(text)
        now = now or datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
        is_future = timestamp > now + CLOCK_SKEW
    except Exception:  # dateutil raises a good many things
        raise ValueError("can't be read as a time") from None
    if is_future:
        raise ValueError(f"lies in the future ({printable(text, 40)})")
    return timestamp


def _other_notebooks(folder: int, notebooks: list[str]) -> list[str]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in islice(entries, MOST_FILES))
    expected = {f"{name}.ipynb" for name in notebooks}
    others = [name for name in names if name.endswith(".ipynb") and name not in expected]
    if not others:
        return []
    shown = ", ".join(printable(name, 60) for name in others[:3])
    return [f"notebooks with other names aren't graded: {shown}"]
