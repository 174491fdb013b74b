"""References by TensorFlow's autodiff, in float64, for what is written in PyTorch."""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf


def vjp(
    function: Callable[..., tf.Tensor], inputs: Sequence[np.ndarray], dout: np.ndarray
) -> tuple[np.ndarray, ...]:
    """The output of ``function`` at ``inputs``, and its vector-Jacobian product: one gradient an
    input.

    Parameters
    ----------
    function : from float64 tensors to one tensor, in TensorFlow's operations.
    dout : the gradient at its output, of the output's shape.
    """
    leaves = [tf.constant(np.asarray(array, dtype=np.float64)) for array in inputs]
    with tf.GradientTape() as tape:
        tape.watch(leaves)
        out = function(*leaves)
    grads = tape.gradient(out, leaves, tf.constant(np.asarray(dout, dtype=np.float64)))
    return out.numpy(), *(grad.numpy() for grad in grads)


def relu_network(x: tf.Tensor, *parameters: tf.Tensor) -> tf.Tensor:
    """Scores of a network of dense layers; ``parameters`` are ``W1, b1, W2, b2`` …"""
    h = x
    for W, b in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        h = tf.nn.relu(tf.nn.bias_add(h @ W, b))
    return tf.nn.bias_add(h @ parameters[-2], parameters[-1])
