"""What graders know of ``regularization/numpy/max_norm``: (in, out), a unit is a column."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_max_norm(W, c):
    norms = np.sqrt(np.sum(W**2, axis=0))
    return W * np.minimum(1, c / np.maximum(norms, 1e-300))


answer = Answer("regularization/numpy/max_norm", plain_max_norm)


@answer.reference
def _(W, c):
    w = tensor(W)
    norms = torch.linalg.vector_norm(w, dim=0)
    return torch.where(norms > c, w * (c / norms), w).detach().numpy()


def columns_of_norms(rng, n_in, norms):
    """A matrix whose columns have about these norms."""
    W = draw.normal(rng, n_in, len(norms))
    W = W / np.linalg.norm(W, axis=0)
    return np.round(W * norms, 3)


@answer.cases
def _(rng):
    yield "shorter and longer columns", {"W": columns_of_norms(rng, 3, [0.6, 4, 1.5, 9]), "c": 2.0}
    zero = columns_of_norms(rng, 3, [0, 5, 1])
    yield "a column of zeros", {"W": zero, "c": 0.75}
    yield "as many rows as columns", {"W": columns_of_norms(rng, 3, [3, 0.5, 6]), "c": 1.0}
    yield "all are short", {"W": columns_of_norms(rng, 4, [1, 0.7, 1.5]), "c": 3.0}
    yield "a column of norm 5, c = 5", {"W": np.array([[3.0, 6.0], [-4.0, 8.0]]), "c": 5.0}
    yield "one unit", {"W": columns_of_norms(rng, 5, [8]), "c": 0.5}
    yield "large weights", {"W": columns_of_norms(rng, 3, [1000, 10, 1]), "c": 4.0}


@answer.hidden_cases
def _(rng):
    yield "a large layer", {"W": draw.normal(rng, 300, 200), "c": 17.0}


def scaled(W, norms, c):
    return W * np.minimum(1, c / np.maximum(norms, 1e-300))


@answer.mistake("These are the norms of the rows; a unit's incoming weights are a column.")
def rows(W, c):
    return scaled(W, np.linalg.norm(W, axis=1, keepdims=True), c)


@answer.mistake("That is the norm of the whole matrix; every unit has its own.")
def whole_matrix(W, c):
    return scaled(W, np.linalg.norm(W), c)


@answer.mistake("Shorter columns are scaled up to c; they stay as they are.")
def shorter_scaled_up(W, c):
    norms = np.linalg.norm(W, axis=0)
    return W * c / np.where(norms > 0, norms, 1)


@answer.mistake("Every weight is cut at c by itself; it is the column's norm that counts.")
def weights_cut(W, c):
    return np.clip(W, -c, c)


@answer.mistake("That is the sum of squares; the norm is its root.")
def squared_norm(W, c):
    return scaled(W, np.sum(W**2, axis=0), c)


@answer.mistake("Longer columns are scaled down to norm 1; it is c.")
def to_norm_one(W, c):
    norms = np.linalg.norm(W, axis=0)
    return np.where(norms > c, W / np.maximum(norms, 1e-300), W)


@answer.mistake("A column of zeros has norm 0, and 0/0 is NaN: it stays zero.")
def zero_divided_by_zero(W, c):
    norms = np.linalg.norm(W, axis=0)
    with np.errstate(invalid="ignore"):
        return W * np.minimum(norms, c) / norms


@answer.mistake("That is the sum of absolute values; the norm is the root of the sum of squares.")
def sum_of_sizes(W, c):
    return scaled(W, np.abs(W).sum(axis=0), c)


@answer.mistake("W was changed in place; the caller still needs it: make a new array.")
def in_place(W, c):
    W *= np.minimum(1, c / np.maximum(np.linalg.norm(W, axis=0), 1e-300))
    return W


@answer.variant
def as_in_keras():
    def max_norm(W, c):
        norms = np.sqrt(np.sum(np.square(W), axis=0, keepdims=True))
        return W * (np.clip(norms, 0, c) / (1e-7 + norms))

    return max_norm


@answer.variant
def column_by_column():
    def max_norm(W, c):
        W = W.copy()
        for j in range(W.shape[1]):
            norm = np.linalg.norm(W[:, j])
            if norm > c:
                W[:, j] *= c / norm
        return W

    return max_norm
