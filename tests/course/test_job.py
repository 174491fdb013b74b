"""A process that grades starts with what it needs, and no more."""

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
PROGRAM = """\
import os, sys, multiprocessing
from concurrent.futures import ProcessPoolExecutor
from autograder.course.job import begin_job, lean_start

LARK = "bool(__import__('nbformat')) and 'lark' in __import__('sys').modules"
print("the main module")
if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=begin_job) as pool:
        with lean_start():
            threads = pool.submit(os.getenv, "OMP_NUM_THREADS")
        print(threads.result(), os.getenv("OMP_NUM_THREADS"))
        print(pool.submit(eval, LARK).result())
    print(sys.modules["__main__"].__file__ == __file__)
"""


def test_it_imports_no_main_module_and_no_grammar_and_has_one_thread(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    environment = os.environ | {"PYTHONPATH": str(PACKAGE), "OMP_NUM_THREADS": "3"}
    run = subprocess.run(
        [sys.executable, program], env=environment, capture_output=True, text=True, timeout=120
    )
    assert run.stdout == "the main module\n1 3\nFalse\nTrue\n", run.stderr
