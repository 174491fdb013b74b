"""References of the initializers held against the other framework, complex steps and mpmath; and
the judge of random numbers against the frameworks' own initializers."""

import itertools
import math
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import mpmath
import numpy as np
import pytest
import tensorflow as tf
import torch
from torch import nn

from autograder.answers import load_answer
from autograder.answers.initializers.measures import TORCH_ACTIVATIONS
from autograder.student import draws
from autograder.student.exercise import Wrong
from autograder.student.exercises.initializers_keras import FAMILIES
from autograder.student.exercises.initializers_numpy import (
    ACTIVATIONS,
    SCHEMES,
    check_orthonormal,
    judged_fans,
    scheme_distributions,
)

SEEDS = (1, 2)
TF_ACTIVATIONS = {
    "identity": tf.identity,
    "relu": tf.nn.relu,
    # tf.nn.leaky_relu rounds its slope to float32.
    "leaky": lambda z: tf.where(z > 0, z, 0.1 * z),
    "tanh": tf.tanh,
    "sine": tf.sin,
    "softsign": tf.nn.softsign,
}
MP_ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": lambda z: max(z, mpmath.mpf(0)),
    "leaky": lambda z: z if z > 0 else z / 10,
    "tanh": mpmath.tanh,
    "sine": mpmath.sin,
    "softsign": lambda z: z / (1 + abs(z)),
}
# Sums of a few thousand float64 products in another order: a few hundred ulps.
CLOSE = {"rtol": 1e-11, "atol": 1e-12}


def cases_of(name):
    """Cases of both kinds, with the expected values; those in float32 are references of float64
    computations on rounded inputs, and so is what they are compared with."""
    answer = load_answer(f"initializers/{name}")
    for seed in SEEDS:
        for case in answer.hidden_references(seed).cases:
            yield case.inputs, case.expected


def constants(arrays):
    return [tf.constant(np.asarray(array, np.float64)) for array in arrays]


# ---- activations: the recipe's NumPy against PyTorch and mpmath


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_their_derivatives(name):
    function, derivative = ACTIVATIONS[name]
    z = np.linspace(-4, 4, 33) + 0.01  # off the kink at 0
    torch_z = torch.tensor(z, requires_grad=True)
    out = TORCH_ACTIVATIONS[name](torch_z)
    (slope,) = torch.autograd.grad(out.sum(), torch_z)
    np.testing.assert_allclose(function(z), out.detach().numpy(), rtol=1e-14)
    np.testing.assert_allclose(derivative(z), slope.numpy(), rtol=1e-12)
    exact = [float(mpmath.diff(MP_ACTIVATIONS[name], mpmath.mpf(float(x)))) for x in z]
    np.testing.assert_allclose(derivative(z), exact, rtol=1e-10)


# ---- deterministic exercises


def test_compute_fans_as_keras_counts_them():
    from keras.src.initializers.random_initializers import compute_fans

    for inputs, expected in cases_of("numpy/compute_fans"):
        assert (expected["fan_in"], expected["fan_out"]) == compute_fans(inputs["shape"])
        assert judged_fans(inputs["shape"]) == compute_fans(inputs["shape"])


def test_zeros_and_constants_as_tensorflow_makes_them():
    for inputs, expected in cases_of("numpy/zeros"):
        made = tf.zeros(inputs["shape"], tf.float64)
        np.testing.assert_array_equal(expected["values"], made.numpy())
    for inputs, expected in cases_of("numpy/constant"):
        made = tf.fill(inputs["shape"], tf.constant(inputs["value"], tf.float64))
        np.testing.assert_array_equal(expected["values"], made.numpy())


def test_activation_gain_in_many_digits():
    for inputs, expected in cases_of("numpy/activation_gain"):
        samples = inputs["samples"].ravel()
        if len(samples) > 1000:
            h = TF_ACTIVATIONS[inputs["f"]](tf.constant(samples, tf.float64))
            exact = 1 / math.sqrt(tf.reduce_mean(h**2).numpy())
        else:
            with mpmath.workdps(40):
                values = [MP_ACTIVATIONS[inputs["f"]](mpmath.mpf(float(z))) for z in samples]
                mean = mpmath.fsum(value**2 for value in values) / len(values)
                exact = float(1 / mpmath.sqrt(mean))
        np.testing.assert_allclose(expected["gain"], exact, **CLOSE)


def test_gains_on_a_standard_normal():
    """Known values: √2 for ReLU, and for a slope of 0.1 by its second moment, (1 + 0.1²) / 2."""
    reference = load_answer("initializers/numpy/activation_gain").expected
    samples = np.random.default_rng(0).normal(size=1_000_000)
    for f, exact in (("relu", math.sqrt(2)), ("leaky", 1 / math.sqrt(0.505)), ("identity", 1.0)):
        # The standard error of a gain from 10^6 samples is below 0.001.
        assert abs(reference({"f": f, "samples": samples})["gain"] - exact) < 0.005


def test_variance_profile_in_tensorflow():
    for inputs, expected in cases_of("numpy/variance_profile"):
        (h,), weights = constants([inputs["x"]]), constants(inputs["weights"])
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(h)
            layer_inputs, outputs = [], []
            for W in weights:
                layer_inputs.append(h)
                h = TF_ACTIVATIONS[inputs["activation"]](h @ W)
                outputs.append(h)
        dout = tf.constant(inputs["dout"].astype(np.float64))
        grads = tape.gradient(h, layer_inputs, dout)
        forward = [tf.math.reduce_std(h).numpy() for h in outputs]
        backward = [tf.math.reduce_std(grad).numpy() for grad in grads]
        np.testing.assert_allclose(expected["forward_stds"], forward, **CLOSE)
        np.testing.assert_allclose(expected["backward_stds"], backward, **CLOSE)


def test_variance_profile_by_complex_steps():
    """A step of 1e-30 along the imaginary axis has no cancellation: exact to the last digits."""
    smooth = {"identity", "tanh", "sine"}
    checked = 0
    for inputs, expected in cases_of("numpy/variance_profile"):
        if inputs["activation"] not in smooth or inputs["x"].dtype != np.float64:
            continue
        function = ACTIVATIONS[inputs["activation"]][0]
        h, weights = inputs["x"], inputs["weights"]
        for number in range(len(weights)):
            gradient = np.zeros(h.shape)
            for index in np.ndindex(h.shape):
                moved = h.astype(complex)
                moved[index] += 1e-30j
                for W in weights[number:]:
                    moved = function(moved @ W)
                gradient[index] = np.sum(moved.imag * inputs["dout"]) / 1e-30
            np.testing.assert_allclose(expected["backward_stds"][number], np.std(gradient), **CLOSE)
            h = function(h @ weights[number])
            checked += 1
    assert checked >= 4


def test_lsuv_in_tensorflow_and_its_promise():
    for inputs, expected in cases_of("numpy/lsuv"):
        tol = inputs.get("tol", 0.01)
        (h,) = constants([inputs["x"]])
        for number, W in enumerate(constants(inputs["weights"]), 1):
            std = tf.math.reduce_std(h @ W)
            if abs(std - 1) > tol:
                W = W / std
            np.testing.assert_allclose(expected[f"W{number}"], W.numpy(), **CLOSE)
            assert abs(tf.math.reduce_std(h @ W).numpy() - 1) <= tol
            h = TF_ACTIVATIONS[inputs["activation"]](h @ W)


def test_no_layer_of_lsuv_is_near_the_edge_of_its_tolerance():
    """Otherwise rounding would decide whether it is divided."""
    for inputs, expected in cases_of("numpy/lsuv"):
        tol, h = inputs.get("tol", 0.01), np.asarray(inputs["x"], float)
        for number, W in enumerate(inputs["weights"], 1):
            off = abs(np.std(h @ W) - 1)
            assert abs(off - tol) > 0.1 * tol
            h = ACTIVATIONS[inputs["activation"]][0](h @ expected[f"W{number}"])


# ---- the judge of random numbers accepts what the frameworks draw

TORCH_SCHEMES = {
    "lecun_normal": lambda w: nn.init.kaiming_normal_(w, nonlinearity="linear"),
    "glorot_normal": nn.init.xavier_normal_,
    "glorot_uniform": nn.init.xavier_uniform_,
    "he_normal": lambda w: nn.init.kaiming_normal_(w, nonlinearity="relu"),
    "he_uniform": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu"),
}


def sample_keras(scheme, shape):
    return lambda: keras.initializers.get(scheme)(shape).numpy()


def sample_torch(scheme, shape):
    def sample():
        # PyTorch's layout is (out, in) and (out, in, kh, kw).
        *window, n_in, n_out = shape
        kernel = TORCH_SCHEMES[scheme](torch.empty(n_out, n_in, *window)).numpy()
        return np.moveaxis(kernel, (1, 0), (-2, -1))

    return sample


@pytest.mark.parametrize("framework", ["keras", "torch"])
@pytest.mark.parametrize(
    ("drawn", "judged"), list(itertools.product(SCHEMES, SCHEMES)), ids=lambda scheme: scheme
)
def test_frameworks_pass_as_their_own_scheme_and_no_other(framework, drawn, judged):
    shape = (3, 3, 20, 100)
    make, seed = {
        "keras": (sample_keras, keras.utils.set_random_seed),
        "torch": (sample_torch, torch.manual_seed),
    }[framework]
    outputs = draws.call_after_seeding(make(drawn, shape), seed, 11, None, drawn)
    accepted = scheme_distributions(judged, *judged_fans(shape))
    if drawn == judged:
        draws.judge_draws(outputs, shape, None, accepted, least_bytes=4)
    else:
        with pytest.raises(Wrong):
            draws.judge_draws(outputs, shape, None, accepted, least_bytes=4)


@pytest.mark.parametrize("shape", [(6, 3), (3, 6), (5, 5)])
def test_orthogonal_matrices_of_the_frameworks(shape):
    keras.utils.set_random_seed(0)
    made = keras.initializers.Orthogonal(gain=2.0)(shape).numpy().astype(float)
    check_orthonormal(made, 2.0, 1e-5)  # float32
    torch_made = nn.init.orthogonal_(torch.empty(shape, dtype=torch.float64), 2.0)
    check_orthonormal(torch_made.numpy(), 2.0, 1e-12)
    with pytest.raises(Wrong):
        check_orthonormal(made, 2.01, 1e-5)


def test_table_of_matching_initializers_by_what_activations_do():
    """He for those that lose a good part of a standard normal's second moment on the negative side,
    LeCun for the one that keeps it."""
    z = keras.ops.convert_to_tensor(np.random.default_rng(0).normal(size=100_000), "float64")
    moments = {
        name: float(np.mean(np.asarray(keras.activations.get(name)(z)) ** 2))
        for name in (*FAMILIES["he"], "selu", "linear")
    }
    assert abs(moments["selu"] - 1) < 0.02
    assert abs(moments["linear"] - 1) < 0.02
    assert all(moments[name] < 0.7 for name in FAMILIES["he"])
