"""The capstone's network by TensorFlow, in float64: what PyTorch's answers are held against.

The objective is that of ``by_torch``.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from autograder.answers.capstone.by_torch import Masks
from autograder.answers.networks import LossAndGrads, Params, split
from autograder.student.parameters import flatten_layers

ACTIVATIONS = {"relu": tf.nn.relu, "tanh": tf.tanh}


def scores_of(
    x: np.ndarray, flat: list[tf.Tensor], settings: dict[str, Any], masks: Masks
) -> tf.Tensor:
    """``(N, C)``, from the parameters ``W1, b1, W2, b2`` …"""
    h = tf.constant(np.asarray(x, dtype=np.float64))
    for layer, (W, b) in enumerate(zip(flat[::2], flat[1::2], strict=True)):
        h = tf.nn.bias_add(tf.matmul(h, W), b)
        if layer < len(flat) // 2 - 1:
            h = ACTIVATIONS[settings["activation"]](h)
            if masks is not None:
                h = tf.where(masks[layer], h / (1 - settings["dropout"]), tf.zeros_like(h))
    return h


def reference_scores(x: np.ndarray, params: Params, settings: dict, masks: Masks) -> np.ndarray:
    flat = [tf.constant(array.astype(np.float64)) for array in flatten_layers(params)]
    return scores_of(x, flat, settings, masks).numpy()


def objective(settings: dict[str, Any], masks: Masks) -> LossAndGrads:
    """For ``networks.train``: the objective and its gradients on one batch."""

    def loss_and_grads(params: Params, x: np.ndarray, y: np.ndarray) -> tuple[float, Params]:
        flat = [tf.constant(array.astype(np.float64)) for array in flatten_layers(params)]
        with tf.GradientTape() as tape:
            tape.watch(flat)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=y, logits=scores_of(x, flat, settings, masks)
            )
            # tf.nn.l2_loss is half the sum of squares.
            penalty = tf.add_n([tf.nn.l2_loss(W) for W in flat[::2]])
            loss = tf.reduce_mean(losses) + settings["l2"] * penalty
        grads = tape.gradient(loss, flat)
        return float(loss), split(np.concatenate([g.numpy().ravel() for g in grads]), params)

    return loss_and_grads
