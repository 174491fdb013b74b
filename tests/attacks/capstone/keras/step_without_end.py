"""A compiled loop that never ends, which no interrupt reaches."""
# outcome: timed out
# %% network_training
import tensorflow as tf


@tf.function
def forever(x):
    while tf.reduce_sum(x) > -1.0:
        x = x + 1.0
    return x


class Network(Network):
    def step(self, x, y, lr, masks=None):
        return forever(tf.constant(0.0))
