"""The gradients by which the references of ``train_step`` are made, held to TensorFlow's."""

import numpy as np
import tensorflow as tf

from autograder.answers import draw
from autograder.answers.autodiff_tensorflow import relu_network
from autograder.answers.networks import loss_and_grads


def test_loss_and_gradients_are_tensorflows():
    rng = np.random.default_rng(3)
    params = draw.layers(rng, 5, 6, 4, 3)
    x, y = draw.normal(rng, 7, 5), rng.integers(0, 3, size=7)
    leaves = [tf.constant(array) for layer in params for array in layer]
    with tf.GradientTape() as tape:
        tape.watch(leaves)
        scores = relu_network(tf.constant(x), *leaves)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=scores)
        due = tf.reduce_mean(losses)
    due_grads = tape.gradient(due, leaves)
    loss, grads = loss_and_grads(params, x, y)
    # Float64, a few sums of a handful of numbers each.
    np.testing.assert_allclose(loss, float(due), rtol=1e-12)
    for found, expected in zip((g for layer in grads for g in layer), due_grads, strict=True):
        np.testing.assert_allclose(found, expected.numpy(), rtol=1e-11, atol=1e-13)
