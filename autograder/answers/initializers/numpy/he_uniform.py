"""What graders know of ``initializers/numpy/he_uniform``."""

import math

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.initializers.schemes import (
    fans_of,
    set_up_scheme,
    uniform_sample,
)


def he_uniform_variance(fan_in, fan_out):
    return 2 / fan_in


def plain_he_uniform(shape, rng):
    return uniform_sample(he_uniform_variance(*fans_of(shape)), shape, rng)


answer = Answer("initializers/numpy/he_uniform", plain_he_uniform, float32=False)
set_up_scheme(answer, plain_he_uniform, he_uniform_variance, uniform=True)


@answer.mistake("It is the number of inputs that a unit sums over: fan_in, not fan_out.")
def fan_out_for_fan_in(shape, rng):
    return uniform_sample(2 / fans_of(shape)[1], shape, rng)


@answer.mistake(
    "The limit √(3 / fan_in) is that of LeCun: ReLU halves the second moment, which √6 makes good."
)
def gain_missing(shape, rng):
    return uniform_sample(1 / fans_of(shape)[0], shape, rng)


@answer.mistake("That is the limit of Glorot; He looks at fan_in alone.")
def limit_of_glorot(shape, rng):
    fan_in, fan_out = fans_of(shape)
    return uniform_sample(2 / (fan_in + fan_out), shape, rng)


@answer.mistake(
    "The limit 1 / √fan_in is what PyTorch does by default: a sixth of the variance of He."
)
def default_of_pytorch(shape, rng):
    return uniform_sample(1 / (3 * fans_of(shape)[0]), shape, rng)


@answer.variant
def stretched():
    def he_uniform(shape, rng):
        fan_in = math.prod(shape[:-1])
        return (2 * rng.random(shape) - 1) * np.sqrt(6 / fan_in)

    return he_uniform


@answer.variant
def one_number_after_another():
    def he_uniform(shape, rng):
        limit = math.sqrt(3 * he_uniform_variance(*fans_of(shape)))
        values = [rng.uniform(-limit, limit) for _ in range(math.prod(shape))]
        return np.array(values).reshape(shape)

    return he_uniform
