"""Cells to play in are left out of grading where nobody can tell the difference."""

import pytest

from autograder.course.play import LONGEST, _course_names, read_names, untouched_play_cells
from autograder.course.rebuild import Rebuilt
from tests.course.course import new_code

IMPORTS = "import numpy as np\nimport matplotlib.pyplot as plt"
STUDENT = "def f(x):\n    y = np.exp(x)\n    return y"
PLOT = "# Play\ny = f(np.arange(3))\nplt.plot(y)"
TITLE = "# Play\nplt.title(y)\nz = 3"


def left_out(*sources: str, changed: tuple[str, ...] = ()) -> set[str]:
    """Of cells 0, 1, 2 …, of which those that begin with "# Play" are tagged."""
    cells = []
    for number, source in enumerate(sources):
        tags = ["play"] if source.startswith("# Play") else []
        cells.append(new_code(source, tags=tags) | {"id": str(number)})
    return untouched_play_cells(Rebuilt({"cells": cells}, changed=set(changed)))


def test_untouched_cells_are_left_out():
    assert left_out(IMPORTS, STUDENT, PLOT, TITLE) == {"2", "3"}


def test_an_edited_one_runs_and_so_does_what_it_builds_on():
    assert left_out(IMPORTS, STUDENT, PLOT, TITLE, changed=("2",)) == {"3"}
    assert left_out(IMPORTS, STUDENT, PLOT, TITLE, changed=("3",)) == set()


@pytest.mark.parametrize(
    "use",
    [
        "print(z)",
        "def g():\n    return z",
        "def g(a=z):\n    pass",
        "class A:\n    def f(self):\n        return [z for _ in range(3)]",
        "g = lambda: z",
        "z += 1",
        "del z",
        "def g():\n    global z\n    z += 1",
        "@z\ndef g():\n    pass",
        "f'{z}'",
        "match 1:\n    case z.a:\n        pass",
    ],
)
def test_one_whose_names_are_used_runs(use):
    assert left_out(IMPORTS, STUDENT, PLOT, TITLE, use) == set()


@pytest.mark.parametrize(
    "own",
    [
        "def g(z):\n    return z",
        "def g():\n    z = 1\n    return z",
        "z = 1",
        "a.z",
        "f(z=1)",
        "'z'",
    ],
)
def test_a_name_of_ones_own_is_no_use(own):
    assert left_out(IMPORTS, STUDENT, PLOT, TITLE, own) == {"2", "3"}


@pytest.mark.parametrize("look", ["%matplotlib inline", "f(", "eval('z')", "_", "Out[3]"])
def test_all_run_for_a_cell_that_may_use_anything(look):
    assert left_out(IMPORTS, STUDENT, PLOT, TITLE, look) == set()


def test_all_run_with_a_play_cell_that_may_use_anything():
    assert left_out(IMPORTS, STUDENT, "# Play\n%timeit f(3)", "# Play\nprint(3)") == set()


@pytest.mark.parametrize(
    "source",
    ["-" * 90_000 + "1", "a+" * 40_000 + "a", "\0", "\udc80", "(" * 9_999, "lambda:" * 2_800 + "1"],
)
def test_no_code_is_too_odd_to_be_read(source):
    assert read_names(source) is None


def test_names_of_a_students_cell_are_not_kept():
    _course_names.cache_clear()
    left_out(STUDENT, PLOT, changed=("0",))
    assert _course_names.cache_info().currsize == 1  # PLOT


def test_where_a_cell_is_too_long_to_be_read_everything_runs():
    assert left_out(IMPORTS, STUDENT, PLOT, "x = 1\n" * LONGEST, changed=("3",)) == set()
