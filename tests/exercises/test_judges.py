"""Comparing is bounded, whatever comes back: a judge's work doesn't grow with what it is shown."""

import tracemalloc

import numpy as np
import pytest

from autograder.answers import load_answer
from autograder.student.compare import MOST_NUMBERS, count_numbers
from autograder.student.exercise import load_exercises
from autograder.student.observe import Observation, Value, observe
from autograder.student.references import Reference, ReferenceSet
from autograder.student.verdict import reach_verdict

JUDGED = [id for id, exercise in load_exercises().items() if exercise.judge is not None]
# Half of what is looked at, so that there is room for the other outputs; and too much.
HALF = MOST_NUMBERS // 2
SHAPES = [(), (0,), (1,) * 16, (HALF,), (700, 700), (2, HALF // 2), (HALF // 2, 2)]
SHAPES.append((MOST_NUMBERS + 1,))
MEMORY = 300 * 2**20  # bytes; the largest honest answers need a tenth of it


@pytest.fixture(scope="module", params=JUDGED)
def judged(request):
    """An exercise, with what a right answer gives in each of its cases."""
    answer = load_answer(request.param)
    cases = answer.hidden_references(5).cases
    return answer.exercise, [
        (case, observe(answer.exercise, answer.plain, case.inputs)) for case in cases
    ]


def test_right_answers_are_far_from_the_bound(judged):
    _, cases = judged
    assert max(count_numbers(observed) for _, observed in cases) <= MOST_NUMBERS / 4


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_whatever_comes_back_takes_little_memory(judged, shape):
    exercise, cases = judged
    kinds = {tuple(right.outputs): (case, right) for case, right in cases}
    random = np.random.default_rng(0).normal(size=shape)
    for case, right in kinds.values():
        for name, value in right.outputs.items():
            # As spread out as what is due, so that it comes further than the first look.
            alike = random * (1.0 if value.array is None else value.array.std())
            for array in (alike, np.ones(shape, int), np.zeros(shape, bool)):
                replaced = {name: Value("array", np.asarray(array))}
                observed = Observation(right.outputs | replaced, right.arguments)
                _require_little_memory(exercise, case, observed)


def _require_little_memory(exercise, case, observed):
    mistaken = {"mistake": {"shape": np.zeros(2)}}  # so that its fingerprint is looked at
    references = ReferenceSet(
        [Reference(case.label, case.inputs, case.expected, mistaken)], {"mistake": "Help."}
    )
    tracemalloc.start()
    try:
        verdict = reach_verdict(exercise, references, [observed])
    except MemoryError:
        raise
    except Exception:  # is a failed exercise in grading, too
        verdict = None
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert verdict is None or verdict.mistake is None
    assert peak < MEMORY
