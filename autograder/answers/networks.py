"""Networks of dense layers for cases: drawn where their derivatives are certain, and trained."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.autodiff import tensor

Params = list[tuple[np.ndarray, np.ndarray]]  # (W (in, out), b (out,)) a layer
Batches = list[tuple[np.ndarray, np.ndarray]]  # (x (N, D), y (N,))
LossAndGrads = Callable[[Params, np.ndarray, np.ndarray], tuple[float, Params]]
# From all parameters as one vector, and their gradients, to the new parameters; it keeps what the
# optimizer remembers.
Update = Callable[[np.ndarray, np.ndarray], np.ndarray]

# A sum that is 0 in decimal numbers may come out on either side of a ReLU's kink in binary ones.
KINK_MARGIN = 0.01
# Adam divides by a gradient's size. Where that is small against float32's rounding of it, two
# right programs take visibly different steps.
LEAST_GRADIENT = 1e-3


def loss_and_grads(params: Params, x: np.ndarray, y: np.ndarray) -> tuple[float, Params]:
    """The mean cross-entropy of a ReLU network's scores, and its gradients by PyTorch's autodiff.

    Parameters
    ----------
    y : classes, ``(N,)`` int.
    """
    leaves = [tensor(array) for layer in params for array in layer]
    h = torch.from_numpy(x.astype(np.float64))
    for W, b in zip(leaves[:-2:2], leaves[1:-2:2], strict=True):
        h = torch.relu(h @ W + b)
    loss = torch.nn.functional.cross_entropy(h @ leaves[-2] + leaves[-1], torch.from_numpy(y))
    grads = torch.autograd.grad(loss, leaves)
    return loss.item(), split(np.concatenate([grad.numpy().ravel() for grad in grads]), params)


def away_from_kinks(x: np.ndarray, params: Params) -> bool:
    """Whether no hidden unit of the ReLU network comes near its kink on the batch."""
    h = x
    for W, b in params[:-1]:
        z = h @ W + b
        if np.abs(z).min() < KINK_MARGIN:
            return False
        h = np.maximum(z, 0)
    return True


def draw_network(rng: np.random.Generator, examples: int, *sizes: int) -> tuple[np.ndarray, Params]:
    """A batch ``(N, D)`` and a ReLU network that meets none of its kinks on it."""
    while True:
        x, params = draw.normal(rng, examples, sizes[0]), draw.layers(rng, *sizes)
        if away_from_kinks(x, params):
            return x, params


def draw_training(
    rng: np.random.Generator,
    optimizer: Callable[[], Update],
    examples: int,
    sizes: tuple[int, ...],
    steps: int,
    least_gradient: float = 0.0,
) -> dict[str, Any]:
    """``params`` of a ReLU network and as many ``batches`` as there are steps.

    No step comes near a kink, and in the first one every gradient is exactly 0 or at least
    ``least_gradient``.
    """
    while True:
        params = [(0.5 * W, 0.5 * b) for W, b in draw.layers(rng, *sizes)]
        batches = [
            (draw.normal(rng, examples, sizes[0]), rng.integers(0, sizes[-1], size=examples))
            for _ in range(steps)
        ]
        if _is_certain(params, batches, optimizer(), least_gradient):
            return {"params": params, "batches": batches}


def _is_certain(params: Params, batches: Batches, update: Update, least_gradient: float) -> bool:
    for number, batch in enumerate(batches):
        if not away_from_kinks(batch[0], params):  # most end here, before there is a gradient
            return False
        (step,) = follow(loss_and_grads, params, [batch], update)
        sizes = np.abs(join(step.grads))
        if number == 0 and (sizes[sizes > 0] < least_gradient).any():
            return False
        params = step.after
    return True


class Step(NamedTuple):
    """One step of training: where it starts, the loss and gradients there, and where it ends."""

    params: Params
    loss: float
    grads: Params
    after: Params


def follow(
    loss_and_grads: LossAndGrads, params: Params, batches: Batches, update: Update
) -> Iterator[Step]:
    """The steps of training, one a batch."""
    for x, y in batches:
        loss, grads = loss_and_grads(params, x, y)
        after = split(update(join(params), join(grads)), params)
        yield Step(params, loss, grads, after)
        params = after


def train(params: Params, batches: Batches, update: Update) -> dict[str, np.ndarray]:
    """The loss before each step, and the parameters after the last: ``losses``, ``W1``, ``b1`` …"""
    path = list(follow(loss_and_grads, params, batches, update))
    outputs = {"losses": np.array([step.loss for step in path])}
    for number, (W, b) in enumerate(path[-1].after, 1):
        outputs |= {f"W{number}": W, f"b{number}": b}
    return outputs


def join(params: Params) -> np.ndarray:
    """All parameters in one float64 vector."""
    return np.concatenate([array.astype(np.float64).ravel() for layer in params for array in layer])


def split(vector: np.ndarray, like: Params) -> Params:
    """The vector in the shapes of ``like``; undoes ``join``."""
    pieces, start = [], 0
    for layer in like:
        arrays = []
        for array in layer:
            arrays.append(vector[start : start + array.size].reshape(array.shape))
            start += array.size
        pieces.append(tuple(arrays))
    return pieces


def sgd(learning_rate: float, momentum: float = 0.0) -> Update:
    """Gradient descent with momentum; Keras and PyTorch agree on it (without dampening)."""
    velocity = 0.0

    def update(params: np.ndarray, grads: np.ndarray) -> np.ndarray:
        nonlocal velocity
        velocity = momentum * velocity + grads
        return params - learning_rate * velocity

    return update


def adam(learning_rate: float, epsilon: float, corrected: bool) -> Update:
    """Adam with decay rates 0.9 and 0.999 (Kingma and Ba 2015).

    ``corrected`` says which square root ``epsilon`` is added to: that of the corrected second
    moment, as in PyTorch and in the paper's Algorithm 1, or that of the plain one, as in Keras
    (the paper's "epsilon hat").
    """
    m = v = 0.0
    t = 0

    def update(params: np.ndarray, grads: np.ndarray) -> np.ndarray:
        nonlocal m, v, t
        t += 1
        m = 0.9 * m + 0.1 * grads
        v = 0.999 * v + 0.001 * grads**2
        correction = np.sqrt(1 - 0.999**t)
        root = np.sqrt(v) + epsilon * (correction if corrected else 1.0)
        return params - learning_rate * correction / (1 - 0.9**t) * m / root

    return update
