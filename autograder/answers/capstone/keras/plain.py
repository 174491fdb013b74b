"""A right network in Keras, which the known mistakes and the variants change."""

import itertools

import keras
import tensorflow as tf


class PlainNetwork(keras.Model):
    precision = "float64"

    def __init__(self, layer_sizes, activation, initializer, l2, dropout, rng):
        super().__init__()
        self.l2, self.dropout = l2, dropout
        self.act = keras.activations.get(activation)
        self.dense = []
        for n_in, n_out in itertools.pairwise(layer_sizes):
            layer = keras.layers.Dense(
                n_out,
                kernel_initializer=self.make_initializer(initializer, activation, rng),
                bias_initializer=self.make_bias_initializer(),
                dtype=self.precision,
            )
            layer.build((None, n_in))
            self.dense.append(layer)

    def draw_seed(self, rng):
        return int(rng.integers(2**31))

    def make_initializer(self, initializer, activation, rng):
        kinds = {
            "he_normal": keras.initializers.HeNormal,
            "glorot_normal": keras.initializers.GlorotNormal,
        }
        return kinds[initializer](seed=self.draw_seed(rng))

    def make_bias_initializer(self):
        return "zeros"

    def drop(self, h, mask):
        return h * tf.cast(mask, h.dtype) / (1 - self.dropout)

    def forward(self, x, masks=None):
        h = x
        for number, layer in enumerate(self.dense[:-1]):
            h = self.act(layer(h))
            if masks is not None:
                h = self.drop(h, masks[number])
        return self.dense[-1](h)

    def mean_loss(self, scores, y):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=scores)
        return tf.reduce_mean(losses)

    def penalty(self):
        return self.l2 / 2 * sum(tf.reduce_sum(layer.kernel**2) for layer in self.dense)

    def objective(self, x, y, masks):
        return self.mean_loss(self.forward(x, masks), y) + self.penalty()

    def step(self, x, y, lr, masks=None):
        weights = self.trainable_weights
        with tf.GradientTape() as tape:
            loss = self.objective(x, y, masks)
        for weight, grad in zip(weights, tape.gradient(loss, weights), strict=True):
            self.update(weight, grad, lr)
        return loss

    def update(self, weight, grad, lr):
        weight.assign_sub(lr * grad)
