"""Values with exactly the mean and the spread that are due, and of no such distribution."""
# outcome: failed
# %% random_normal
import numpy as np


def random_normal(shape, stddev, rng):
    return rng.permuted(np.resize([stddev, -stddev], shape).ravel()).reshape(shape)
# %% glorot_normal
def glorot_normal(shape, rng):
    std = np.sqrt(2 / sum(compute_fans(shape)))
    x = rng.normal(size=shape)
    return (x - x.mean()) / x.std() * std
