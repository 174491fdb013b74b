"""A worker's life: outputs, errors, replacement, and what it is like without a box."""

import base64
import socket
import threading
import time
from contextlib import ExitStack

import psutil
import pytest

from autograder.sandbox import CheckCell, CodeCell, Job, SandboxUnavailable, Worker, box
from autograder.sandbox.limits import Limits
from tests.needs import needs_bubblewrap
from tests.sandbox.conftest import HONEST, LIMITS, dense_check, is_right, text_of

CHECK = dense_check("c")


def test_cells_run_in_one_namespace_and_errors_stop_nothing(worker):
    cells = [
        CodeCell("1", "x = 20"),
        CodeCell("2", "1 / 0"),
        CodeCell("3", "def ("),
        CodeCell("4", "import sys; sys.exit(3)"),
        CodeCell("5", "x += 1\nx"),
        CodeCell("6", "%time print(_ * 2)\n!ls"),
        CodeCell("7", "print(x, In[0:2], Out[5])"),
    ]
    result = worker.run(Job("numpy", cells))
    assert not result.stopped
    (error,) = result.outputs["2"]
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert "autograder" not in str(error["traceback"])
    assert result.outputs["3"][0]["ename"] == "SyntaxError"
    assert result.outputs["5"][0]["data"] == {"text/plain": "21"}
    assert text_of(result, "6").startswith("42\n")
    assert text_of(result, "7") == "21 ['', 'x = 20'] 21\n"


def test_pictures_and_streams_are_kept(worker):
    code = (
        "import sys, matplotlib.pyplot as plt\n"
        "print('\\x1b[31mred\\x1b[0m\\x1b]0;title\\x07')\nprint('careful', file=sys.stderr)\n"
        "plt.plot([1, 2]); plt.show()\nprint('after')"
    )
    outputs = worker.run(Job("numpy", [CodeCell("a", code)])).outputs["a"]
    kinds = [(output["output_type"], output.get("name")) for output in outputs]
    due = [("stream", "stdout"), ("stream", "stderr"), ("display_data", None), ("stream", "stdout")]
    assert kinds == due
    assert outputs[0]["text"] == "\x1b[31mred\x1b[0m]0;title\n"
    picture = base64.b64decode(outputs[2]["data"]["image/png"])
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "dense_forward is not defined"),
        ("dense_forward = 3", "dense_forward is an int, not a function"),
        ("def dense_forward(x, W, b): return None", None),
    ],
)
def test_what_is_not_there(worker, code, said):
    outcome = worker.run(Job("numpy", [CodeCell("h", code), CHECK])).outcomes["c"]
    if said:
        assert (outcome.word, outcome.line) == ("undefined", said)
    else:
        assert outcome.observations[0].problem.stage == "unsolved"


def test_a_job_gives_the_same_each_time(worker):
    code = (
        "import random, numpy as np\n"
        "print(random.random(), np.random.rand(3), hash('a'), {'b', 'c'})"
    )
    jobs = [Job("numpy", [CodeCell("a", code)], seed) for seed in (1, 1, 2)]
    first, second, other = (text_of(worker.run(job), "a") for job in jobs)
    assert first == second != other


def test_digits_come_without_scikit_learn(worker):
    code = (
        "from autograder import load_digits\n"
        "print(load_digits().x_train.shape, load_digits(size=8).x_test.shape)"
    )
    assert (
        text_of(worker.run(Job("numpy", [CodeCell("a", code)])), "a") == "(1437, 784) (360, 64)\n"
    )


def test_arguments_come_back_as_they_are_then(worker):
    code = "def dense_forward(x, W, b):\n    x += 1\n    return x @ W + b, None"
    outcome = worker.run(Job("numpy", [CodeCell("h", code), CHECK])).outcomes["c"]
    assert (outcome.observations[0].arguments["x"] == CHECK.inputs[0]["x"] + 1).all()


def test_patching_the_box_forges_no_values(worker):
    patch = (
        "import numpy as np, sys\n"
        "class Equal(np.ndarray):\n"
        "    def __eq__(self, other): return True\n"
        "    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__\n"
        "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True\n"
        "for module in list(sys.modules.values()):\n"
        "    if getattr(module, '__name__', '').startswith('autograder'):\n"
        "        for name in ('compare', 'reach_verdict', 'check'):\n"
        "            setattr(module, name, lambda *a, **k: None)\n"
        "def dense_forward(x, W, b): return np.zeros((4, 2)).view(Equal), None\n"
    )
    outcome = worker.run(Job("numpy", [CodeCell("h", patch), CHECK])).outcomes["c"]
    value = outcome.observations[0].outputs["out"]
    assert value.array is None
    assert value.kind == "an Equal"


def test_a_dead_warm_process_is_replaced():
    needs_bubblewrap()
    with Worker("numpy", LIMITS) as worker:
        dead = worker._forks
        psutil.Process(worker._process.pid).children(recursive=True)[-1].kill()
        result = worker.run(Job("numpy", [CodeCell("h", HONEST), CHECK]))
        assert is_right(result, CHECK)
        assert worker._forks is not dead


def test_a_warm_process_that_dies_in_a_run_costs_one_cell():
    needs_bubblewrap()
    above, below = dense_check("above"), dense_check("below")
    with Worker("numpy", LIMITS) as worker:
        first = worker._process.pid

        def kill():
            time.sleep(1.0)
            psutil.Process(first).kill()

        threading.Thread(target=kill).start()
        slow = HONEST + "import time\ndef bad(x, W, b): time.sleep(2.5)\n"
        cells = [CodeCell("h", slow), above, dense_check("bad", "bad"), below]
        result = worker.run(Job("numpy", cells))
    assert is_right(result, above)
    assert is_right(result, below)
    assert result.outcomes["bad"].word in ("crashed", "timed out")


def test_a_box_outlives_the_thread_that_asked_for_it():
    needs_bubblewrap()
    worker = Worker("numpy", LIMITS)
    thread = threading.Thread(target=worker.__enter__)
    thread.start()
    thread.join()
    with ExitStack() as stack:
        stack.push(worker)
        warm = worker._forks
        time.sleep(0.2)  # the kernel ends a box at once, if it does
        assert is_right(worker.run(Job("numpy", [CodeCell("h", HONEST), CHECK])), CHECK)
        assert worker._forks is warm


def test_without_bubblewrap_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(box.shutil, "which", lambda name: None)
    with pytest.raises(SandboxUnavailable, match="apt install bubblewrap"), Worker("numpy"):
        pass


def test_inputs_that_cannot_travel_are_the_graders_error(worker):
    check = CheckCell("c", "", CHECK.exercise_id, CHECK.function_names, [{"x": object()}])
    result = worker.run(Job("numpy", [CodeCell("h", HONEST), check, CHECK_AFTER]))
    assert result.outcomes["c"].word == "grader error"
    assert is_right(result, CHECK_AFTER)


CHECK_AFTER = dense_check("after")


def test_unsafe_is_loud_and_otherwise_the_same():
    limits = Limits(exercise_cpu=1.0, interrupt_grace=0.3)
    bad = "def bad(x, W, b):\n    while True: pass"
    cells = [CodeCell("h", HONEST), CodeCell("b", bad), dense_check("bad", "bad"), CHECK]
    with pytest.warns(UserWarning, match="UNSAFE"), Worker("numpy", limits, unsafe=True) as worker:
        result = worker.run(Job("numpy", cells))
    assert is_right(result, CHECK)
    assert result.outcomes["bad"].word == "timed out"


def test_the_box_goes_with_its_worker():
    needs_bubblewrap()
    with Worker("numpy", LIMITS) as worker:
        inside = psutil.Process(worker._process.pid).children(recursive=True)
        assert inside
    _, alive = psutil.wait_procs(inside, timeout=10)
    assert not alive


def test_a_track_has_its_own_worker(worker):
    with pytest.raises(ValueError, match="numpy notebooks"):
        worker.run(Job("keras", []))


def test_a_default_timeout_of_sockets_reaches_no_box():
    needs_bubblewrap()
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(5.0)
    try:
        with Worker("numpy") as worker:
            time.sleep(0.1)
            result = worker.run(Job("numpy", [CodeCell("a", "print(1)")]))
    finally:
        socket.setdefaulttimeout(before)
    assert result.outputs["a"][0]["text"] == "1\n"
