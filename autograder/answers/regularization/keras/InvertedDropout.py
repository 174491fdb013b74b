"""What graders know of ``regularization/keras/InvertedDropout``."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from autograder.answers.answer import Answer
from autograder.answers.regularization.layers import dropout_layer_case, dropout_layer_cases


class PlainInvertedDropout(keras.layers.Layer):
    def __init__(self, rate, **keywords):
        super().__init__(**keywords)
        self.rate = rate

    def call(self, x, training=False):
        return x * self.mask(x) / (1 - self.rate) if training else x

    def mask(self, x):
        return ops.cast(keras.random.uniform(ops.shape(x)) >= self.rate, x.dtype)


answer = Answer("regularization/keras/InvertedDropout", PlainInvertedDropout, float32=False)


@answer.cases
def _(rng):
    yield from dropout_layer_cases(rng, "rate", default=False)
    inputs = dropout_layer_case(rng, (40, 50)) | {"rate": 0.5}
    yield "in a compiled function", inputs | {"compiled": True}


@answer.hidden_cases
def _(rng):
    yield "a large batch", dropout_layer_case(rng, (100, 200)) | {"rate": 0.1}


@answer.mistake("rate is the share that is dropped; you keep that share.")
class rate_kept(PlainInvertedDropout):
    def call(self, x, training=False):
        kept = ops.cast(keras.random.uniform(ops.shape(x)) < self.rate, x.dtype)
        return x * kept / max(self.rate, 1e-6) if training else x


@answer.mistake("The scaling is missing: what is kept is divided by 1 - rate.")
class not_scaled(PlainInvertedDropout):
    def call(self, x, training=False):
        return x * self.mask(x) if training else x


@answer.mistake("Elements are dropped in inference too: call's argument training says which it is.")
class also_in_inference(PlainInvertedDropout):
    def call(self, x, training=False):
        return x * self.mask(x) / (1 - self.rate)


@answer.mistake("That scales in inference; inverted dropout scales in training.")
class scaled_in_inference(PlainInvertedDropout):
    def call(self, x, training=False):
        return x * self.mask(x) if training else x * (1 - self.rate)


@answer.mistake("All examples drop the same features: draw for each element.")
class one_mask_for_all_rows(PlainInvertedDropout):
    def mask(self, x):
        return ops.cast(keras.random.uniform(x.shape[1:]) >= self.rate, x.dtype)


@answer.mistake("An example is kept or dropped as a whole: draw for each element.")
class whole_rows(PlainInvertedDropout):
    def mask(self, x):
        shape = (x.shape[0], *[1] * (len(x.shape) - 1))
        return ops.cast(keras.random.uniform(shape) >= self.rate, x.dtype)


@answer.mistake("The seed is fixed: all layers, and all runs, drop the same elements.")
class seed_fixed(PlainInvertedDropout):
    def mask(self, x):
        return ops.cast(keras.random.uniform(ops.shape(x), seed=0) >= self.rate, x.dtype)


@answer.mistake(
    "NumPy's numbers are drawn once, when the function is compiled: every batch after that drops "
    "the same elements. Draw with keras.random."
)
class drawn_by_numpy(PlainInvertedDropout):
    def mask(self, x):
        return ops.cast(np.random.random(x.shape) >= self.rate, x.dtype)


@answer.mistake("Training and inference are swapped.")
class swapped(PlainInvertedDropout):
    def call(self, x, training=False):
        return super().call(x, not training)


@answer.variant
def on_top_of_keras():
    class InvertedDropout(keras.layers.Layer):
        def __init__(self, rate):
            super().__init__()
            self.inner = keras.layers.Dropout(rate)

        def call(self, inputs, training=None):
            return self.inner(inputs, training=training)

    return InvertedDropout


@answer.variant
def with_a_seed_generator():
    class InvertedDropout(keras.layers.Layer):
        def __init__(self, rate):
            super().__init__()
            self.rate = rate
            self.seed_generator = keras.random.SeedGenerator()

        def call(self, inputs, training=None):
            if not training:
                return inputs
            drawn = keras.random.uniform(ops.shape(inputs), seed=self.seed_generator)
            return ops.where(drawn < self.rate, 0.0, inputs / (1.0 - self.rate))

    return InvertedDropout


@answer.variant
def tensorflow_operations():
    class InvertedDropout(keras.layers.Layer):
        def __init__(self, rate, **keywords):
            super().__init__(**keywords)
            self.rate = rate

        def call(self, x, training=False):
            if training:
                x = tf.where(tf.random.uniform(tf.shape(x)) < self.rate, 0.0, x)
                x = x / (1 - self.rate)
            return x

    return InvertedDropout
