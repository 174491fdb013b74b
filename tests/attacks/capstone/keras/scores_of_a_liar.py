"""A model that gives weights which it doesn't compute with, and tensors that convert to others."""
# outcome: failed, crashed
# %% network_forward
import numpy as np
import tensorflow as tf


class Scores(tf.experimental.ExtensionType):
    value: tf.Tensor

    def numpy(self):
        return np.zeros(self.value.shape)


class Network(Network):
    def forward(self, x, masks=None):
        return Scores(self.dense[-1](x) if len(self.dense) == 1 else x)
# %% network_training
class Network(Network):
    @property
    def trainable_weights(self):
        return super().trainable_weights[::-1]

    def step(self, x, y, lr, masks=None):
        for weight in super().trainable_weights:
            weight.assign(tf.random.normal(weight.shape, dtype=weight.dtype))
        return tf.constant(0.5)
