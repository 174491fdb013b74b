"""One warm process for several workers: notebooks at the same time in one box, each by itself."""

import os
import threading

import psutil
import pytest

from autograder.sandbox import CodeCell, Job, WarmProcess, Worker
from tests.needs import needs_bubblewrap
from tests.sandbox.conftest import HONEST, LIMITS, dense_check, is_right, text_of

CHECK = dense_check("c")


@pytest.fixture
def warm():
    needs_bubblewrap()
    process = WarmProcess("numpy", LIMITS, boxed=True)
    yield process
    process.end()


def run_at_once(warm, *sources):
    """The results of these cells, each in front of a check, all running at the same time."""
    results = {}

    def run(number, source):
        with Worker("numpy", LIMITS, address=warm.address) as worker:
            all_there.wait(60)
            cells = [CodeCell("h", HONEST), CodeCell("a", source), CHECK]
            results[number] = worker.run(Job("numpy", cells))

    all_there = threading.Barrier(len(sources))
    threads = [threading.Thread(target=run, args=each) for each in enumerate(sources)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(sources))]


def test_each_is_charged_for_its_own(warm):
    """Two that have most of what one may have, at the same time."""
    assert LIMITS.processes < 2 * 6
    assert LIMITS.memory < 2 * 90 * 2**20
    fill = (
        "import os, time\n"
        "kept = bytearray(b'x') * (90 * 2**20)\n"
        "children = [os.fork() for _ in range(1)]\n"
        "if 0 in children: time.sleep(60)\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0: time.sleep(60)\n"
        "time.sleep(1.0)\n"
    )
    for result in run_at_once(warm, fill, fill, "print(1)"):
        assert not result.stopped, result.stopped
        assert is_right(result, CHECK)


def test_one_that_is_stopped_stops_nobody_else(warm):
    bomb = "x = []\nwhile True: x.append(bytearray(10**6))"
    ends = "import os, signal\ntry: os.kill(-1, signal.SIGKILL)\nfinally: os._exit(0)"
    slow = "import time\ntime.sleep(2.0)\nprint('still here')"
    bombed, ended, honest = run_at_once(warm, bomb, ends, slow)
    assert bombed.stopped["a"].word == "out of memory"
    assert ended.stopped["a"].word == "crashed"
    assert text_of(honest, "a") == "still here\n"
    assert honest.runs == 1
    assert is_right(honest, CHECK)


def test_they_see_nothing_of_each_other(warm):
    leave = "import os, time\nopen('/tmp/note', 'w').write('answers')\ntime.sleep(1.0)\n"
    look = "import os, time\ntime.sleep(0.5)\nprint(os.listdir('/tmp'), os.getpid(), os.getppid())"
    _, result = run_at_once(warm, leave, look)
    assert text_of(result, "a") == "[] 1 0\n"


def test_each_runs_where_its_worker_does(warm):
    """A worker and its forks take turns, so that one core is enough for them."""
    seen = {}

    def run(core):
        os.sched_setaffinity(0, [core])  # of this thread
        with Worker("numpy", LIMITS, address=warm.address) as worker:
            look = CodeCell("a", "import os\nprint(os.sched_getaffinity(0))")
            seen[core] = text_of(worker.run(Job("numpy", [look])), "a")

    for core in os.sched_getaffinity(0):
        thread = threading.Thread(target=run, args=[core])
        thread.start()
        thread.join()
    assert seen == {core: f"{{{core}}}\n" for core in os.sched_getaffinity(0)}


def test_a_worker_whose_box_is_gone_has_its_own(warm):
    with Worker("numpy", LIMITS, address=warm.address) as worker:
        cells = [CodeCell("h", HONEST), CHECK]
        assert is_right(worker.run(Job("numpy", cells)), CHECK)
        assert worker._process is None
        psutil.Process(warm.pid).kill()
        assert is_right(worker.run(Job("numpy", cells)), CHECK)
        assert worker._process is not None


def test_a_worker_that_finds_no_box_has_its_own(tmp_path):
    needs_bubblewrap()
    with Worker("numpy", LIMITS, address=str(tmp_path / "nobody")) as worker:
        assert is_right(worker.run(Job("numpy", [CodeCell("h", HONEST), CHECK])), CHECK)


def test_what_serves_a_connection_ends_with_it(warm):
    with Worker("numpy", LIMITS, address=warm.address):
        during = psutil.Process(warm.pid).children(recursive=True)
    _, alive = psutil.wait_procs(during, timeout=5)
    assert len(alive) == len(during) - 1
