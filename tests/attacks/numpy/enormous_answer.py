"""Returns an array of a trillion elements that costs its maker nothing."""
# attacks: dense_forward, dense_backward
# outcome: failed, crashed, out of memory
# %% dense_forward
import numpy as np


def dense_forward(x, W, b):
    return np.broadcast_to(1.0, (10**6, 10**6)), None
