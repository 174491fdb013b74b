"""Fixtures of a small course that is graded without a sandbox, unless a test says otherwise."""

import shutil
from pathlib import Path
from typing import ClassVar

import pytest

from autograder.course import run, workers
from autograder.course.blank import blank_notebook
from autograder.course.registration import register
from autograder.course.release import course_directory
from tests.course.course import ASSIGNMENT, NOTEBOOK, GradersHere, UnboxedWorker, make_course


@pytest.fixture(scope="session")
def registered(tmp_path_factory) -> Path:
    """A course that the gradebook knows already, which takes its time."""
    root = make_course(tmp_path_factory.mktemp("registered") / "course")
    coursedir = course_directory(root)
    register(coursedir, ASSIGNMENT, {NOTEBOOK: blank_notebook(coursedir, ASSIGNMENT, NOTEBOOK)})
    return root


@pytest.fixture
def course(registered: Path, tmp_path: Path) -> Path:
    return shutil.copytree(registered, tmp_path / "course")


@pytest.fixture
def unboxed(monkeypatch) -> type[UnboxedWorker]:
    """Notebooks run in this process, by a class whose outcomes a test can set."""

    class Worker(UnboxedWorker):
        jobs: ClassVar = []

    monkeypatch.setattr(workers, "Worker", Worker)
    monkeypatch.setattr(workers, "_idle", {})
    return Worker


@pytest.fixture
def graders(monkeypatch, unboxed) -> GradersHere:
    """Where notebooks are graded: here. Holds the tasks that came."""
    here = GradersHere()
    monkeypatch.setattr(run, "open_graders", lambda *_: here)
    return here
