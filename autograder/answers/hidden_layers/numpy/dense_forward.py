"""What graders know of ``hidden-layers/numpy/dense_forward``."""

import math

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_dense_forward(x, W, b):
    return x.reshape(len(x), -1) @ W + b, (x, W, b)


def torch_dense(x, W, b):
    return x.flatten(1) @ W + b


DENSE_SHAPES = {
    "2 examples, 3 features, 2 units": ((2, 3), 2),
    "as many examples as units": ((3, 4), 3),
    "square weights": ((5, 4), 4),
    "a batch of one": ((1, 4), 3),
    "images of 2x3 pixels": ((4, 2, 3), 5),
    "color images, (N, d1, d2, d3)": ((2, 3, 2, 2), 3),
}


def dense_inputs(rng, shape, units):
    return {
        "x": draw.normal(rng, *shape),
        "W": draw.normal(rng, math.prod(shape[1:]), units),
        "b": draw.normal(rng, units),
    }


answer = Answer("hidden-layers/numpy/dense_forward", plain_dense_forward)


@answer.reference
def _(x, W, b):
    return torch_dense(*map(tensor, (x, W, b))).detach().numpy()


@answer.cases
def _(rng):
    for label, (shape, units) in DENSE_SHAPES.items():
        yield label, dense_inputs(rng, shape, units)


@answer.mistake("Without a bias, every unit's output is 0 wherever its input is.")
def bias_missing(x, W, b):
    return x.reshape(len(x), -1) @ W, None


@answer.mistake("The bias is subtracted; it has to be added.")
def bias_subtracted(x, W, b):
    return x.reshape(len(x), -1) @ W - b, None


@answer.mistake("A dense layer is linear; an activation is a step of its own, after it.")
def relu_applied(x, W, b):
    return np.maximum(plain_dense_forward(x, W, b)[0], 0), None


@answer.mistake("W is (in, out): x @ W, not its transpose.")
def weights_transposed_forward(x, W, b):
    return x.reshape(len(x), -1) @ W.T + b, None


@answer.mistake(
    "x has more than two dimensions here: each example's numbers belong in one row first."
)
def not_flattened(x, W, b):
    return x @ W + b, None


@answer.mistake(
    "The examples got mixed up while flattening: keep the batch's axis first, then take the rest "
    "in memory order."
)
def flattened_in_column_order(x, W, b):
    return x.reshape(len(x), -1, order="F") @ W + b, None


@answer.mistake("With as many examples as units, b lines up wrongly: one b for each unit.")
def bias_down_the_batch(x, W, b):
    out = x.reshape(len(x), -1) @ W
    return (out.T + b).T if len(x) == len(b) else out + b, None


@answer.variant
def einsum_dense():
    def dense_forward(x, W, b):
        flat = x.reshape(x.shape[0], -1)
        return np.einsum("nd,dm->nm", flat, W) + b[None, :], {"anything": flat}

    return dense_forward


@answer.variant
def row_by_row():
    def dense_forward(x, W, b):
        out = np.empty((x.shape[0], W.shape[1]))
        for n, row in enumerate(x):
            out[n] = row.ravel().dot(W) + b
        return out, None

    return dense_forward


@answer.variant
def tensordot():
    def dense_forward(x, W, b):
        kernel = W.reshape(*x.shape[1:], -1)
        out = np.tensordot(x, kernel, axes=x.ndim - 1)
        out += b
        return out, (x, W)

    return dense_forward
