"""The graded notebooks in ``autograded/``, where formgrader and feedback look for them."""

import os
import shutil
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.course.submissions import Submission


def autograded_folder(coursedir: CourseDirectory, assignment: str, student: str) -> Path:
    """Where nbgrader keeps what it graded."""
    return Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))


def is_written(folder: Path, notebook: str) -> bool:
    """Whether there is a graded notebook."""
    return (folder / f"{notebook}.ipynb").is_file()


def write_autograded(
    folder: Path, submission: Submission, graded: dict[str, bytes], mode: int
) -> None:
    """Put graded notebooks in their place, each of them in one step.

    What belongs to no notebook of the submission goes: nothing of an earlier one is left, and
    nothing that a student put beside a notebook ever gets there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{name}.ipynb": content for name, content in graded.items()} | submission.beside
    for name, content in files.items():
        _write_at_once(folder / name, content, mode)
    handed_in = {f"{name}.ipynb" for name in (*submission.files, *submission.problems)}
    for path in folder.iterdir():
        if path.name in handed_in or path.name in files:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def _write_at_once(path: Path, content: bytes, mode: int) -> None:
    """Write a file that is there whole or not at all, whenever the program is killed."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.chmod(mode)
    unfinished.replace(path)
