"""One warm NumPy worker for all tests of a test process, with limits that are reached quickly."""

import json
import os
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from autograder.sandbox import CheckCell, CodeCell, Job, Limits, Result, Worker
from autograder.sandbox.limits import MIB
from tests.needs import needs_bubblewrap

LIMITS = Limits(
    exercise_cpu=1.0,
    exercise_wall=4.0,
    notebook_cpu=20.0,
    notebook_wall=120.0,
    interrupt_grace=0.3,
    memory=128 * MIB,
    processes=8,
    threads=64,
    files=4 * MIB,
    reply=8 * MIB,
    output=50_000,
    restarts=2,
)
HONEST = "def dense_forward(x, W, b):\n    return x @ W + b, (x, W)\n"


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    needs_bubblewrap()
    os.environ["OF_THE_INSTRUCTOR"] = "secret"
    with Worker("numpy", LIMITS) as worker:
        yield worker


def dense_check(id: str, function: str = "dense_forward", cases: int = 2) -> CheckCell:
    rng = np.random.default_rng(0)
    inputs = [
        {"x": rng.normal(size=(4, 3)), "W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
        for _ in range(cases)
    ]
    return CheckCell(id, "", "hidden-layers/numpy/dense_forward", (function,), inputs)


def is_right(result: Result, check: CheckCell) -> bool:
    """Whether the check was observed to give ``x @ W + b``."""
    outcome = result.outcomes[check.id]
    if outcome.word != "observed":
        return False
    return all(
        observed.problem is None
        and np.array_equal(observed.outputs["out"].array, case["x"] @ case["W"] + case["b"])
        for case, observed in zip(check.inputs, outcome.observations, strict=True)
    )


def text_of(result: Result, id: str) -> str:
    return "".join(output.get("text", "") for output in result.outputs.get(id, []))


@pytest.fixture
def tell(worker: Worker) -> Callable[[str], object]:
    """Runs code in the box and returns what it left in ``answer``, which JSON can hold."""

    def run(source: str) -> object:
        code = f"import json, os\nanswer = None\n{source}\nprint(json.dumps(answer))"
        result = worker.run(Job("numpy", [CodeCell("a", code)]))
        assert not result.stopped, result.stopped
        try:
            return json.loads(text_of(result, "a"))
        except ValueError:
            raise AssertionError(result.outputs) from None

    return run
