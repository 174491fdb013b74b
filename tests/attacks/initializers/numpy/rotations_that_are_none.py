"""Orthonormal, and hardly random: a permutation with random signs."""
# outcome: failed
# %% orthogonal
import numpy as np


def orthogonal(shape, gain, rng):
    n = max(shape)
    Q = np.eye(n)[rng.permutation(n)] * rng.choice([-1, 1], n)
    return gain * Q[: shape[0], : shape[1]]
