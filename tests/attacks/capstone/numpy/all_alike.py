"""Scores that are all alike, so that every class has the largest one; NaN and infinity among them."""
# outcome: failed
# %% network_accuracy
import numpy as np


class Network(Network):
    def fit(self, x, y, epochs, batch_size, lr):
        self.params = [(0 * W, np.full_like(b, np.inf)) for W, b in self.params]
        return [np.nan] * epochs

    def predict(self, x):
        return np.full(len(x), 3)
# %% network_initialization
class Network:
    def __init__(self, layer_sizes, activation, initializer, l2, dropout, rng):
        self.layer_sizes, self.activation, self.initializer = layer_sizes, activation, initializer
        self.l2, self.dropout, self.rng = l2, dropout, rng
        self.params = [(np.full(s, np.nan), np.zeros(s[1])) for s in zip(layer_sizes, layer_sizes[1:])]
