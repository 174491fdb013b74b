"""Each limit, reached on purpose: the outcome has its name, and nobody else loses anything."""

from dataclasses import replace

import psutil
import pytest

from autograder.sandbox import CodeCell, Job, Worker
from tests.needs import needs_bubblewrap
from tests.sandbox.conftest import HONEST, LIMITS, dense_check, is_right, text_of

ABOVE, BELOW = dense_check("above"), dense_check("below")


def run_between(worker, body, may_cost_the_next=None):
    """A notebook whose function ``bad`` is checked between two honest exercises."""
    bad = "import os, sys, time, ctypes, threading\nimport numpy as np\n"
    bad += f"def bad(x, W, b):\n    {body}\n    return x @ W + b, None\n"
    cells = [CodeCell("h", HONEST), ABOVE, CodeCell("b", bad), dense_check("bad", "bad"), BELOW]
    result = worker.run(Job("numpy", cells))
    assert is_right(result, ABOVE)
    assert is_right(result, BELOW) or result.outcomes["below"].word == may_cost_the_next
    return result, result.outcomes["bad"]


@pytest.mark.parametrize(
    ("body", "word", "runs"),
    [
        ("while True: pass", "timed out", 1),
        ("while True:\n        try:\n            while True: sum(range(99))\n"
         "        except BaseException: pass", "timed out", 2),
        ("time.sleep(600)", "timed out", 1),
        ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)",
         "timed out", 2),
        ("[0] * 10**12", "out of memory", 1),
        ("np.ones((10**6, 10**6))", "out of memory", 1),
        ("os._exit(0)", "crashed", 2),
        ("os.abort()", "crashed", 2),
        ("ctypes.string_at(0)", "crashed", 2),
        ("os.close(4)", "crashed", 2),
        ("os.write(4, b'x' * 100)", "crashed", 2),
        ("os.write(4, b'\\xff' * 100)", "crashed", 2),
        ("return np.ones(2 * 10**6), None", "crashed", 2),
    ],
)  # fmt: skip
def test_an_exercise_ends_by_itself(worker, body, word, runs):
    result, outcome = run_between(worker, body)
    assert outcome.word == word, outcome
    assert outcome.line
    assert result.runs == runs


@pytest.mark.parametrize(
    ("body", "words"),
    [
        # The kernel's limit may come before the watch: then the first process meets an error.
        ("while True: os.fork()", {"crashed", "timed out", "out of memory", "observed"}),
        ("while True: threading.Thread(target=time.sleep, args=(600,)).start()",
         {"crashed", "observed"}),
        ("x = []\n    while True: x.append(bytearray(10**6))", {"out of memory"}),
        ("for _ in range(6):\n        if os.fork() == 0:\n            y = np.ones(10**7)\n"
         "            time.sleep(600)\n    time.sleep(600)", {"out of memory"}),
        # What lies in sockets is in no process' memory.
        ("import socket\n    for _ in range(3):\n        if os.fork() == 0: break\n"
         "    kept = [socket.socketpair() for _ in range(100)]\n    time.sleep(600)",
         {"out of memory"}),
    ],
)  # fmt: skip
def test_processes_count_together(worker, body, words):
    # What a bomb leaves behind belongs to its notebook, and may still be there after its cell.
    may_cost_the_next = "out of memory" if "while True: os.fork()" in body else None
    _, outcome = run_between(worker, body, may_cost_the_next)
    assert outcome.word in words, outcome
    assert outcome.word != "observed" or outcome.observations[0].problem is not None


def test_a_few_sockets_cost_little(worker):
    """Python's own event loop makes itself a pair of them."""
    async_run = "import asyncio; asyncio.run(asyncio.sleep(0))"
    _, outcome = run_between(worker, async_run)
    assert outcome.word == "observed"
    assert outcome.observations[0].problem is None


def test_the_kernel_itself_ends_a_fork_bomb():
    """What doubles every few milliseconds is faster than any watching; not so for root alone."""
    needs_bubblewrap()
    unwatched = replace(LIMITS, processes=10**6, threads=30)
    forks = (
        "import os, time\n"
        "for count in range(200):\n"
        "    try:\n"
        "        if os.fork() == 0: time.sleep(600)\n"
        "    except BlockingIOError: break\n"
        "print(count)"
    )
    with Worker("numpy", unwatched) as worker:
        on_machine = psutil.Process(worker._process.pid).children(recursive=True)[-1]
        assert on_machine.uids().real != 0
        result = worker.run(Job("numpy", [CodeCell("a", forks)]))
    assert 0 < int(text_of(result, "a")) < 30


def test_raising_is_no_crash(worker):
    for body in ("sys.exit()", "raise KeyError('x')", "raise SystemExit(1)", "1 / 0"):
        result, outcome = run_between(worker, body)
        assert (outcome.word, result.runs) == ("observed", 1)
        assert outcome.observations[0].problem.stage == "runs"


def test_the_disk_is_small(worker):
    body = "open('/tmp/x', 'wb').write(bytes(10**7))"
    _, outcome = run_between(worker, body)
    assert outcome.observations[0].problem.stage == "runs"
    many = "for n in range(100): open(f'/tmp/{n}', 'wb').write(bytes(10**6))"
    _, outcome = run_between(worker, many)
    assert "No space left" in str(outcome.observations[0].problem)


def test_output_is_cut_and_costs_nothing(worker):
    result, outcome = run_between(worker, "print('x' * 10**6)")
    assert outcome.word == "observed"
    assert outcome.observations[0].problem is None
    text = text_of(result, "bad")
    assert LIMITS.output <= len(text) < 2 * LIMITS.output
    assert "left out" in text


def test_the_wall_clock_is_named(worker):
    _, outcome = run_between(worker, "time.sleep(600)")
    assert outcome.wall_clock
    _, outcome = run_between(worker, "while True: pass")
    assert not outcome.wall_clock


def test_a_cell_of_code_is_stopped_too(worker):
    for code in ("while True: pass", "import os; os._exit(1)"):
        cells = [CodeCell("h", HONEST), ABOVE, CodeCell("bad", code), BELOW]
        result = worker.run(Job("numpy", cells))
        assert is_right(result, ABOVE)
        assert is_right(result, BELOW)
        assert "bad" in result.stopped
        assert result.notes


def test_restarts_are_bounded(worker):
    checks = [dense_check(f"bad{number}", "bad") for number in range(6)]
    code = HONEST + "import os\ndef bad(x, W, b): os._exit(1)\n"
    result = worker.run(Job("numpy", [CodeCell("h", code), ABOVE, *checks, BELOW]))
    assert result.runs == LIMITS.restarts + 1
    assert is_right(result, ABOVE)
    words = [result.outcomes[check.id].word for check in (*checks, BELOW)]
    assert words == ["crashed"] * 7
    assert "not reached" in result.outcomes["below"].line


def test_measured_from_outside(worker):
    lie = (
        "import time, resource, numpy as np\n"
        "time.process_time = time.perf_counter = resource.getrusage = lambda *a: 0\n"
        "end = time.monotonic() + 0.4\n"
        "x = np.ones(6 * 10**6)\n"
        "while time.monotonic() < end: x += 1\n"
    )
    result = worker.run(Job("numpy", [CodeCell("a", lie)]))
    assert result.cpu_seconds > 0.1  # of 0.4 s on a machine that may have other things to do
    assert result.peak_memory > 40 * 10**6  # of the 48 MB that it filled
