"""Returns TensorFlow objects that aren't numbers: text, ragged rows, sparse ones, data sets."""
# %% train_step
import tensorflow as tf


def train_step(model, optimizer, x, y):
    return tf.constant("0.0")
# %% DenseLayer
import keras
import tensorflow as tf


class DenseLayer(keras.layers.Layer):
    def __init__(self, units, activation=None):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.units,))

    def call(self, x):
        return tf.ragged.constant([[1.0], [1.0, 2.0]])
