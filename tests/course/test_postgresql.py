"""PostgreSQL as the gradebook: a real server gives the marks that SQLite gives."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course.release import course_directory
from autograder.course.run import Order, grade_assignment
from tests.attacks.submissions import ASSIGNMENT
from tests.course.small_class import assert_graded, make_course, what_is_left
from tests.needs import needs_bubblewrap, needs_postgresql

STUDENTS = 6

pytestmark = pytest.mark.xdist_group("course")


def as_somebody() -> tuple[list[str], int]:
    """How to run the server, which refuses to be root's, and who it is then."""
    if os.geteuid() != 0:
        return [], os.geteuid()
    names = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    return ["setpriv", f"--reuid={name}", "--clear-groups", "--"], names[name]


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of an empty database on a server of this test, which has a Unix socket only."""
    binaries = needs_postgresql()
    become, owner = as_somebody()
    # Not below pytest's own folder, which is closed to others; and a socket's path has to be short.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    os.chown(folder, owner, -1)
    data, log = folder / "data", folder / "log"

    def run(program: str, *options: str) -> None:
        command = [*become, str(binaries / program), *options]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        said = log.read_text() if log.exists() else ""
        assert done.returncode == 0, f"{program}: {done.stderr}{said}"

    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    place = ("-D", str(data))
    try:
        run("initdb", *place, "--auth=trust", "--username=course", "--encoding=UTF8", "--no-sync")
        # Its output must not go to a pipe of ours: the server would keep that open.
        run("pg_ctl", *place, "-w", "-l", str(log), "-o", settings, "start")
        try:
            run("createdb", "-h", str(folder), "-U", "course", "gradebook")
            yield f"postgresql+psycopg2://course@/gradebook?host={folder}"
        finally:
            run("pg_ctl", *place, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_same_marks_as_with_sqlite(server, tmp_path):
    needs_bubblewrap()
    course = make_course(tmp_path / "course", STUDENTS)
    (course / "secret.key").write_text("the same for both\n")
    here = tmp_path / "sqlite"
    shutil.copytree(course, here)
    grade_assignment(course_directory(here), Order(ASSIGNMENT, jobs=2))
    expected = what_is_left(here)
    assert_graded(expected, STUDENTS)

    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {server!r}\n")
    coursedir = course_directory(course)
    assert coursedir.db_url == server
    first = grade_assignment(coursedir, Order(ASSIGNMENT, jobs=2))
    assert not first.has_grader_errors
    assert what_is_left(course) == expected
    assert not (course / "gradebook.db").exists()

    # Nothing has changed: nothing is written, and nothing done a second time.
    again = grade_assignment(coursedir, Order(ASSIGNMENT, jobs=2))
    assert (again.graded, again.done) == (0, STUDENTS)
    # And over marks that are there already.
    grade_assignment(coursedir, Order(ASSIGNMENT, jobs=2, force=True))
    assert what_is_left(course) == expected
