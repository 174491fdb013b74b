"""What graders know of ``capstone/keras/network_training``."""

import keras
import tensorflow as tf

from autograder.answers.answer import Answer
from autograder.answers.capstone.by_torch import objective
from autograder.answers.capstone.cases import (
    train_by_reference,
    training_cases,
)
from autograder.answers.capstone.keras.plain import PlainNetwork

answer = Answer("capstone/keras/network_training", PlainNetwork, float32=False)


@answer.reference
def _(settings, params, batches, lr):
    return train_by_reference(objective, settings, params, batches, lr)


@answer.cases
def _(rng):
    # A step of Keras takes long; the case of two hidden layers is left to graders.
    relu, _, without, far = training_cases(rng)
    yield from (relu, without, far)


@answer.hidden_cases
def _(rng):
    yield list(training_cases(rng))[1]


@answer.mistake("The losses are summed over the batch; their mean is due.")
class summed(PlainNetwork):
    def mean_loss(self, scores, y):
        return super().mean_loss(scores, y) * tf.cast(len(y), "float64")


@answer.mistake("The penalty is missing in what is minimized.")
class l2_missing(PlainNetwork):
    def penalty(self):
        return 0.0


@answer.mistake("Keras' L2(s) is s · ΣW², without a half: here the penalty is l2 / 2 · ΣW².")
class l2_without_half(PlainNetwork):
    def penalty(self):
        return 2 * super().penalty()


@answer.mistake("The biases are penalized as well: L2 is for the weights alone.")
class l2_on_biases(PlainNetwork):
    def penalty(self):
        return super().penalty() + self.l2 / 2 * sum(
            tf.reduce_sum(layer.bias**2) for layer in self.dense
        )


@answer.mistake("The masks that were given aren't used in training.")
class masks_ignored(PlainNetwork):
    def objective(self, x, y, masks):
        return super().objective(x, y, None)


@answer.mistake("Units that are kept have to be scaled up, by what share of them is kept.")
class kept_units_not_scaled(PlainNetwork):
    def drop(self, h, mask):
        return h * tf.cast(mask, h.dtype)


@answer.mistake("Softmax is applied twice: the loss takes these for scores.")
class softmax_twice(PlainNetwork):
    def mean_loss(self, scores, y):
        return super().mean_loss(tf.nn.softmax(scores), y)


@answer.mistake("The loss after the step came back; the one before it is due.")
class loss_after_the_step(PlainNetwork):
    def step(self, x, y, lr, masks=None):
        super().step(x, y, lr, masks)
        return self.objective(x, y, masks)


@answer.mistake("That climbs: a step goes against the gradient.")
class uphill(PlainNetwork):
    def update(self, weight, grad, lr):
        super().update(weight, grad, -lr)


@answer.mistake("The biases don't learn.")
class only_the_weights(PlainNetwork):
    def update(self, weight, grad, lr):
        if len(weight.shape) == 2:
            super().update(weight, grad, lr)


@answer.variant
def with_an_optimizer():
    class Network(PlainNetwork):
        def step(self, x, y, lr, masks=None):
            cross_entropy = keras.losses.SparseCategoricalCrossentropy(
                from_logits=True, dtype="float64"
            )
            weights = self.trainable_weights
            with tf.GradientTape() as tape:
                loss = cross_entropy(y, self.forward(x, masks))
                loss += self.l2 * tf.add_n([tf.nn.l2_loss(layer.kernel) for layer in self.dense])
            for weight, grad in zip(weights, tape.gradient(loss, weights), strict=True):
                weight.assign(weight - lr * grad)
            return float(loss)

    return Network


@answer.variant
def by_one_hot_labels():
    class Network(PlainNetwork):
        def mean_loss(self, scores, y):
            one_hot = tf.one_hot(y, scores.shape[1], dtype="float64")
            return -tf.reduce_sum(one_hot * tf.nn.log_softmax(scores)) / len(y)

    return Network
