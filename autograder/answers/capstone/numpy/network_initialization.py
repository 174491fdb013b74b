"""What graders know of ``capstone/numpy/network_initialization``."""

import copy
import itertools

import numpy as np
from scipy import stats

from autograder.answers.answer import Answer
from autograder.answers.capstone.cases import initialization_cases
from autograder.answers.capstone.numpy.plain import PlainNetwork

answer = Answer("capstone/numpy/network_initialization", PlainNetwork, float32=False)


@answer.cases
def _(rng):
    yield from initialization_cases(rng)


@answer.mistake("A normal distribution takes the standard deviation, the variance's square root.")
class variance_for_std(PlainNetwork):
    def first_weights(self, fan_in, fan_out):
        return self.rng.normal(0, self.variance(fan_in, fan_out), (fan_in, fan_out))


@answer.mistake("He's variance is 2 / fan_in, the number of inputs a unit sums over; not fan_out.")
class fan_out_for_fan_in(PlainNetwork):
    def variance(self, fan_in, fan_out):
        return super().variance(fan_out, fan_in)


@answer.mistake(
    "Glorot's variance is 2 / (fan_in + fan_out), whatever the activation: look at initializer."
)
class always_he(PlainNetwork):
    def variance(self, fan_in, fan_out):
        return 2 / fan_in


@answer.mistake("The activation doesn't decide: initializer names the scheme that is asked for.")
class chosen_by_activation(PlainNetwork):
    def variance(self, fan_in, fan_out):
        return 2 / fan_in if self.activation == "relu" else 2 / (fan_in + fan_out)


@answer.mistake("The gain is missing: He and Glorot both have a 2 in the variance.")
class gain_missing(PlainNetwork):
    def variance(self, fan_in, fan_out):
        return super().variance(fan_in, fan_out) / 2


@answer.mistake("Biases start at 0; only the weights are drawn.")
class biases_drawn(PlainNetwork):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.params = [(W, 0.01 * self.rng.normal(size=len(b))) for W, b in self.params]


@answer.mistake("Every layer draws from a generator in the same state: use rng itself, in a row.")
class generator_copied(PlainNetwork):
    def first_weights(self, fan_in, fan_out):
        std = np.sqrt(self.variance(fan_in, fan_out))
        return copy.deepcopy(self.rng).normal(0, std, (fan_in, fan_out))


@answer.mistake("The numbers don't come from rng, so that nobody can repeat them.")
class another_generator(PlainNetwork):
    def first_weights(self, fan_in, fan_out):
        std = np.sqrt(self.variance(fan_in, fan_out))
        return np.random.default_rng().normal(0, std, (fan_in, fan_out))


@answer.mistake("That is a uniform distribution; both initializers are normal.")
class uniform(PlainNetwork):
    def first_weights(self, fan_in, fan_out):
        limit = np.sqrt(3 * self.variance(fan_in, fan_out))
        return self.rng.uniform(-limit, limit, (fan_in, fan_out))


@answer.mistake("W is (in, out) here: a row for each input, a column for each unit.")
class transposed(PlainNetwork):
    def first_weights(self, fan_in, fan_out):
        return super().first_weights(fan_in, fan_out).T


@answer.variant
def scaled_standard_normal():
    class Network(PlainNetwork):
        def first_weights(self, fan_in, fan_out):
            fan = fan_in if self.initializer == "he_normal" else fan_in + fan_out
            return self.rng.standard_normal((fan_in, fan_out)) * (2 / fan) ** 0.5

    return Network


@answer.variant
def truncated_and_corrected():
    class Network(PlainNetwork):
        def first_weights(self, fan_in, fan_out):
            scale = np.sqrt(self.variance(fan_in, fan_out)) / stats.truncnorm.std(-2, 2)
            size = (fan_in, fan_out)
            return stats.truncnorm.rvs(-2, 2, scale=scale, size=size, random_state=self.rng)

    return Network


@answer.variant
def last_layer_first():
    class Network(PlainNetwork):
        def __init__(self, sizes, *arguments):
            super().__init__(sizes, *arguments)
            layers = list(itertools.pairwise(sizes))[::-1]
            self.params = [[self.first_weights(n, m), np.zeros(m)] for n, m in layers][::-1]

    return Network
