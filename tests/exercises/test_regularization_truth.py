"""The references of ``regularization`` held against the other framework and known facts.

NumPy's and Keras' exercises have PyTorch for their truth, PyTorch's have TensorFlow. Masks are
judged by distribution: fair ones pass, faked ones don't.
"""

import numpy as np
import pytest
import tensorflow as tf
import torch

from autograder.answers import load_answer
from autograder.answers.autodiff_tensorflow import vjp
from autograder.student import masks
from autograder.student.exercise import Wrong

# Two frameworks' sums of a few dozen float64 numbers differ in the last two or three digits;
# 1/sqrt(eps) magnifies that where a variance is 0.
RTOL, ATOL = 1e-10, 1e-10


def cases_of(name):
    answer = load_answer(f"regularization/{name}")
    for case in answer.hidden_references(7).cases:
        yield answer, case.inputs, case.expected


def check(found, expected):
    for value, due in zip(found, expected.values(), strict=True):
        np.testing.assert_allclose(value, due, rtol=RTOL, atol=ATOL)


def test_layer_normalization_agrees_with_tensorflow():
    for _, inputs, expected in cases_of("numpy/layernorm_backward"):
        eps = inputs["options"].get("eps", 1e-5)

        def layernorm(x, gamma, beta, eps=eps):
            mean, variance = tf.nn.moments(x, [1], keepdims=True)
            return tf.nn.batch_normalization(x, mean, variance, beta, gamma, eps)

        leaves = [inputs[key] for key in ("x", "gamma", "beta")]
        check(vjp(layernorm, leaves, inputs["dout"])[1:], expected)


def test_batch_normalization_agrees_with_tensorflow():
    for _, inputs, expected in cases_of("numpy/batchnorm_backward"):
        eps = inputs["options"].get("eps", 1e-5)
        running, training = inputs["running"], inputs["training"]

        def batchnorm(x, gamma, beta, eps=eps, running=running, training=training):
            mean, variance = (tf.constant(running[key], tf.float64) for key in ("mean", "var"))
            if training:
                mean, variance = tf.nn.moments(x, [0])
            return tf.nn.batch_normalization(x, mean, variance, beta, gamma, eps)

        leaves = [inputs[key] for key in ("x", "gamma", "beta")]
        check(vjp(batchnorm, leaves, inputs["dout"])[1:], expected)


def test_global_norm_agrees_with_tensorflow():
    for _, inputs, expected in cases_of("numpy/clip_by_global_norm"):
        grads = [tf.constant(np.asarray(grad, float)) for grad in inputs["grads"]]
        clipped, norm = tf.clip_by_global_norm(grads, inputs["max_norm"])
        check([norm, *clipped], expected)


def test_elastic_net_agrees_with_tensorflow():
    for _, inputs, expected in cases_of("numpy/elastic_net_penalty"):

        def penalty(W, l1=inputs["l1"], l2=inputs["l2"]):
            return l1 * tf.reduce_sum(tf.abs(W)) + l2 * tf.nn.l2_loss(W)  # which has the ½

        check(vjp(penalty, [inputs["W"]], np.array(1.0)), expected)


def test_layernorm_function_agrees_with_pytorch():
    for _, inputs, expected in cases_of("pytorch/LayerNormFunction"):
        x, gamma, beta = (
            torch.tensor(inputs[k], dtype=torch.float64) for k in ("x", "gamma", "beta")
        )
        out = torch.nn.functional.layer_norm(x, (x.shape[1],), gamma, beta, inputs["eps"])
        np.testing.assert_allclose(out, expected["out"], rtol=RTOL, atol=ATOL)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_fair_masks_pass(rate):
    for seed in range(5):
        masks.check_masks(np.random.default_rng(seed).random((3, 40, 50)) >= rate, rate)
        masks.check_masks(
            np.random.default_rng(seed).random((1000, 2, 2)) >= rate, rate, small=True
        )


def rows_alike(rng):
    return np.broadcast_to(rng.random((3, 1, 50)) >= 0.3, (3, 40, 50))


def mirrored(rng):
    half = rng.random((3, 40, 25)) >= 0.3
    return np.concatenate([half, half[:, ::-1, ::-1]], axis=2)


def tiled(rng):
    return np.tile(rng.random((3, 20, 50)) >= 0.3, (1, 2, 1))


def drawn_once(rng):
    return np.repeat(rng.random((1, 40, 50)) >= 0.3, 3, axis=0)


def share_of_kept(rng):
    return rng.random((3, 40, 50)) >= 0.7


@pytest.mark.parametrize("fake", [rows_alike, mirrored, tiled, drawn_once, share_of_kept])
def test_faked_masks_fail(fake):
    for seed in range(3):
        with pytest.raises(Wrong):
            masks.check_masks(fake(np.random.default_rng(seed)), 0.3)


def test_a_fixed_number_of_dropped_elements_fails():
    rng = np.random.default_rng(0)
    fixed = rng.permuted(np.tile([True, True, False, False], (2000, 1)), axis=1)
    with pytest.raises(Wrong, match="independent"):
        masks.check_masks(fixed.reshape(2000, 2, 2), 0.5, small=True)
