"""Odd but honest submissions in the real sandbox: ten runs give ten identical gradebooks."""

import shutil
from dataclasses import replace

import pytest

from autograder.course import run
from autograder.course.release import course_directory
from autograder.course.run import Order, grade_assignment
from tests.attacks.submissions import ASSIGNMENT, read_attacks
from tests.course.course import GradersHere
from tests.course.small_class import make_odd_course, what_is_left
from tests.needs import needs_bubblewrap

RUNS = 10


def test_ten_runs_give_ten_identical_gradebooks(tmp_path, monkeypatch):
    needs_bubblewrap()
    course = make_odd_course(tmp_path / "course")
    (course / "secret.key").write_text("the same for all")
    # In this process, so that only the first run waits for imports; the sandbox is the real one.
    monkeypatch.setattr(run, "open_graders", lambda *_: GradersHere())
    left = []
    for number in range(RUNS):
        again = shutil.copytree(course, tmp_path / f"run-{number}")
        summary = grade_assignment(course_directory(again), Order(ASSIGNMENT))
        assert summary.outcomes["passed"] == sum(summary.outcomes.values())
        # What a magic says about its time is among the outputs in the files.
        left.append(replace(what_is_left(again), files={}))
    assert len(left[0].scores) == 1 + len(read_attacks("honest"))
    assert all(other == left[0] for other in left[1:])


@pytest.fixture(autouse=True)
def end_the_workers():
    """Warm processes take a gigabyte; other tests need none of them."""
    yield
    from autograder.course.workers import end_workers

    end_workers()
