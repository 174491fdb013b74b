"""Weights and references for penalties."""

from collections.abc import Callable, Iterator

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.autodiff import tensor, vjp

SHAPES = {
    "a matrix": (3, 2),
    "a vector": (4,),
    "a convolution's kernel": (2, 2, 3, 2),
    "a single weight": (1, 1),
}


def weights_of_shapes(rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray]]:
    """Weights of all shapes; among the first ones are 0 and negative zero."""
    for label, shape in SHAPES.items():
        W = draw.normal(rng, *shape)
        if label == "a matrix":
            W[0, 0], W[1, 1], W[2, 0], W[2, 1] = 0.0, -0.0, -1.5, 2.0
        yield label, W
    yield "large weights", np.array([[1e3, -1e3], [2.5, -1e3]])
    yield "a view, not contiguous", draw.normal(rng, 4, 6)[::2, 1::2]


def penalty_and_gradient(
    penalty: Callable[[torch.Tensor], torch.Tensor], W: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A penalty and its gradient by PyTorch; that of the absolute value is 0 at 0."""
    return penalty(tensor(W)).detach().numpy(), *vjp(penalty, (W,), np.array(1.0))
