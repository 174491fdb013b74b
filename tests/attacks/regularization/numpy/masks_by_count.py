"""Masks that drop exactly the share that is due from each row, and one that knows no generator."""
# outcome: failed
# %% dropout_mask
import numpy as np


def dropout_mask(shape, rate, rng):
    dropped = round(rate * shape[-1])
    mask = np.ones(shape, bool)
    mask[..., :dropped] = False
    return rng.permuted(mask, axis=-1)
