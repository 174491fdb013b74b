"""Returns text, dates and records as arrays."""
# %% dense_backward
import numpy as np


def dense_backward(dout, cache):
    x, W, b = cache
    return (
        np.full(x.shape, "0.0"),
        np.zeros(W.shape, "datetime64[s]"),
        np.zeros(b.shape, [("value", float)]),
    )
