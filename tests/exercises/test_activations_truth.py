"""The references of ``activations`` held against the other framework and against mpmath.

NumPy's and Keras' exercises have PyTorch's autodiff for their truth, PyTorch's have TensorFlow's.
Each is compared here with the one it was not made by, and, number by number, with fifty digits.
"""

from functools import partial

import keras
import mpmath
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.answers import load_answer
from autograder.answers.autodiff_tensorflow import vjp

# References are stored to 13 digits: half of the last one is 5e-13 of a number that begins with 1.
RTOL = ATOL = 1e-12
DIGITS = 50

NEGATIVE = (-1000, -745.5, -300, -100, -36.7, -20, -8.5, -3, -1.25, -0.3, -1e-3, -1e-8)
POSITIVE = (1e-8, 1e-3, 0.4, 1, 2.75, 6, 9.5, 20, 36.7, 88.9, 355, 709.9, 1000.0)
POINTS = np.array([*NEGATIVE, *POSITIVE])


def mp_softplus(x):
    return mpmath.log(1 + mpmath.exp(x))


def mp_elu(x, alpha=1):
    return x if x > 0 else mpmath.mpf(alpha) * (mpmath.exp(x) - 1)


def mp_selu(x):
    # The fixed point of mean 0 and variance 1, to more digits than a float has.
    alpha = mpmath.mpf("1.6732632423543772848170429916717")
    scale = mpmath.mpf("1.0507009873554804934193349852946")
    return scale * mp_elu(x, alpha)


def mp_gelu(x, approximate=False):
    if not approximate:
        return x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2
    inner = mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3)
    return x * (1 + mpmath.tanh(inner)) / 2


def tf_leaky_relu(x, alpha=0.01):
    # TensorFlow's own holds alpha in float32, and so do Keras' functions above it.
    return tf.where(x > 0, x, alpha * x)


def tf_gelu(x, approximate=False):
    # TensorFlow's own holds the constants of both forms in float32, seven digits of them.
    if not approximate:
        return 0.5 * x * (1 + tf.math.erf(x / np.sqrt(2.0)))
    return 0.5 * x * (1 + tf.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


# name, options: what mpmath and TensorFlow say
DEFINITIONS = {
    ("sigmoid", ()): (lambda x: 1 / (1 + mpmath.exp(-x)), tf.sigmoid),
    ("tanh", ()): (mpmath.tanh, tf.tanh),
    ("relu", ()): (lambda x: max(x, mpmath.mpf(0)), tf.nn.relu),
    ("leaky_relu", ()): (
        lambda x: x if x > 0 else mpmath.mpf(0.01) * x,
        tf_leaky_relu,
    ),
    ("leaky_relu", (("alpha", 0.3),)): (
        lambda x: x if x > 0 else mpmath.mpf(0.3) * x,
        partial(tf_leaky_relu, alpha=0.3),
    ),
    ("elu", ()): (mp_elu, keras.activations.elu),
    ("elu", (("alpha", 0.7),)): (
        partial(mp_elu, alpha=0.7),
        partial(keras.activations.elu, alpha=0.7),
    ),
    ("selu", ()): (mp_selu, tf.nn.selu),
    ("softplus", ()): (mp_softplus, tf.nn.softplus),
    ("gelu", ()): (mp_gelu, tf_gelu),
    ("gelu", (("approximate", True),)): (
        partial(mp_gelu, approximate=True),
        partial(tf_gelu, approximate=True),
    ),
    ("silu", ()): (lambda x: x / (1 + mpmath.exp(-x)), tf.nn.silu),
    ("mish", ()): (lambda x: x * mpmath.tanh(mp_softplus(x)), keras.activations.mish),
}
IDS = [f"{name}-{dict(options)}" for name, options in DEFINITIONS]


def expected(exercise: str, **inputs) -> list[np.ndarray]:
    return list(load_answer(f"activations/{exercise}").expected(inputs).values())


def assert_close(one, other):
    np.testing.assert_allclose(one, other, rtol=RTOL, atol=ATOL)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=IDS)
def test_an_activation_and_its_slope_in_fifty_digits(definition):
    name, options = definition
    function = DEFINITIONS[definition][0]
    with mpmath.workdps(DIGITS):
        points = [mpmath.mpf(float(x)) for x in POINTS]
        # A step of 1e-20 crosses no kink, and leaves 30 digits of the quotient.
        slopes = [mpmath.diff(function, x, h=mpmath.mpf(10) ** -20) for x in points]
        values = [function(x) for x in points]
    assert_close(expected(f"numpy/{name}_forward", x=POINTS, **dict(options))[0], to_float(values))
    dout = np.full_like(POINTS, 2.0)
    (dx,) = expected(f"numpy/{name}_backward", x=POINTS, dout=dout, **dict(options))
    assert_close(dx, 2 * to_float(slopes))


def to_float(numbers) -> np.ndarray:
    return np.array([float(number) for number in numbers])


FINITE = st.floats(-1000, 1000, allow_subnormal=False).filter(lambda x: abs(x) > 1e-9)
ROWS = st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=6)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=IDS)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(rows=ROWS)
def test_an_activation_in_the_other_framework(definition, rows):
    name, options = definition
    x, dout = np.array(rows).T
    out, dx = vjp(DEFINITIONS[definition][1], (x,), dout)
    assert_close(expected(f"numpy/{name}_forward", x=x, **dict(options))[0], out)
    # Products with dout are as large as dout, which is up to 1000.
    found = expected(f"numpy/{name}_backward", x=x, dout=dout, **dict(options))[0]
    np.testing.assert_allclose(found, dx, rtol=RTOL, atol=1000 * ATOL)


@pytest.mark.parametrize(
    ("exercise", "name"),
    [
        ("pytorch/SiLU", "silu"),
        ("pytorch/Softplus", "softplus"),
        ("keras/swish", "silu"),
        ("keras/mish", "mish"),
    ],
)
def test_functions_of_the_frameworks_are_those_of_numpy(exercise, name):
    """NumPy's references are PyTorch's, so PyTorch's exercises are compared across; Keras' share
    NumPy's and are held against mpmath with them."""
    out, dx = expected(exercise, x=POINTS, dout=np.ones_like(POINTS))
    assert_close(out, expected(f"numpy/{name}_forward", x=POINTS)[0])
    assert_close(dx, expected(f"numpy/{name}_backward", x=POINTS, dout=np.ones_like(POINTS))[0])


def complex_step(function, inputs, dout, step=1e-30):
    """Gradients of sum(dout * function), one complex step an element: exact to rounding."""
    grads = []
    for place, array in enumerate(inputs):
        grad = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            moved = [np.array(other, dtype=complex) for other in inputs]
            moved[place][index] += 1j * step
            grad[index] = np.sum(dout * function(*moved).imag) / step
        grads.append(grad)
    return grads


def complex_softmax(x):
    e = np.exp(x - x.real.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def complex_prelu(x, alpha):
    return np.where(x.real > 0, x, alpha * x)


def complex_maxout(x, W, b):
    z = np.einsum("nd,dmk->nmk", x, W) + b
    return np.take_along_axis(z, z.real.argmax(axis=2)[:, :, None], axis=2)[:, :, 0]


def tf_prelu(x, alpha):
    return tf.where(x > 0, x, alpha * x)


def tf_maxout(x, W, b):
    return tf.reduce_max(tf.einsum("nd,dmk->nmk", x, W) + b, axis=2)


TOGETHER = {
    "softmax": (complex_softmax, tf.nn.softmax, "x"),
    "prelu": (complex_prelu, tf_prelu, "x alpha"),
    "maxout": (complex_maxout, tf_maxout, "x W b"),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_what_mixes_numbers_by_complex_step_and_the_other_framework(name):
    by_complex_step, by_tensorflow, arguments = TOGETHER[name]
    answer = load_answer(f"activations/numpy/{name}_backward")
    cases = answer.visible_references().cases
    assert len(cases) > 5
    for case in cases:
        inputs = {argument: np.float64(case.inputs[argument]) for argument in arguments.split()}
        dout = np.float64(case.inputs["dout"])
        # Inputs of 1000 make sums of that size.
        near = partial(np.testing.assert_allclose, rtol=RTOL, atol=1000 * ATOL)
        out, *grads = vjp(by_tensorflow, inputs.values(), dout)
        near(expected(f"numpy/{name}_forward", **inputs)[0], out)
        measured = complex_step(by_complex_step, list(inputs.values()), dout)
        for due, other, another in zip(case.expected.values(), grads, measured, strict=True):
            near(due, other)
            near(due, another)


@pytest.mark.parametrize("exercise", ["keras/PReLU", "pytorch/PReLU", "pytorch/Maxout"])
def test_layers_by_complex_step(exercise):
    by_complex_step, inputs_in_order = {
        "PReLU": (complex_prelu, ("x", "slopes")),
        "Maxout": (complex_maxout, ("x", "W", "b")),
    }[exercise.split("/")[1]]
    for case in load_answer(f"activations/{exercise}").visible_references().cases:
        inputs = [np.float64(case.inputs[name]) for name in inputs_in_order]
        due = {name: value for name, value in case.expected.items() if name != "start"}
        out = by_complex_step(*(array.astype(complex) for array in inputs)).real
        measured = complex_step(by_complex_step, inputs, np.float64(case.inputs["dout"]))
        for one, other in zip(due.values(), [out, *measured], strict=True):
            assert_close(one, other)


def test_log_softmax_in_fifty_digits():
    x = np.array([[1000.0, -1000.0, 999.0], [0.1, 0.2, 0.3], [-1000.0, -1000.5, -998.0]])
    (out,) = expected("numpy/log_softmax", x=x)
    with mpmath.workdps(DIGITS):
        for row, due in zip(x, out, strict=True):
            total = mpmath.log(sum(mpmath.exp(mpmath.mpf(float(value))) for value in row))
            assert_close(due, to_float([mpmath.mpf(float(value)) - total for value in row]))
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
