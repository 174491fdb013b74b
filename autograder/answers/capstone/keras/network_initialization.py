"""What graders know of ``capstone/keras/network_initialization``."""

import itertools

import keras
import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.capstone.cases import initialization_cases
from autograder.answers.capstone.keras.plain import PlainNetwork

answer = Answer("capstone/keras/network_initialization", PlainNetwork, float32=False)


@answer.cases
def _(rng):
    # Models take long to make; these are enough to tell the schemes apart.
    yield from list(initialization_cases(rng))[1:4]


@answer.mistake(
    "Glorot's variance is 2 / (fan_in + fan_out), whatever the activation: look at initializer."
)
class always_he(PlainNetwork):
    def make_initializer(self, initializer, activation, rng):
        return super().make_initializer("he_normal", activation, rng)


@answer.mistake("The activation doesn't decide: initializer names the scheme that is asked for.")
class chosen_by_activation(PlainNetwork):
    def make_initializer(self, initializer, activation, rng):
        chosen = "he_normal" if activation == "relu" else "glorot_normal"
        return super().make_initializer(chosen, activation, rng)


@answer.mistake("The weights are Keras' default ones: Dense takes a kernel_initializer.")
class default_weights(PlainNetwork):
    def make_initializer(self, initializer, activation, rng):
        return keras.initializers.GlorotUniform(seed=self.draw_seed(rng))


@answer.mistake("Biases start at 0; only the weights are drawn.")
class biases_drawn(PlainNetwork):
    def make_bias_initializer(self):
        return keras.initializers.RandomNormal(stddev=0.01, seed=1)


@answer.mistake("The seed is fixed, so that every network starts at the same weights.")
class fixed_seed(PlainNetwork):
    def draw_seed(self, rng):
        return 0


@answer.mistake("The numbers don't come from rng, so that nobody can repeat them.")
class without_seed(PlainNetwork):
    def draw_seed(self, rng):
        return None


@answer.mistake('The weights are float32: give every layer dtype="float64".')
class in_float32(PlainNetwork):
    precision = "float32"


@answer.variant
def through_variance_scaling():
    class Network(PlainNetwork):
        def make_initializer(self, initializer, activation, rng):
            mode = "fan_in" if initializer == "he_normal" else "fan_avg"
            scale = 2.0 if initializer == "he_normal" else 1.0
            return keras.initializers.VarianceScaling(
                scale, mode, "untruncated_normal", seed=self.draw_seed(rng)
            )

    return Network


@answer.variant
def drawn_by_numpy():
    class Network(PlainNetwork):
        def __init__(self, sizes, activation, initializer, l2, dropout, rng):
            super().__init__(sizes, activation, initializer, l2, dropout, rng)
            for layer, (n, m) in zip(self.dense, itertools.pairwise(sizes), strict=True):
                variance = 2 / n if initializer == "he_normal" else 2 / (n + m)
                layer.kernel.assign(rng.normal(0, np.sqrt(variance), (n, m)))

    return Network
