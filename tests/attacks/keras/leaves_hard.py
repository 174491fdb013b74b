"""Ends its process from inside a layer."""
# outcome: crashed
# %% DenseLayer
import os

import keras


class DenseLayer(keras.layers.Layer):
    def __init__(self, units, activation=None):
        super().__init__()
        os._exit(0)
