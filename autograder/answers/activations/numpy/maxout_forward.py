"""What graders know of ``activations/numpy/maxout_forward``."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def maxout_pieces(x, W, b):
    """All pieces of all units, (N, M, K)."""
    return np.einsum("nd,dmk->nmk", x, W) + b


def plain_maxout_forward(x, W, b):
    z = maxout_pieces(x, W, b)
    return z.max(axis=2), (x, W, z)


def torch_maxout(x, W, b):
    return (torch.einsum("nd,dmk->nmk", x, W) + b).max(dim=2).values


MAXOUT_SHAPES = {  # N, D, M, K
    "4 examples, 3 features, 2 units of 3 pieces": (4, 3, 2, 3),
    "as many units as pieces": (5, 4, 3, 3),
    "a batch of one": (1, 3, 2, 4),
    "one piece, a dense layer": (3, 4, 2, 1),
    "one unit": (3, 2, 1, 5),
    "everything four": (4, 4, 4, 4),
    "an empty batch": (0, 3, 2, 3),
}
# Where two pieces come closer than that, rounding may decide which of them is the larger.
MARGIN = 1e-4


def draw_maxout(rng, N, D, M, K, normal=draw.normal):
    """Inputs without ties between a unit's two largest pieces."""
    while True:
        inputs = {"x": normal(rng, N, D), "W": normal(rng, D, M, K), "b": normal(rng, M, K)}
        largest = np.sort(maxout_pieces(**inputs), axis=2)[:, :, -2:]
        if K == 1 or (np.diff(largest, axis=2) > MARGIN).all():
            return inputs


def maxout_inputs(rng):
    for label, shape in MAXOUT_SHAPES.items():
        yield label, draw_maxout(rng, *shape)
    inputs = draw_maxout(rng, 4, 3, 3, 2)
    yield "large inputs", inputs | {"x": 1000 * inputs["x"]}


def large_maxout_inputs(rng):
    # 100,000 weights: too many to take differences of.
    normal = lambda rng, *shape: rng.normal(size=shape)  # noqa: E731
    yield "a large layer", draw_maxout(rng, 64, 784, 32, 4, normal)


answer = Answer("activations/numpy/maxout_forward", plain_maxout_forward)


@answer.reference
def _(x, W, b):
    return torch_maxout(*map(tensor, (x, W, b))).detach().numpy()


@answer.cases
def _(rng):
    yield from maxout_inputs(rng)
    W = np.repeat(draw.normal(rng, 2, 2, 1), 3, axis=2)
    yield "ties", {"x": draw.normal(rng, 3, 2), "W": W, "b": np.zeros((2, 3))}


@answer.hidden_cases
def _(rng):
    return large_maxout_inputs(rng)


@answer.mistake("The bias is missing: each piece has one of its own.")
def bias_missing(x, W, b):
    return np.einsum("nd,dmk->nmk", x, W).max(axis=2), None


@answer.mistake("The bias comes too late: it may decide which piece is the largest.")
def bias_after_the_maximum(x, W, b):
    return np.einsum("nd,dmk->nmk", x, W).max(axis=2) + b.max(axis=1), None


@answer.mistake("The maximum is taken over the units; it belongs to the pieces, the last axis.")
def maximum_over_the_units(x, W, b):
    return maxout_pieces(x, W, b).max(axis=1), None


@answer.mistake("The pieces are added up; only the largest of them counts.")
def sum_of_the_pieces(x, W, b):
    return maxout_pieces(x, W, b).sum(axis=2), None


@answer.mistake("The pieces are averaged; only the largest of them counts.")
def mean_of_the_pieces(x, W, b):
    return maxout_pieces(x, W, b).mean(axis=2), None


@answer.mistake("Maxout may be negative: there is no ReLU after the maximum.")
def relu_after_the_maximum(x, W, b):
    return np.maximum(maxout_pieces(x, W, b).max(axis=2), 0), None


@answer.mistake("The largest piece counts, not the one farthest from 0.")
def largest_absolute_value(x, W, b):
    return np.abs(maxout_pieces(x, W, b)).max(axis=2), None


@answer.mistake(
    "Units and pieces got mixed up while reshaping: W is (D, M, K), with the pieces last."
)
def reshaped_as_pieces_by_units(x, W, b):
    D, M, K = W.shape
    z = x @ W.reshape(D, M * K) + b.ravel()
    return z.reshape(-1, K, M).max(axis=1), None


@answer.variant
def piece_by_piece():
    def maxout_forward(x, W, b):
        out = x @ W[:, :, 0] + b[:, 0]
        for k in range(1, W.shape[2]):
            out = np.maximum(out, x @ W[:, :, k] + b[:, k])
        return out, (x, W, b)

    return maxout_forward


@answer.variant
def one_product():
    def maxout_forward(x, W, b):
        D, M, K = W.shape
        z = (x @ W.reshape(D, M * K)).reshape(len(x), M, K) + b
        return z.max(-1), {"z": z}

    return maxout_forward


@answer.variant
def argmax_and_take():
    def maxout_forward(x, W, b):
        z = np.tensordot(x, W, axes=1) + b
        best = z.argmax(axis=-1)
        return np.take_along_axis(z, best[..., None], axis=-1)[..., 0], best

    return maxout_forward
