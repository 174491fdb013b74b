"""Nothing lost and nothing twice: what is graded, skipped, replaced, and what the summary says."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import threading
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import nbgrader.api as nb
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from autograder.course import marks as marks_module
from autograder.course import run as run_module
from autograder.course.blank import CourseError
from autograder.course.marks import Marks
from autograder.course.release import course_directory
from autograder.course.submissions import parse_timestamp
from autograder.sandbox import SandboxUnavailable
from tests.course.course import (
    ASSIGNMENT,
    NOTEBOOK,
    POINTS,
    cell_of,
    folder_of,
    grade,
    hand_in,
    marks_of,
    new_code,
    points_of,
    solved,
    without,
)

FULL = POINTS | {"words": None}
NOTHING = dict.fromkeys(FULL, 0.0)


def graded_file(course, student):
    return course / "autograded" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"


def said(summary):
    return dict(summary.people)


def gradebook(course):
    coursedir = course_directory(course)
    return nb.Gradebook(coursedir.db_url, coursedir.course_id)


def give_points(course, student, cell, points):
    """As formgrader does when a person types points."""
    with gradebook(course) as book:
        grade = book.find_grade(cell, NOTEBOOK, ASSIGNMENT, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


def test_a_class_is_graded(course, graders):
    hand_in(course, "alice")
    hand_in(course, "bob", without(solved(), "xor_network"))
    summary = grade(course)
    assert points_of(course, "alice") == FULL
    assert points_of(course, "bob") == FULL | {"check_xor_network": 0.0}
    assert (summary.done, summary.graded, summary.by_hand) == (2, 2, 2)
    assert summary.outcomes == {"passed": 3, "failed": 1}
    assert said(summary) == {"bob": "numpy: missing cells: xor_network"}
    assert marks_of(course)["alice", "words"] == (None, None, True)
    assert graded_file(course, "alice").stat().st_mode & 0o777 == 0o444


def test_what_has_not_changed_is_skipped(course, graders):
    hand_in(course, "alice")
    hand_in(course, "bob", b"no notebook")
    first = grade(course)
    before = marks_of(course), graded_file(course, "alice").stat().st_mtime_ns
    graders.tasks.clear()
    again = grade(course)
    assert graders.tasks == []
    assert again.graded == 0
    assert (again.people, again.outcomes, again.by_hand) == (
        first.people,
        first.outcomes,
        first.by_hand,
    )
    assert before == (marks_of(course), graded_file(course, "alice").stat().st_mtime_ns)
    assert grade(course, force=True).graded == 2
    assert marks_of(course) == before[0]


def test_only_what_changed_is_graded(course, graders):
    for student in ("alice", "bob", "carol"):
        hand_in(course, student)
    grade(course)
    graders.tasks.clear()
    hand_in(course, "bob", without(solved(), "count_parameters"))
    assert grade(course).graded == 1
    assert len(graders.tasks) == 1
    assert points_of(course, "bob") == FULL | {"check_count_parameters": 0.0}


@pytest.mark.parametrize("what", ["source", "secret", "limits", "engine", "unsafe", "file"])
def test_whatever_marks_depend_on_makes_them_new(what, course, graders, monkeypatch):
    hand_in(course, "alice")
    grade(course)
    changes = {}
    if what == "source":
        path = course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
        path.write_text(path.read_text().replace("A small notebook", "A small one"))
    elif what == "secret":
        (course / "secret.key").write_text("another")
    elif what == "limits":
        changes["limits"] = run_module.Limits(memory=2**30)
    elif what == "engine":
        monkeypatch.setattr("autograder.course.engine.engine_version", lambda: "another")
        monkeypatch.setattr("autograder.course.grade.engine_version", lambda: "another")
        graders.grade = lambda task: run_module.without_marks(task, "")
    elif what == "unsafe":
        changes["unsafe"] = True
    else:
        graded_file(course, "alice").unlink()
    assert grade(course, **changes).graded == 1


@pytest.mark.parametrize("word", ["grader error", "timed out"])
def test_what_may_end_otherwise_is_graded_again(word, course, graders, unboxed):
    hand_in(course, "alice")
    unboxed.word, unboxed.wall_clock = word, True
    assert word in said(grade(course))["alice"]
    unboxed.word = None
    assert grade(course).graded == 1
    assert points_of(course, "alice") == FULL
    assert marks_of(course)["alice", "check_xor_network"] == (3.0, None, False)


def test_a_grader_error_leaves_no_older_mark_unseen(course, graders, unboxed):
    hand_in(course, "alice")
    grade(course)
    unboxed.word = "grader error"
    summary = grade(course, force=True)
    assert summary.has_grader_errors
    assert marks_of(course)["alice", "check_xor_network"] == (None, None, True)


def test_a_resubmission_replaces_everything(course, graders):
    hand_in(course, "alice")
    grade(course)
    hand_in(course, "alice", {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    grade(course)
    assert points_of(course, "alice") == NOTHING
    hand_in(course, "alice").unlink()
    summary = grade(course)
    assert points_of(course, "alice") == NOTHING
    assert not graded_file(course, "alice").exists()
    assert "no notebook" in said(summary)["alice"]
    hand_in(course, "alice")
    grade(course)
    assert points_of(course, "alice") == FULL


def test_points_by_hand_stay_with_what_they_were_given_for(course, graders):
    hand_in(course, "alice")
    grade(course)
    give_points(course, "alice", "words", 3.5)
    give_points(course, "alice", "check_xor_network", 1.0)
    grade(course, force=True)
    assert marks_of(course)["alice", "words"] == (None, 3.5, False)
    assert marks_of(course)["alice", "check_xor_network"] == (3.0, 1.0, False)

    changed_code = without(solved(), "count_parameters")
    hand_in(course, "alice", changed_code)
    summary = grade(course)
    assert marks_of(course)["alice", "words"] == (None, 3.5, False)
    assert marks_of(course)["alice", "check_xor_network"] == (3.0, None, True)
    assert "by hand were for an earlier version: check_xor_network" in said(summary)["alice"]

    cell_of(changed_code, "words")["source"] = "Another answer."
    hand_in(course, "alice", changed_code)
    grade(course)
    assert marks_of(course)["alice", "words"] == (None, None, True)


def test_a_flag_stays_until_a_person_takes_it_away(course, graders):
    hand_in(course, "alice")
    grade(course)
    give_points(course, "alice", "check_xor_network", 1.0)
    hand_in(course, "alice", without(solved(), "count_parameters"))
    grade(course)
    grade(course, force=True)
    assert marks_of(course)["alice", "check_xor_network"] == (3.0, None, True)


def test_comments_say_where_nothing_was_written(course, graders):
    hand_in(course, "alice", without(solved(), "xor_network"))
    grade(course)
    with gradebook(course) as book:
        comments = {
            name: book.find_comment(name, NOTEBOOK, ASSIGNMENT, "alice").auto_comment
            for name in ("xor_network", "count_parameters", "words")
        }
    assert comments == {"xor_network": "No response.", "count_parameters": None, "words": None}


def link_to_the_gradebook(course, path):
    path.symlink_to(course / "gradebook.db")


def link_to_a_neighbor(course, path):
    path.symlink_to(folder_of(course, "alice") / f"{NOTEBOOK}.ipynb")


def pipe(course, path):
    os.mkfifo(path)


def large(course, path):
    with path.open("wb") as file:
        file.truncate(50 * 2**20)


def folder(course, path):
    path.mkdir()


@pytest.mark.parametrize(
    "make",
    [link_to_the_gradebook, link_to_a_neighbor, pipe, large, folder],
    ids=lambda f: f.__name__,
)
def test_what_is_no_plain_file_gets_a_line_and_no_points(make, course, graders):
    hand_in(course, "alice")
    path = hand_in(course, "eve")
    path.unlink()
    make(course, path)
    summary = grade(course)
    assert said(summary).keys() == {"eve"}
    assert "the file " in said(summary)["eve"]
    assert points_of(course, "eve") == NOTHING
    assert points_of(course, "alice") == FULL
    assert "it stays linear" not in graded_file(course, "eve").read_text()


def test_links_in_place_of_folders_are_not_followed(course, graders):
    hand_in(course, "alice")
    (course / "submitted" / "eve").symlink_to(course / "submitted" / "alice")
    (course / "submitted" / "mallory").mkdir()
    folder_of(course, "mallory").symlink_to(folder_of(course, "alice"))
    summary = grade(course)
    assert said(summary).keys() == {"eve", "mallory"}
    assert points_of(course, "mallory") == NOTHING
    assert points_of(course, "eve") == {}


def test_nothing_beside_a_notebook_comes_along(course, graders):
    folder = hand_in(course, "alice").parent
    (folder / "numpy.py").write_text("evil")
    (folder / "sitecustomize.py").write_text("evil")
    (folder / "link").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    (folder / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    grade(course)
    kept = {path.name for path in graded_file(course, "alice").parent.iterdir()}
    assert kept == {f"{NOTEBOOK}.ipynb", "timestamp.txt"}


def test_what_an_earlier_run_left_behind_goes(course, graders):
    hand_in(course, "alice")
    old = graded_file(course, "alice").parent
    old.mkdir(parents=True)
    (old / "evil.py").write_text("evil")
    (old / f".{NOTEBOOK}.ipynb.4711").write_text("half a notebook")
    (old / "folder").mkdir()
    grade(course)
    assert [path.name for path in old.iterdir()] == [f"{NOTEBOOK}.ipynb"]


def test_a_notebook_with_another_name_is_pointed_out(course, graders):
    path = hand_in(course, "alice")
    path.rename(path.with_name("numpy (1)\x1b[2J.ipynb"))
    line = said(grade(course))["alice"]
    assert "numpy (1)\\x1b[2J.ipynb" in line
    assert points_of(course, "alice") == NOTHING


@pytest.mark.parametrize("name", ["x" * 200, "a\nb", "a\x1b[2J", "\u202eevil"])
def test_folders_that_no_student_can_have(name, course, graders):
    hand_in(course, "alice")
    hand_in(course, name)
    summary = grade(course)
    assert summary.done == 1
    assert len(summary.people) == 1
    assert "\n".join(summary.lines()).replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "name", ["Zoë Müller", "a'b", 'a"b', "a;b", "[a]*", "=1+1", "<b>", "%s{x}"]
)
def test_odd_names_are_names(name, course, graders):
    hand_in(course, name)
    grade(course)
    assert points_of(course, name) == FULL
    assert grade(course).graded == 0


def test_one_student_alone(course, graders):
    hand_in(course, "alice")
    hand_in(course, "bob")
    assert grade(course, students="bob").done == 1
    with pytest.raises(CourseError, match="Did you mean alice"):
        grade(course, students="alicia")
    with pytest.raises(CourseError, match="nothing is handed in"):
        grade_other(course)


def grade_other(course):
    for path in (course / "submitted").rglob("*.ipynb"):
        path.unlink()
    for path in (course / "submitted").iterdir():
        (path / ASSIGNMENT).rmdir()
    return grade(course)


def test_an_assignment_with_another_name(course, graders):
    with pytest.raises(
        CourseError, match=r"Did you mean hidden-layers\?.*There are: hidden-layers"
    ):
        run_module.grade_assignment(course_directory(course), run_module.Order("hiden-layer"))


def test_times_are_the_students_word(course, graders):
    timestamp = hand_in(course, "alice").with_name("timestamp.txt")
    for content in ("2026-01-02 03:04:05 UTC", "yesterday-ish", "2999-01-01 00:00:00 UTC", ""):
        timestamp.write_text(content)
        summary = grade(course)
        with gradebook(course) as book:
            recorded = book.find_submission(ASSIGNMENT, "alice").timestamp
        if content.startswith("2026"):
            assert str(recorded) == "2026-01-02 03:04:05"
            assert not summary.people
        else:
            assert recorded is None
            assert "timestamp.txt" in said(summary)["alice"]
    assert len(graders.tasks) == 1  # the notebook was graded once


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"now",
        b"9" * 500,
        b"2026-13-01",
        b"0000-00-00",
        b"1e999",
        b"2999-01-01",
        b"\x00",
    ],
)
def test_times_that_are_none(content):
    with pytest.raises(ValueError, match=r"can't be read|future"):
        parse_timestamp(content)


def test_a_late_submission_gets_nbgraders_penalty(course, graders):
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    path = hand_in(course, "alice").with_name("timestamp.txt")
    path.write_text("2026-01-02 03:04:05 UTC")
    grade(course)

    def penalty(student="alice"):
        with gradebook(course) as book:
            return book.find_submission_notebook(
                NOTEBOOK, ASSIGNMENT, student
            ).late_submission_penalty

    assert penalty() is None
    with gradebook(course) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate="2026-01-01 00:00:00 UTC")
    graders.tasks.clear()
    grade(course)
    assert penalty() == sum(POINTS.values())
    hand_in(course, "bob").with_name("timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    grade(course)
    assert penalty("bob") == sum(POINTS.values())
    graders.tasks.clear()
    with gradebook(course) as book:
        book.grant_extension(ASSIGNMENT, "alice", weeks=1)
    grade(course)
    assert penalty() is None
    assert graders.tasks == []


def test_marks_that_nbgrader_removed_are_made_again(course, graders):
    hand_in(course, "alice")
    grade(course)
    with gradebook(course) as book:
        book.remove_submission(ASSIGNMENT, "alice")
    assert grade(course).graded == 1
    assert points_of(course, "alice") == FULL


def change_source(course, change):
    path = course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = json.loads(path.read_text())
    change(notebook)
    path.write_text(json.dumps(notebook))


def test_other_points_in_the_source_are_registered(course, graders):
    hand_in(course, "alice")
    grade(course)

    def change(notebook):
        cell_of(notebook, "check_xor_network")["metadata"]["nbgrader"]["points"] = 30

    change_source(course, change)
    grade(course)
    assert points_of(course, "alice") == FULL | {"check_xor_network": 30.0}


def test_other_cells_in_the_source_need_a_decision(course, graders):
    hand_in(course, "alice")
    grade(course)
    change_source(course, lambda notebook: without(notebook, "xor_network", "check_xor_network"))
    with pytest.raises(CourseError, match=r"check_xor_network.*nbgrader db assignment remove"):
        grade(course)
    assert points_of(course, "alice") == FULL


def test_killed_between_files_and_marks(course, graders, monkeypatch):
    """Wherever a run is killed, the next one ends as if nothing had happened."""
    hand_in(course, "alice")
    hand_in(course, "bob")
    grade(course, students="alice")
    before = marks_of(course)

    class Killed(BaseException):
        pass

    def kill(*_):
        raise Killed

    for place in ("_write_grades", "_write_comments", "details_of"):
        hand_in(course, "alice", without(solved(), "xor_network"))
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(marks_module, place, kill)
            grade(course)
        assert marks_of(course) == before
    grade(course)
    assert points_of(course, "alice") == FULL | {"check_xor_network": 0.0}
    assert points_of(course, "bob") == FULL


def files_of(course):
    return {
        path.relative_to(course): path.read_bytes()
        for path in (course / "autograded").rglob("*.ipynb")
    }


def test_killed_at_random_moments(course, graders):
    for number in range(4):
        hand_in(course, f"student-{number}", without(solved(), "xor_network") if number else None)
    began = time.monotonic()
    grade(course)
    seconds = time.monotonic() - began
    expected = marks_of(course), files_of(course)
    moments = random.Random(1)
    for _ in range(20):
        process = os.fork()
        if process == 0:
            with contextlib.suppress(BaseException):
                grade(course, force=True)
            os._exit(0)
        time.sleep(moments.uniform(0, seconds))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    grade(course)
    assert (marks_of(course), files_of(course)) == expected
    database = sqlite3.connect(course / "gradebook.db")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_half_a_file_is_never_there(course, graders, monkeypatch):
    hand_in(course, "alice")
    grade(course)
    whole = graded_file(course, "alice").read_bytes()
    hand_in(course, "alice", without(solved(), "xor_network"))

    def kill(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", kill)
        assert grade(course).interrupted
    assert graded_file(course, "alice").read_bytes() == whole
    assert points_of(course, "alice") == FULL
    grade(course)
    assert graded_file(course, "alice").read_bytes() != whole


def test_an_interrupt_stops_and_the_next_run_goes_on(course, graders):
    for number in range(6):
        hand_in(course, f"student-{number}")
    done = []

    def progress(*counts):
        done.append(counts)
        if counts[0] == 3:
            raise KeyboardInterrupt

    coursedir = course_directory(course)
    summary = run_module.grade_assignment(coursedir, run_module.Order(ASSIGNMENT), progress)
    assert summary.interrupted
    assert "goes on from there" in list(summary.lines())[-1]
    assert [counts[:2] for counts in done] == [(0, 6), (1, 6), (2, 6), (3, 6)]
    # A first guess of the time left comes with the second one, and leaves the start out.
    assert [counts[2] is None for counts in done] == [True, True, False, False]
    assert 0 < done[-1][2] < summary.seconds * 3
    graders.tasks.clear()
    assert grade(course).graded == 3
    assert all(points_of(course, f"student-{number}") == FULL for number in range(6))


def test_a_lost_process_is_tried_again_and_then_a_grader_error(course, graders):
    hand_in(course, "alice")
    hand_in(course, "bob", solved() | {"metadata": {"unlucky": True}})
    lost = []

    def grade_or_die(task):
        if b"unlucky" in task.submission:
            lost.append(task)
            raise BrokenProcessPool
        return original(task)

    original, graders.grade = graders.grade, grade_or_die
    summary = grade(course)
    assert len(lost) == run_module.ATTEMPTS
    assert points_of(course, "alice") == FULL
    assert points_of(course, "bob") == dict.fromkeys(FULL)
    assert "grader error" in said(summary)["bob"]
    graders.grade = original
    grade(course)
    assert points_of(course, "bob") == FULL


def test_without_a_sandbox_nothing_is_graded(course, graders):
    hand_in(course, "alice")

    def grade_nothing(task):
        raise SandboxUnavailable("get bubblewrap")

    graders.grade = grade_nothing
    with pytest.raises(CourseError, match="get bubblewrap"):
        grade(course)
    assert marks_of(course) == {}


def test_a_busy_gradebook_is_waited_for(course, graders):
    hand_in(course, "alice")
    grade(course)
    hand_in(course, "alice", without(solved(), "xor_network"))
    other = sqlite3.connect(course / "gradebook.db", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def release():
        time.sleep(0.5)
        other.execute("COMMIT")

    thread = threading.Thread(target=release)
    thread.start()
    try:
        grade(course)
    finally:
        thread.join()
        other.close()
    assert points_of(course, "alice") == FULL | {"check_xor_network": 0.0}


def test_a_transaction_that_fails_is_tried_again(course, graders, monkeypatch):
    hand_in(course, "alice")
    grade(course)
    failures = [OperationalError("x", {}, Exception("database is locked"))] * 2
    real = Marks._record

    def record(self, *arguments):
        result = real(self, *arguments)
        if failures:
            raise failures.pop()
        return result

    monkeypatch.setattr(Marks, "_record", record)
    monkeypatch.setattr(marks_module.time, "sleep", lambda _: None)
    hand_in(course, "alice", without(solved(), "xor_network"))
    grade(course)
    assert not failures
    assert points_of(course, "alice") == FULL | {"check_xor_network": 0.0}


def test_one_transaction_a_submission(course, graders, monkeypatch):
    hand_in(course, "alice")
    hand_in(course, "bob")
    commits = []
    real = Marks.__enter__

    def enter(self):
        marks = real(self)
        event.listen(marks._gradebook.engine, "commit", commits.append)
        return marks

    monkeypatch.setattr(Marks, "__enter__", enter)
    grade(course)
    assert len(commits) == 2


def test_our_table_stands_beside_nbgraders(course, graders):
    hand_in(course, "alice")
    grade(course)
    with gradebook(course) as book:
        rows = book.db.execute(text("SELECT key, details FROM autograder_result")).all()
    assert len(rows) == 1
    assert len(rows[0][0]) == 64
    secret = (course / "secret.key").read_text().strip()
    assert secret not in str(rows)
    assert secret not in graded_file(course, "alice").read_text()


def test_helpers_between_exercises_run(course, graders):
    notebook = solved()
    cell = cell_of(notebook, "count_parameters")
    cell["source"] = "def count_parameters(sizes): return total(sizes)"
    at = notebook["cells"].index(cell)
    helper = "def total(n): return sum((a + 1) * b for a, b in zip(n, n[1:]))"
    notebook["cells"].insert(at, new_code(helper))
    hand_in(course, "alice", notebook)
    grade(course)
    assert points_of(course, "alice") == FULL


def test_futures_that_are_cancelled_are_tried_again(course, graders):
    hand_in(course, "alice")
    real, cancelled = graders.submit, []

    def submit(task):
        if cancelled:
            return real(task)
        cancelled.append(Future())
        cancelled[0].cancel()
        cancelled[0].set_running_or_notify_cancel()
        return cancelled[0]

    graders.submit = submit
    grade(course)
    assert points_of(course, "alice") == FULL
