"""The references of ``activations`` held against the other framework and against mpmath.

NumPy's and Keras' exercises have PyTorch's autodiff for their truth, PyTorch's have TensorFlow's.
Each is compared here with the one it was not made by, and, number by number, with fifty digits, at
numbers that the cases of ``agreement.py`` don't reach.
"""

from functools import partial

import mpmath
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.answers import load_answer
from autograder.answers.autodiff_tensorflow import vjp
from tests.exercises.agreement import DIGITS, ELEMENTWISE, by_mpmath

# References are stored to 13 digits: half of the last one is 5e-13 of a number that begins with 1.
RTOL = ATOL = 1e-12

NEGATIVE = (-1000, -745.5, -300, -100, -36.7, -20, -8.5, -3, -1.25, -0.3, -1e-3, -1e-8)
POSITIVE = (1e-8, 1e-3, 0.4, 1, 2.75, 6, 9.5, 20, 36.7, 88.9, 355, 709.9, 1000.0)
POINTS = np.array([*NEGATIVE, *POSITIVE])


# name, and options of its own
DEFINITIONS = [
    *((name, {}) for name in ELEMENTWISE),
    ("leaky_relu", {"alpha": 0.3}),
    ("elu", {"alpha": 0.7}),
    ("gelu", {"approximate": True}),
]
IDS = [f"{name}-{options}" for name, options in DEFINITIONS]


def expected(exercise: str, **inputs) -> list[np.ndarray]:
    return list(load_answer(f"activations/{exercise}").expected(inputs).values())


def assert_close(one, other):
    np.testing.assert_allclose(one, other, rtol=RTOL, atol=ATOL)


@pytest.mark.parametrize(("name", "options"), DEFINITIONS, ids=IDS)
def test_an_activation_and_its_slope_in_fifty_digits(name, options):
    dout = np.full_like(POINTS, 2.0)
    out, dx = by_mpmath(partial(ELEMENTWISE[name][0], **options), [POINTS], dout)
    assert_close(expected(f"numpy/{name}_forward", x=POINTS, **options)[0], out)
    assert_close(expected(f"numpy/{name}_backward", x=POINTS, dout=dout, **options)[0], dx)


FINITE = st.floats(-1000, 1000, allow_subnormal=False).filter(lambda x: abs(x) > 1e-9)
ROWS = st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=6)


@pytest.mark.parametrize(("name", "options"), DEFINITIONS, ids=IDS)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(rows=ROWS)
def test_an_activation_in_the_other_framework(name, options, rows):
    x, dout = np.array(rows).T
    out, dx = vjp(partial(ELEMENTWISE[name][1], **options), (x,), dout)
    assert_close(expected(f"numpy/{name}_forward", x=x, **options)[0], out)
    # Products with dout are as large as dout, which is up to 1000.
    found = expected(f"numpy/{name}_backward", x=x, dout=dout, **options)[0]
    np.testing.assert_allclose(found, dx, rtol=RTOL, atol=1000 * ATOL)


def test_log_softmax_in_fifty_digits():
    x = np.array([[1000.0, -1000.0, 999.0], [0.1, 0.2, 0.3], [-1000.0, -1000.5, -998.0]])
    (out,) = expected("numpy/log_softmax", x=x)
    with mpmath.workdps(DIGITS):
        for row, due in zip(x, out, strict=True):
            total = mpmath.log(sum(mpmath.exp(mpmath.mpf(float(value))) for value in row))
            assert_close(due, [float(mpmath.mpf(float(value)) - total) for value in row])
    assert_close(out, tf.nn.log_softmax(x).numpy())


def test_dead_units_are_counted_by_hand():
    h = np.array([[0.0, 1.0, -0.0, 2.0], [0.0, 0.0, 0.0, -2.0]])
    assert expected("numpy/dead_unit_fraction", h=h)[0] == 0.5


def test_the_constants_of_selu_keep_mean_and_variance():
    """Klambauer et al. chose them so that a standard normal input keeps mean 0 and variance 1."""
    from autograder.answers.activations.numpy.selu_forward import ALPHA, SCALE

    def moment(power):
        def integrand(z):
            value = SCALE * (z if z > 0 else ALPHA * (mpmath.exp(z) - 1))
            return value**power * mpmath.npdf(z)

        return mpmath.quad(integrand, [-mpmath.inf, 0, mpmath.inf])

    # The constants have 16 digits, quadrature 15.
    assert abs(moment(1)) < 1e-13
    assert abs(moment(2) - 1) < 1e-13
