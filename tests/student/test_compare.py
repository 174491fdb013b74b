"""The tolerance: what is let through, what is not, against NumPy's own comparison."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.student import trees
from autograder.student.compare import Tolerance, compare
from autograder.student.exercise import Exercise, Wrong
from autograder.student.observe import Observation, Value

EXERCISE = Exercise("hidden-layers/numpy", "f", ("f",), ("out",), lambda f: f())
FLOATS = st.floats(-1e6, 1e6)
ARRAYS = arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=FLOATS)


def passes(yours, expected, inputs=None) -> bool:
    inputs = inputs or {}
    kind = "array" if isinstance(yours, np.ndarray) and yours.ndim else "number"
    observed = Observation({"out": Value(kind, np.asarray(yours))}, inputs)
    try:
        compare(EXERCISE, inputs, {"out": np.asarray(expected)}, observed)
    except Wrong:
        return False
    return True


@given(ARRAYS)
def test_an_array_equals_itself(array):
    assert passes(array.copy(), array)


@given(ARRAYS, st.integers(0), st.sampled_from([1e-6, -1e-3, 1.0]))
def test_one_element_off_by_a_millionth_of_the_largest_fails(array, position, share):
    wrong = array.copy()
    wrong.flat[position % array.size] += share * max(1.0, np.abs(array).max())
    assert not passes(wrong, array)


@given(ARRAYS)
def test_rounding_is_let_through(array):
    # Sums of a thousand terms lose about three of float64's sixteen digits.
    assert passes(array * (1 + 1e-13), array)


@given(ARRAYS)
def test_nothing_passes_that_numpy_would_not_call_close(array):
    tolerance = Tolerance(EXERCISE.rtol, EXERCISE.atol)
    at_the_limit = array + 0.99 * tolerance.allowed(array)
    scale = max(1.0, np.abs(array).max())
    assert passes(at_the_limit, array)
    assert np.allclose(at_the_limit, array, rtol=EXERCISE.rtol, atol=EXERCISE.atol * scale)


def test_infinity_must_be_infinity():
    expected = np.array([np.inf, 1.0])
    assert passes(np.array([np.inf, 1.0]), expected)
    assert not passes(np.array([1e300, 1.0]), expected)
    assert not passes(np.array([-np.inf, 1.0]), expected)


def test_nan_never_passes_for_a_number():
    assert not passes(np.array([np.nan]), np.array([0.0]))


def test_float32_is_right_only_where_the_case_gives_float32():
    expected = np.array([1 / 3, 2 / 3])
    assert not passes(expected.astype(np.float32), expected)
    assert passes(expected.astype(np.float32), expected, {"x": np.zeros(1, np.float32)})
    assert not passes(expected.astype(np.float16), expected, {"x": np.zeros(1, np.float32)})


def test_whole_numbers_are_exact():
    assert passes(7, np.asarray(7))
    assert passes(np.int32(7), np.asarray(7))
    assert not passes(7.0, np.asarray(7))
    assert not passes(10**9 + 1, np.asarray(10**9))


def test_booleans_are_booleans():
    assert passes(np.array([True, False]), np.array([True, False]))
    assert not passes(np.array([1, 0]), np.array([True, False]))


@pytest.mark.parametrize("subclass", [np.matrix, np.ma.MaskedArray])
def test_array_subclasses_are_not_arrays(subclass):
    from autograder.student.observe import take_down

    assert take_down(np.zeros((2, 2)).view(subclass), "numpy").array is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | ARRAYS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.lists(inner, max_size=3).map(tuple)
            | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_trees_survive_being_taken_apart(tree):
    import json

    skeleton, flat = trees.flatten(tree)
    again = trees.rebuild(json.loads(json.dumps(skeleton)), flat)
    assert trees.equal(again, tree)
    assert trees.equal(trees.copy(tree), tree)
