"""What graders know of ``regularization/keras/ElasticNet``: with the ½ that Keras' L1L2 lacks."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.regularization.penalties import penalty_and_gradient, weights_of_shapes


class PlainElasticNet(keras.regularizers.Regularizer):
    def __init__(self, l1, l2):
        self.l1, self.l2 = l1, l2

    def __call__(self, x):
        return self.l1 * ops.sum(ops.abs(x)) + 0.5 * self.l2 * ops.sum(ops.square(x))


answer = Answer("regularization/keras/ElasticNet", PlainElasticNet, float32=False)


@answer.reference
def _(W, l1, l2, in_a_layer=False):
    return penalty_and_gradient(lambda w: l1 * w.abs().sum() + l2 / 2 * w.square().sum(), W)


@answer.cases
def _(rng):
    strengths = ((0.5, 0.25), (0.1, 2.0), (1.5, 0.3), (2.0, 0.7), (0.01, 0.02), (3.0, 1.0))
    for (label, W), (l1, l2) in zip(weights_of_shapes(rng), strengths, strict=True):
        yield label, {"W": np.ascontiguousarray(W, np.float32), "l1": l1, "l2": l2}
    W = draw.normal(rng, 4, 3).astype(np.float32)
    yield "as a layer's kernel_regularizer", {"W": W, "l1": 0.5, "l2": 0.75, "in_a_layer": True}


@answer.mistake("The L2 part lacks its ½, in the penalty and in the gradient, as in Keras' L1L2.")
class half_missing(PlainElasticNet):
    def __call__(self, x):
        return self.l1 * ops.sum(ops.abs(x)) + self.l2 * ops.sum(ops.square(x))


@answer.mistake("The ½ belongs to the L2 part alone.")
class half_of_both_parts(PlainElasticNet):
    def __call__(self, x):
        return 0.5 * (self.l1 * ops.sum(ops.abs(x)) + self.l2 * ops.sum(ops.square(x)))


@answer.mistake("l1 and l2 are swapped.")
class strengths_swapped(PlainElasticNet):
    def __init__(self, l1, l2):
        super().__init__(l2, l1)


@answer.mistake("The penalty is a sum over the weights, not a mean.")
class means(PlainElasticNet):
    def __call__(self, x):
        return self.l1 * ops.mean(ops.abs(x)) + 0.5 * self.l2 * ops.mean(ops.square(x))


@answer.mistake("The L2 part is the sum of squares, not its root.")
class norm_for_squares(PlainElasticNet):
    def __call__(self, x):
        return self.l1 * ops.sum(ops.abs(x)) + 0.5 * self.l2 * ops.norm(ops.reshape(x, (-1,)))


@answer.mistake("No gradient reaches the weights: leave the penalty to TensorFlow's operations.")
class gradient_lost(PlainElasticNet):
    def __call__(self, x):
        return tf.stop_gradient(super().__call__(x))


@answer.mistake("The absolute values are missing in the L1 part.")
class without_absolute_values(PlainElasticNet):
    def __call__(self, x):
        return self.l1 * ops.sum(x) + 0.5 * self.l2 * ops.sum(ops.square(x))


@answer.variant
def on_top_of_keras():
    class ElasticNet(keras.regularizers.L1L2):
        def __init__(self, l1=0.0, l2=0.0):
            super().__init__(l1=l1, l2=l2 / 2)

    return ElasticNet


@answer.variant
def one_sum():
    class ElasticNet(keras.regularizers.Regularizer):
        def __init__(self, l1, l2):
            self.strengths = (float(l1), float(l2))

        def __call__(self, weights):
            l1, l2 = self.strengths
            return tf.reduce_sum(l1 * tf.abs(weights) + l2 / 2 * weights * weights)

        def get_config(self):
            return dict(zip(("l1", "l2"), self.strengths, strict=True))

    return ElasticNet
