"""Returns an object that turns into another array each time somebody looks."""
# %% two_layer_network
import itertools

import numpy as np

counter = itertools.count()


class Lazy:
    def __array__(self, dtype=None, copy=None):
        return np.full(3, float(next(counter)))

    @property
    def shape(self):
        return (next(counter),)


def two_layer_network(x, W1, b1, W2, b2):
    return Lazy(), Lazy()
