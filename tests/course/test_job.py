"""A process that grades starts with what it needs, and no more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.job import cores_for

PACKAGE = Path(__file__).parents[2]
PROGRAM = """\
import os, sys, multiprocessing, tempfile
from concurrent.futures import ProcessPoolExecutor
from autograder.course.job import begin_job, lean_start
from autograder.student.exercise import load_exercises

LARK = "bool(__import__('nbformat')) and 'lark' in __import__('sys').modules"
PRELOADED = "sorted({'torch', 'tensorflow'} & set(__import__('sys').modules))"
THREADS = "len(os.listdir('/proc/%s/task' % os.getppid()))"
print("the main module")
if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.course.preload"])
    cores = context.SimpleQueue()
    cores.put(None)
    boxes = (tempfile.gettempdir(), cores)
    with ProcessPoolExecutor(
        1, mp_context=context, initializer=begin_job, initargs=boxes
    ) as pool:
        with lean_start([*load_exercises(), "no/such/exercise"]):
            threads = pool.submit(os.getenv, "OMP_NUM_THREADS")
        print(threads.result(), os.getenv("OMP_NUM_THREADS"))
        for look in (LARK, PRELOADED, THREADS):
            print(pool.submit(eval, look).result())
    print(sys.modules["__main__"].__file__ == __file__)
"""
SAID = """\
the main module
1 3
False
['tensorflow', 'torch']
1
True
"""


def test_it_starts_with_what_it_needs(tmp_path):
    """No main module, no grammar, one thread a library; and the answers' frameworks, imported by a
    process that has no other thread when it forks: no answer computes anything when imported."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    environment = os.environ | {"PYTHONPATH": str(PACKAGE), "OMP_NUM_THREADS": "3"}
    run = subprocess.run(
        [sys.executable, program], env=environment, capture_output=True, text=True, timeout=120
    )
    assert run.stdout == SAID, run.stderr
    assert run.stderr == ""  # TensorFlow's greetings are for nobody


@pytest.mark.parametrize(
    ("jobs", "kept"), [(1, [None]), (2, [None, None]), (3, [1, 4, 7]), (5, [1, 4, 7, 1, 4])]
)
def test_a_job_keeps_to_a_core_if_all_of_them_have_one(jobs, kept, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {7, 1, 4})
    assert cores_for(jobs) == kept
