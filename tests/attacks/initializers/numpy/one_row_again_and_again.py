"""One row of good numbers for all rows, under random signs; and good numbers in order of size."""
# outcome: failed
# %% he_normal
import numpy as np


def he_normal(shape, rng):
    std = np.sqrt(2 / compute_fans(shape)[0])
    row = rng.normal(0, std, shape[1:])
    return np.stack([row * rng.choice([-1, 1], shape[1:]) for _ in range(shape[0])])
# %% lecun_normal
def lecun_normal(shape, rng):
    std = np.sqrt(1 / compute_fans(shape)[0])
    return np.sort(rng.normal(0, std, shape), axis=None).reshape(shape)
