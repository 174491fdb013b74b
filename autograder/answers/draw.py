"""Random inputs for cases, with few digits, so that a message about them can be read."""

from itertools import pairwise

import numpy as np


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Standard normal values to two decimals; none is zero, where a kink might be."""
    values = rng.standard_normal(shape).round(2)
    return np.where(values == 0, 0.5, values)


def uniform(rng: np.random.Generator, low: float, high: float, *shape: int) -> np.ndarray:
    """Uniform values on [low, high) to two decimals."""
    return np.round(rng.uniform(low, high, size=shape), 2)


def layers(rng: np.random.Generator, *sizes: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights and biases ``(W (in, out), b (out,))`` for layers of these sizes."""
    return [(normal(rng, n_in, n_out), normal(rng, n_out)) for n_in, n_out in pairwise(sizes)]
