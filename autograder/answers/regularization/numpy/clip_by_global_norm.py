"""What graders know of ``regularization/numpy/clip_by_global_norm``.

Without a framework's epsilon: PyTorch adds 1e-6 to the norm it divides by, TensorFlow nothing.
"""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_clip_by_global_norm(grads, max_norm):
    norm = float(np.sqrt(sum(np.sum(grad**2) for grad in grads)))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [grad * scale for grad in grads], norm


answer = Answer("regularization/numpy/clip_by_global_norm", plain_clip_by_global_norm)


@answer.reference
def _(grads, max_norm):
    leaves = [tensor(grad) for grad in grads]
    norm = torch.nn.utils.get_total_norm(leaves)
    scale = torch.clamp(max_norm / norm, max=1.0)
    clipped = {f"grad{i}": (leaf * scale).detach().numpy() for i, leaf in enumerate(leaves, 1)}
    return {"norm": norm.detach().numpy(), **clipped}


@answer.cases
def _(rng):
    def grads(*shapes, scale=1.0):
        return [scale * draw.normal(rng, *shape) for shape in shapes]

    network = ((3, 4), (4,), (4, 2), (2,))
    # One array alone is shorter than the limit, all together are longer.
    together = [np.array([[3.0, 0.0], [0.0, 0.0]]), np.array([4.0, 0.0])]
    yield "norms 3 and 4, limit 4.5", {"grads": together, "max_norm": 4.5}
    yield "a network, clipped", {"grads": grads(*network), "max_norm": 1.5}
    yield "a network, short enough", {"grads": grads(*network, scale=0.1), "max_norm": 25.0}
    yield "a kernel and a bias", {"grads": grads((3, 3, 1, 2), (2,), scale=10), "max_norm": 2.0}
    yield "one array", {"grads": grads((5,), scale=3), "max_norm": 0.5}
    yield "all zeros", {"grads": [np.zeros((2, 2)), np.zeros(2)], "max_norm": 1.0}


@answer.mistake("Every array is clipped by its own norm: one norm over all of them is due.")
def each_by_its_own(grads, max_norm):
    clipped = [plain_clip_by_global_norm([grad], max_norm)[0][0] for grad in grads]
    return clipped, plain_clip_by_global_norm(grads, max_norm)[1]


@answer.mistake("The norm that is returned is the one before clipping.")
def norm_afterwards(grads, max_norm):
    clipped, norm = plain_clip_by_global_norm(grads, max_norm)
    return clipped, min(norm, max_norm)


@answer.mistake("Gradients shorter than max_norm are scaled up; they stay as they are.")
def shorter_scaled_up(grads, max_norm):
    _, norm = plain_clip_by_global_norm(grads, max_norm)
    return [grad * (max_norm / norm if norm else 1.0) for grad in grads], norm


@answer.mistake(
    "Every number is cut by itself, which turns the direction; scale all by one factor."
)
def numbers_cut(grads, max_norm):
    clipped = [np.clip(grad, -max_norm, max_norm) for grad in grads]
    return clipped, plain_clip_by_global_norm(grads, max_norm)[1]


@answer.mistake(
    "The global norm isn't the sum of the arrays' norms: add the squares, then the root."
)
def sum_of_norms(grads, max_norm):
    norm = float(sum(np.linalg.norm(grad.ravel()) for grad in grads))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [grad * scale for grad in grads], norm


@answer.mistake("That is the sum of squares; the norm is its root.")
def squared_norm(grads, max_norm):
    norm = float(sum(np.sum(grad**2) for grad in grads))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [grad * scale for grad in grads], norm


@answer.mistake("Gradients of 0 become NaN: with norm 0 there is nothing to divide by.")
def zero_divided_by_zero(grads, max_norm):
    norm = plain_clip_by_global_norm(grads, max_norm)[1]
    with np.errstate(all="ignore"):
        return [grad * (np.float64(min(norm, max_norm)) / norm) for grad in grads], norm


@answer.mistake("The arrays were changed in place; the caller still needs them.")
def in_place(grads, max_norm):
    clipped, norm = plain_clip_by_global_norm(grads, max_norm)
    for grad, new in zip(grads, clipped, strict=True):
        grad[...] = new
    return grads, norm


@answer.variant
def as_in_pytorch():
    def clip_by_global_norm(grads, max_norm):
        norm = np.linalg.norm([np.linalg.norm(grad.ravel()) for grad in grads])
        scale = np.clip(max_norm / (norm + 1e-6), None, 1.0)
        return [scale * grad for grad in grads], norm

    return clip_by_global_norm


@answer.variant
def joined():
    def clip_by_global_norm(grads, max_norm):
        joined = np.concatenate([grad.ravel() for grad in grads])
        norm = np.sqrt(joined @ joined)
        return tuple(grad * (max_norm / max(norm, max_norm)) for grad in grads), norm

    return clip_by_global_norm
