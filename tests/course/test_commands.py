"""The commands say what is wrong in a line, and never with a traceback."""

import json
import os

import pytest

from autograder import cli
from autograder.course import adequacy as adequacy_module
from autograder.course import dry_run as dry_run_module
from autograder.course import release
from autograder.sandbox import SandboxUnavailable
from tests.course.course import (
    ASSIGNMENT,
    NOTEBOOK,
    cell_of,
    grade,
    hand_in,
    marks_of,
    solved,
    to_bytes,
    without,
)


@pytest.fixture
def here(course, monkeypatch):
    monkeypatch.chdir(course)
    return course


def run(capsys, *arguments):
    code = cli.main(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return code, said.out, said.err


def test_grade_says_what_came_out(here, graders, capsys):
    hand_in(here, "alice")
    hand_in(here, "bob\x1b[2J")
    hand_in(here, "carol", b"no notebook")
    code, out, err = run(capsys, "grade", ASSIGNMENT, "--jobs", "1")
    assert code == 0
    assert "2 submissions, 2 graded and 0 unchanged" in out
    assert "exercises: 2 passed, 2 failed" in out
    assert "bob\\x1b[2J" in out
    assert "carol" in out
    assert (out + err).replace("\n", "").isprintable()


def test_the_most_frequent_mistakes_are_counted(here, graders, capsys):
    for student in ("alice", "bob"):
        notebook = solved()
        cell = cell_of(notebook, "count_parameters")
        cell["source"] = cell["source"].replace("(n_in + 1)", "n_in")
        hand_in(here, student, notebook)
    hand_in(here, "carol")
    _, out, _ = run(capsys, "grade", ASSIGNMENT)
    assert "known mistakes, the most frequent of 2:\n    2 in count_parameters: " in out
    assert "_" not in out.split("in count_parameters: ")[1].split("\n")[0]


def test_a_release_that_marks_stand_against_keeps_what_was_released(here, graders):
    release.main()
    hand_in(here, "alice")
    grade(here)
    released = here / "exercises" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    before = released.read_bytes()
    source = here / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = json.loads(source.read_text())
    source.write_text(json.dumps(without(notebook, "check_xor_network")))
    with pytest.raises(SystemExit, match=r"make release: .*check_xor_network.*marks already"):
        release.main()
    assert released.read_bytes() == before


def test_a_grader_error_is_an_error(here, graders, unboxed, capsys):
    hand_in(here, "alice")
    unboxed.word = "grader error"
    code, out, _ = run(capsys, "grade", ASSIGNMENT)
    assert code == 1
    assert "2 grader error" in out


def test_unsafe_is_loud(here, graders, capsys):
    hand_in(here, "alice")
    _, _, err = run(capsys, "grade", ASSIGNMENT, "--unsafe")
    assert err.startswith("UNSAFE")
    assert graders.tasks[0].unsafe


def test_a_mistyped_assignment(here, capsys):
    for command in ("grade", "feedback"):
        code, out, err = run(capsys, command, "hiddenlayers")
        assert (code, out) == (1, "")
        assert "There are: hidden-layers" in err


def test_a_mistyped_student(here, graders, capsys):
    hand_in(here, "alice")
    code, _, err = run(capsys, "grade", ASSIGNMENT, "--student", "alcie")
    assert code == 1
    assert "Did you mean alice?" in err


def test_a_students_name_is_no_pattern(here, graders, capsys):
    for student in ("a", "b", "[ab]"):
        hand_in(here, student)
    run(capsys, "grade", ASSIGNMENT, "--student", "[ab]")
    assert {student for student, _ in marks_of(here)} == {"[ab]"}


def test_no_course_here(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "grade", ASSIGNMENT)
    assert code == 1
    assert "no course here" in err


def test_from_a_folder_below(here, graders, monkeypatch, capsys):
    hand_in(here, "alice")
    monkeypatch.chdir(here / "solutions" / ASSIGNMENT)
    assert run(capsys, "grade", ASSIGNMENT)[0] == 0
    assert (here / "autograded" / "alice").is_dir()


def test_no_scheduler_answers(here, capsys, monkeypatch):
    monkeypatch.setattr("autograder.course.executors.CONNECT_SECONDS", 0.5)
    hand_in(here, "alice")
    code, _, err = run(capsys, "grade", ASSIGNMENT, "--scheduler", "tcp://127.0.0.1:9")
    assert code == 1
    assert "no Dask scheduler answers" in err


@pytest.mark.parametrize(
    "arguments",
    [[], ["grade"], ["grad", "x"], ["grade", "x", "--jobs", "0"], ["export", "--format", "xls"]],
)
def test_mistakes_in_the_command_line(arguments, capsys):
    with pytest.raises(SystemExit) as exit:
        cli.main(arguments)
    assert exit.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_feedback_is_written_and_harmless(here, graders, capsys):
    notebook = solved()
    cell_of(notebook, "words")["source"] = "<script>alert(1)</script> ![x](attachment:x.png)"
    cell_of(notebook, "xor_network")["source"] = "raise ValueError('<script>alert(1)</script>')"
    hand_in(here, "alice", notebook)
    assert "run `autograder grade" in run(capsys, "feedback", ASSIGNMENT)[2]
    grade(here)
    code, out, _ = run(capsys, "feedback", ASSIGNMENT)
    assert (code, out) == (0, "feedback for 1 student is in feedback/\n")
    page = (here / "feedback" / "alice" / ASSIGNMENT / f"{NOTEBOOK}.html").read_text()
    assert "<script>alert" not in page
    assert "alert(1)" in page
    assert "count_parameters" in page


def test_feedback_hides_rubrics_and_survives_half_a_mark_of_one(here, graders, capsys):
    path = here / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    source = json.loads(path.read_text())
    rubric = "Is it linear?\n### BEGIN MARK SCHEME\n1 point: no.\n### END MARK SCHEME"
    cell_of(source, "question")["source"] = rubric
    path.write_text(json.dumps(source))
    notebook = solved()
    cell_of(notebook, "words")["source"] = "### BEGIN MARK SCHEME\nhello"
    hand_in(here, "alice", notebook)
    grade(here)
    assert "1 point" in next((here / "autograded").rglob("*.ipynb")).read_text()
    assert run(capsys, "feedback", ASSIGNMENT)[0] == 0
    page = next((here / "feedback").rglob("*.html")).read_text()
    assert "1 point" not in page
    assert "hello" in page


def test_export_goes_to_the_terminal_or_a_file(here, graders, capsys):
    hand_in(here, "alice")
    grade(here)
    code, out, err = run(capsys, "export", "--format", "moodle")
    assert code == 0
    assert out.startswith('"Username"')
    assert "1 answer still waits" in err
    run(capsys, "export", "--format", "moodle", "--to", "grades.csv")
    assert (here / "grades.csv").read_text() == out
    code, _, err = run(capsys, "export", "--to", "nowhere/grades.csv")
    assert code == 1
    assert "can't write nowhere/grades.csv: No such file" in err


def test_adequacy_prints_a_table(capsys):
    code, out, _ = run(capsys, "adequacy", "numpy/count_parameters")
    assert code == 0
    assert "hidden-layers/numpy/count_parameters" in out
    assert "nothing to put right" in out


def test_adequacy_fails_when_a_mistake_passes(capsys, monkeypatch):
    answer = adequacy_module.load_answer("hidden-layers/numpy/count_parameters")
    mistake = answer.mistakes[0]
    right = type(mistake)("not_wrong_at_all", "", answer.plain)
    monkeypatch.setattr(answer, "mistakes", [*answer.mistakes, right])
    monkeypatch.setattr(answer, "variants", {**answer.variants, "wrong": mistake.functions})
    code, out, _ = run(capsys, "adequacy", "numpy/count_parameters")
    assert code == 1
    assert "SURVIVES: not_wrong_at_all" in out
    assert "REJECTED: wrong" in out


def test_adequacy_of_nothing(capsys):
    assert run(capsys, "adequacy", "no_such_thing")[0] == 1


def test_check_runs_the_visible_cases(here, unboxed, capsys, monkeypatch):
    monkeypatch.setattr(dry_run_module, "Worker", unboxed)
    path = here / "numpy.ipynb"
    path.write_bytes(to_bytes(solved()))
    code, out, _ = run(capsys, "check", str(path))
    assert code == 0
    assert "2 of 2 exercises pass" in out
    path.write_bytes(to_bytes(without(solved(), "xor_network")))
    code, out, _ = run(capsys, "check", str(path))
    assert code == 1
    assert "1 of 2 exercises pass" in out
    assert "xor_network is not defined" in out


def test_check_says_when_there_is_no_sandbox(here, unboxed, capsys, monkeypatch):
    class NoSandbox(unboxed):
        def __init__(self, track, limits, unsafe=False):
            self.unsafe = unsafe

        def __enter__(self):
            if not self.unsafe:
                raise SandboxUnavailable("get bubblewrap")
            return self

    monkeypatch.setattr(dry_run_module, "Worker", NoSandbox)
    (here / "numpy.ipynb").write_bytes(to_bytes(solved()))
    code, _, err = run(capsys, "check", "numpy.ipynb")
    assert code == 0
    assert "get bubblewrap" in err
    assert "with your rights" in err


def test_check_of_what_is_no_notebook(here, capsys):
    (here / "empty.ipynb").write_text(json.dumps({"cells": []}))
    (here / "link.ipynb").symlink_to("empty.ipynb")
    os.mkfifo(here / "pipe.ipynb")
    for name, why in (
        ("nothing.ipynb", "no file"),
        ("link.ipynb", "symbolic link"),
        ("pipe.ipynb", "not a regular file"),
        ("empty.ipynb", "no check"),
        ("nbgrader_config.py", "not a notebook"),
    ):
        code, _, err = run(capsys, "check", name)
        assert code == 1
        assert why in err


def test_doctor_says_what_there_is(capsys, monkeypatch):
    monkeypatch.setattr("autograder.course.doctor.sandbox_status", list)
    code, out, _ = run(capsys, "doctor")
    assert code == 0
    assert "✓ nbgrader: 0.9.6" in out


def test_doctor_says_what_is_missing(capsys, monkeypatch):
    from autograder.sandbox import Ability

    missing = Ability("bubblewrap", False, True, "apt install bubblewrap")
    monkeypatch.setattr("autograder.course.doctor.sandbox_status", lambda: [missing])
    code, out, _ = run(capsys, "doctor")
    assert code == 1
    assert "✗ bubblewrap: apt install bubblewrap" in out
