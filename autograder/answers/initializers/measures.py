"""Activations in PyTorch, and weights, for what measures how signals grow and shrink."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch

# In PyTorch's own operations what autograder.student.exercises.initializers_numpy has in NumPy's.
TORCH_ACTIVATIONS = {
    "identity": lambda z: z,
    "relu": torch.relu,
    "leaky": lambda z: torch.nn.functional.leaky_relu(z, 0.1),
    "tanh": torch.tanh,
    "sine": torch.sin,
    "softsign": torch.nn.functional.softsign,
}


def draw_weights(rng: np.random.Generator, sizes: Sequence[int], gain: float) -> list[np.ndarray]:
    """Weights (in, out) with standard deviation gain / √in."""
    return [
        gain / math.sqrt(n_in) * rng.normal(size=(n_in, n_out)) for n_in, n_out in pairwise(sizes)
    ]
