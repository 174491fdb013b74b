"""A small class in the real sandbox, by real processes: the same marks whoever grades, and after
whatever dies in between."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.course.course import (
    ASSIGNMENT,
    POINTS,
    cell_of,
    grade,
    hand_in,
    marks_of,
    solved,
    without,
)
from tests.needs import needs_bubblewrap

WAIT = 300  # seconds, for what takes a few; only what hangs takes longer
PACKAGE = Path(__file__).parents[2]
LIMITS = "\nc.SandboxedAutograde.limits = {'exercise_cpu': 2.0, 'exercise_wall': 30.0}\n"
RIGHT = [f"student-{number}" for number in range(6)]

pytestmark = pytest.mark.xdist_group("processes")


def edited(name, source):
    notebook = solved()
    cell_of(notebook, name)["source"] = source
    return notebook


@pytest.fixture(scope="module")
def class_(registered, tmp_path_factory):
    """A course with right, wrong and hostile submissions, not graded yet."""
    needs_bubblewrap()
    course = shutil.copytree(registered, tmp_path_factory.mktemp("class") / "course")
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + LIMITS)
    (course / "secret.key").write_text("the same for every copy")
    for student in RIGHT:
        hand_in(course, student)
    hand_in(course, "missing", without(solved(), "xor_network"))
    hand_in(course, "endless", edited("xor_network", "def xor_network():\n    while True: pass"))
    exits = "import os\n\ndef count_parameters(layer_sizes):\n    os._exit(0)"
    hand_in(course, "exits", edited("count_parameters", exits))
    hand_in(course, "broken", b"no notebook")
    return course


@pytest.fixture
def again(class_, tmp_path):
    """A copy to be graded."""
    return shutil.copytree(class_, tmp_path / "course")


def start(course, *arguments, module="autograder"):
    environment = os.environ | {
        "PYTHONPATH": str(PACKAGE),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "OMP_NUM_THREADS": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=course,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def finish(process):
    said, _ = process.communicate(timeout=WAIT)
    assert process.returncode == 0, said
    return said


def results_of(course):
    """Marks and everything else that is known of them, but the seconds that were used."""
    said = {}
    for path in sorted((course / "autograded").rglob("*.ipynb")):
        cells = json.loads(path.read_text())["cells"]
        said[str(path.relative_to(course))] = [
            cell.get("outputs") for cell in cells if cell["metadata"].get("nbgrader")
        ]
    return marks_of(course), said


@pytest.fixture(scope="module")
def expected(class_, tmp_path_factory):
    """What one job on this machine makes of the class."""
    course = shutil.copytree(class_, tmp_path_factory.mktemp("expected") / "course")
    said = finish(start(course, "grade", ASSIGNMENT, "--jobs", "1"))
    return results_of(course), said


def test_everybody_gets_what_is_due(expected):
    (marks, _), said = expected
    points = {key: mark[0] for key, mark in marks.items()}
    for student in RIGHT:
        assert {name: points[student, name] for name in POINTS} == POINTS
    assert points["missing", "check_xor_network"] == 0
    assert points["endless", "check_xor_network"] == 0
    assert points["endless", "check_count_parameters"] == 2
    assert points["exits", "check_count_parameters"] == 0
    assert points["exits", "check_xor_network"] == 3
    assert points["broken", "check_xor_network"] == 0
    assert "xor_network timed out" in said
    assert "count_parameters crashed" in said
    assert "10 submissions, 10 graded" in said


def test_two_jobs(again, expected):
    finish(start(again, "grade", ASSIGNMENT, "--jobs", "2"))
    assert results_of(again) == expected[0]
    assert "0 graded and 10 unchanged" in finish(start(again, "grade", ASSIGNMENT, "--jobs", "1"))


def test_a_job_and_its_sandbox_keep_to_a_core(again):
    cores = os.sched_getaffinity(0)
    looks = "import os\nprint(*os.sched_getaffinity(0))\nxor_network = None"
    hand_in(again, RIGHT[0], edited("xor_network", looks))
    finish(start(again, "grade", ASSIGNMENT, "--jobs", str(len(cores)), "--student", RIGHT[0]))
    graded = json.loads((again / "autograded" / RIGHT[0] / ASSIGNMENT / "numpy.ipynb").read_text())
    said = "".join(cell_of(graded, "xor_network")["outputs"][0]["text"])
    (core,) = map(int, said.split())
    assert core in cores


def test_nbgraders_own_command(again, expected):
    finish(start(again, "autograde", ASSIGNMENT, module="nbgrader"))
    assert results_of(again) == expected[0]


def wait_for_files(course, number, process):
    deadline = time.monotonic() + WAIT
    while len(list((course / "autograded").rglob("*.ipynb"))) < number:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def descendants_of(process):
    """All processes that it started, and that these started."""
    return [other.pid for other in psutil.Process(process.pid).children(recursive=True)]


def wait_until_gone(numbers):
    deadline = time.monotonic() + WAIT
    while any(Path(f"/proc/{number}").exists() for number in numbers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_killed_twenty_times_and_run_again(again, expected):
    """Each run is killed a moment after it has written one file more than there were, or none."""
    moments = random.Random(1)
    for kill in range(20):
        written = len(list((again / "autograded").rglob("*.ipynb")))
        process = start(again, "grade", ASSIGNMENT, "--jobs", "2")
        if kill % 2 and written < 10:
            wait_for_files(again, written + 1, process)
        # Else while it starts, reads, or starts its own processes.
        time.sleep(moments.uniform(0, 0.1 if kill % 2 else 2))
        children = descendants_of(process)
        process.kill()
        process.communicate()
        wait_until_gone(children)
    finish(start(again, "grade", ASSIGNMENT, "--jobs", "2"))
    assert results_of(again) == expected[0]
    database = sqlite3.connect(again / "gradebook.db")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_killed_and_gone_on_from_there(again, expected):
    process = start(again, "grade", ASSIGNMENT, "--jobs", "2")
    wait_for_files(again, 6, process)
    process.kill()
    process.communicate()
    said = finish(start(again, "grade", ASSIGNMENT, "--jobs", "2"))
    assert results_of(again) == expected[0]
    assert "10 submissions, 10 graded" not in said


def test_interrupted_and_run_again(again, expected):
    process = start(again, "grade", ASSIGNMENT, "--jobs", "2")
    wait_for_files(again, 2, process)
    children = descendants_of(process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all of them
    said, _ = process.communicate(timeout=WAIT)
    assert process.returncode == 130
    assert "goes on from there" in said
    assert "Traceback" not in said
    wait_until_gone(children)
    finish(start(again, "grade", ASSIGNMENT, "--jobs", "2"))
    assert results_of(again) == expected[0]


def is_forked_from(parent):
    return parent is not None and "multiprocessing.forkserver" in " ".join(parent.cmdline())


WHO_DIES = {
    "a job": lambda process: is_forked_from(process.parent()),
    "what jobs are forked from": is_forked_from,
    "the box": lambda process: process.name() == "bwrap",
}


@pytest.mark.parametrize("who", WHO_DIES)
def test_what_dies_is_replaced(again, expected, who):
    process = start(again, "grade", ASSIGNMENT, "--jobs", "2")
    wait_for_files(again, 1, process)
    for other in psutil.Process(process.pid).children(recursive=True):
        if WHO_DIES[who](other):
            other.kill()
            break
    else:
        pytest.fail(f"there is nothing that would be {who}")
    finish(process)
    assert results_of(again) == expected[0]


def test_nothing_stays_behind(again):
    """Also where the program goes on, as formgrader's server does."""
    before = psutil.Process().children(recursive=True)
    grade(again, jobs=2)
    new = set(psutil.Process().children(recursive=True)) - set(before)
    assert [each for each in new if "resource_tracker" not in " ".join(each.cmdline())] == []


@pytest.fixture
def cluster(tmp_path):
    """A Dask scheduler on the loopback interface with two workers: its address, and they."""
    file = tmp_path / "scheduler.json"
    options = ("--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    dask = "distributed.cli.dask_"
    scheduler = start(tmp_path, "--host", "127.0.0.1", *options, module=f"{dask}scheduler")
    deadline = time.monotonic() + WAIT
    while not file.exists() or not file.read_text().rstrip().endswith("}"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    address = json.loads(file.read_text())["address"]
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    workers = [start(tmp_path, address, *options, module=f"{dask}worker") for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.communicate()


def wait_for_workers(address, number):
    from distributed import Client

    with Client(address, timeout=WAIT) as client:
        client.wait_for_workers(number, timeout=WAIT)


def test_a_dask_cluster(again, expected, cluster):
    address, _ = cluster
    wait_for_workers(address, 2)
    finish(start(again, "grade", ASSIGNMENT, "--scheduler", address))
    assert results_of(again) == expected[0]


def test_a_dask_worker_that_dies(again, expected, cluster):
    address, workers = cluster
    wait_for_workers(address, 2)
    process = start(again, "grade", ASSIGNMENT, "--scheduler", address)
    wait_for_files(again, 2, process)
    workers[0].kill()
    finish(process)
    assert results_of(again) == expected[0]
