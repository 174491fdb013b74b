"""nbgrader's own commands and formgrader's button grade as `autograder grade` does."""

import logging

import nbgrader.converters
import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.autogradeapp import AutogradeApp
from nbgrader.converters import NbGraderException
from traitlets import TraitError
from traitlets.config import Config

from autograder.course.converter import RefuseToRun, SandboxedAutograde, configured
from autograder.course.release import course_directory, load_config
from autograder.sandbox import Limits
from tests.course.course import (
    ASSIGNMENT,
    NOTEBOOK,
    folder_of,
    grade,
    hand_in,
    marks_of,
    solved,
    without,
)


@pytest.fixture
def handed_in(course, monkeypatch):
    hand_in(course, "alice")
    hand_in(course, "bob", without(solved(), "xor_network"))
    monkeypatch.chdir(course)
    return course


def files_of(course):
    return {
        path.relative_to(course): path.read_bytes()
        for path in (course / "autograded").rglob("*")
        if path.is_file()
    }


def run_nbgrader(*arguments):
    AutogradeApp.clear_instance()
    app = AutogradeApp()
    app.initialize([ASSIGNMENT, *arguments])
    app.start()


def press_the_button(course, student):
    """What formgrader does."""
    coursedir = course_directory(course)
    # Its application has read the configuration; its view of the course may not have.
    coursedir.config = Config()
    api = NbGraderAPI(coursedir, config=load_config(course))
    api.log_level = logging.WARNING
    return api.autograde(ASSIGNMENT, student)


def test_three_doors_give_the_same_marks(handed_in, graders):
    grade(handed_in)
    marks, files = marks_of(handed_in), files_of(handed_in)
    assert len(graders.tasks) == 2
    run_nbgrader()
    assert len(graders.tasks) == 2  # it knows that nothing has changed
    run_nbgrader("--force")
    assert len(graders.tasks) == 4
    assert (marks_of(handed_in), files_of(handed_in)) == (marks, files)
    for student in ("alice", "bob"):
        assert press_the_button(handed_in, student)["success"]
    assert len(graders.tasks) == 6
    assert (marks_of(handed_in), files_of(handed_in)) == (marks, files)


def test_the_button_tells_what_happened(handed_in, graders):
    log = press_the_button(handed_in, "bob")["log"]
    assert "missing cells: xor_network" in log


def test_nbgrader_reads_through_no_link(handed_in, graders):
    path = hand_in(handed_in, "eve")
    path.unlink()
    path.symlink_to(folder_of(handed_in, "alice") / f"{NOTEBOOK}.ipynb")
    (path.parent / "gradebook").symlink_to(handed_in / "gradebook.db")
    run_nbgrader()
    kept = {path.name for path in (handed_in / "autograded" / "eve" / ASSIGNMENT).iterdir()}
    assert kept == {f"{NOTEBOOK}.ipynb"}
    assert not any(points for (who, _), (points, *_) in marks_of(handed_in).items() if who == "eve")


def test_only_one_notebook_or_student(handed_in, graders):
    run_nbgrader("--student", "bob")
    assert {student for student, _ in marks_of(handed_in)} == {"bob"}
    run_nbgrader("--notebook", "another")
    assert len(graders.tasks) == 1


def test_mistakes_are_said_and_end_with_1(course, monkeypatch, caplog):
    monkeypatch.chdir(course)
    with pytest.raises(SystemExit) as exit:
        run_nbgrader()
    assert exit.value.code == 1


def test_the_configuration_sets_limits_and_jobs(course):
    config = course / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + "\nc.SandboxedAutograde.limits = {'exercise_cpu': 3.0}"
        + "\nc.SandboxedAutograde.jobs = 7\n"
    )
    order = configured(course_directory(course)).order(ASSIGNMENT)
    assert order.limits == Limits(exercise_cpu=3.0)
    assert order.jobs == 7


def test_a_limit_that_is_none(course):
    with pytest.raises(TraitError, match="memry"):
        SandboxedAutograde(
            coursedir=course_directory(course),
            config=Config(SandboxedAutograde={"limits": {"memry": 1}}),
        )


def test_stock_nbgrader_runs_nothing(course):
    """Should nbgrader come to its own converter by a way that nobody thought of."""
    config = load_config(course)
    assert nbgrader.converters.Autograde is SandboxedAutograde
    stock = SandboxedAutograde.__mro__[1](coursedir=course_directory(course), config=config)
    assert stock.sanitize_preprocessors == [RefuseToRun]
    assert stock.autograde_preprocessors == [RefuseToRun]
    with pytest.raises(NbGraderException):
        RefuseToRun().preprocess(None, {})
