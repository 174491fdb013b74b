"""The references of hidden-layers/numpy, which PyTorch computes, against TensorFlow and against
derivatives by complex step, which no autodiff computes."""

import numpy as np
import pytest

from autograder.answers import load_answer
from autograder.answers.hidden_layers.numpy.dense_forward import plain_dense_forward
from autograder.answers.hidden_layers.numpy.mlp_forward import plain_mlp_forward

# Stored to 13 digits; sums of up to a hundred products lose one or two more.
AGREEMENT = {"rtol": 1e-11, "atol": 1e-11}
STEP = 1e-30  # of a complex step: no difference is taken, so that it may be this small


def small_cases(name):
    return list(_small_cases(name))


def _small_cases(name):
    answer = load_answer(f"hidden-layers/numpy/{name}")
    for case in answer.visible_references().cases:
        if "float32" not in case.label:
            yield pytest.param(case, id=case.label)


def complex_step(f, x):
    """The gradient of a real function that is analytic where ``x`` is, to the last digits."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[index] += 1j * STEP
        gradient[index] = f(moved).imag / STEP
    return gradient


def complex_relu(z):
    return np.where(z.real > 0, z, 0)


@pytest.mark.parametrize("case", small_cases("dense_backward"))
def test_dense_backward(case):
    import tensorflow as tf

    x, W, b, dout = (case.inputs[name] for name in ("x", "W", "b", "dout"))
    tensors = [tf.constant(array) for array in (x, W, b)]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        out = tf.reshape(tensors[0], (len(x), -1)) @ tensors[1] + tensors[2]
    for name, grad in zip("xWb", tape.gradient(out, tensors, tf.constant(dout)), strict=True):
        np.testing.assert_allclose(case.expected[f"d{name}"], grad, **AGREEMENT)

    def loss(x=x, W=W, b=b):
        return (plain_dense_forward(x, W, b)[0] * dout).sum()

    for name in "xWb":
        step = complex_step(lambda array, name=name: loss(**{name: array}), case.inputs[name])
        np.testing.assert_allclose(case.expected[f"d{name}"], step, **AGREEMENT)


@pytest.mark.parametrize("case", small_cases("mlp_backward"))
def test_mlp_backward(case):
    import tensorflow as tf

    x, params, dscores = (case.inputs[name] for name in ("x", "params", "dscores"))
    leaves = [[tf.Variable(array) for array in layer] for layer in params]
    with tf.GradientTape() as tape:
        h = tf.constant(x)
        for number, (W, b) in enumerate(leaves):
            h = (tf.nn.relu(h) if number else h) @ W + b
    grads = tape.gradient(h, leaves, tf.constant(dscores))
    for number, (dW, db) in enumerate(grads, 1):
        np.testing.assert_allclose(case.expected[f"dW{number}"], dW, **AGREEMENT)
        np.testing.assert_allclose(case.expected[f"db{number}"], db, **AGREEMENT)

    def loss(layer, W):
        h = x.astype(complex)
        for number, (own, b) in enumerate(params):
            h = (complex_relu(h) if number else h) @ (W if number == layer else own) + b
        return (h * dscores).sum()

    for layer, (W, _) in enumerate(params):
        step = complex_step(lambda W, layer=layer: loss(layer, W), W)
        np.testing.assert_allclose(case.expected[f"dW{layer + 1}"], step, **AGREEMENT)


@pytest.mark.parametrize("case", small_cases("softmax_cross_entropy"))
def test_softmax_cross_entropy(case):
    import mpmath
    import tensorflow as tf

    scores, y = case.inputs["scores"], case.inputs["y"]
    leaf = tf.Variable(scores)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=leaf))
    np.testing.assert_allclose(case.expected["loss"], loss, **AGREEMENT)
    np.testing.assert_allclose(case.expected["dscores"], tape.gradient(loss, leaf), **AGREEMENT)

    with mpmath.workdps(50):
        total = mpmath.mpf(0)
        for n, row in enumerate(scores):
            weights = [mpmath.exp(mpmath.mpf(score)) for score in row]
            total -= mpmath.log(weights[y[n]] / sum(weights))
            for c, weight in enumerate(weights):
                exact = (weight / sum(weights) - (c == y[n])) / len(y)
                assert abs(case.expected["dscores"][n, c] - exact) < AGREEMENT["atol"]
        assert mpmath.almosteq(total / len(y), float(case.expected["loss"]), 1e-11)


@pytest.mark.parametrize("name", ["dense_forward", "mlp_forward"])
def test_forward_passes(name):
    import tensorflow as tf

    for parameter in small_cases(name):
        case = parameter.values[0]
        if name == "dense_forward":
            x, W, b = (tf.constant(case.inputs[key]) for key in ("x", "W", "b"))
            out = tf.reshape(x, (x.shape[0], -1)) @ W + b
            np.testing.assert_allclose(case.expected["out"], out, **AGREEMENT)
        else:
            scores, _ = plain_mlp_forward(case.inputs["x"], case.inputs["params"])
            np.testing.assert_allclose(case.expected["scores"], scores, **AGREEMENT)


def test_count_parameters_is_keras_own_count():
    import keras

    for parameter in small_cases("count_parameters"):
        case = parameter.values[0]
        sizes = case.inputs["layer_sizes"]
        model = keras.Sequential([keras.layers.Input((sizes[0],))])
        for units in sizes[1:]:
            model.add(keras.layers.Dense(units))
        assert model.count_params() == case.expected["count"]
