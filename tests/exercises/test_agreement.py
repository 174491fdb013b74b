"""Every forward and backward function agrees with frameworks and with exact derivatives."""

import pytest

from autograder.student.exercise import load_exercises
from tests.exercises.agreement import (
    ALLOWED,
    COMPLEX_STEP,
    FUNCTIONS,
    MPMATH,
    PYTORCH,
    TENSORFLOW,
    largest_differences,
)


@pytest.mark.parametrize("exercise_id", FUNCTIONS)
def test_three_ways_lead_to_the_reference(exercise_id):
    largest = largest_differences(exercise_id)
    assert {PYTORCH, TENSORFLOW} < set(largest)
    assert {COMPLEX_STEP, MPMATH} & set(largest)
    for way, difference in largest.items():
        assert difference <= ALLOWED, way


def test_no_forward_or_backward_function_is_left_out():
    words = ("_forward", "_backward", "_penalty", "Function")
    due = {exercise_id for exercise_id in load_exercises() if exercise_id.endswith(words)}
    assert due <= set(FUNCTIONS)
