"""What graders know of ``initializers/numpy/he_normal``."""

import math

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.initializers.schemes import (
    corrected_sample,
    fans_of,
    normal_sample,
    set_up_scheme,
)


def he_normal_variance(fan_in, fan_out):
    return 2 / fan_in


def plain_he_normal(shape, rng):
    return normal_sample(he_normal_variance(*fans_of(shape)), shape, rng)


answer = Answer("initializers/numpy/he_normal", plain_he_normal, float32=False)
set_up_scheme(answer, plain_he_normal, he_normal_variance, uniform=False)


@answer.mistake("It is the number of inputs that a unit sums over: fan_in, not fan_out.")
def fan_out_for_fan_in(shape, rng):
    return normal_sample(2 / fans_of(shape)[1], shape, rng)


@answer.mistake(
    "That is the variance of LeCun: ReLU halves the second moment, which the 2 makes good."
)
def gain_missing(shape, rng):
    return normal_sample(1 / fans_of(shape)[0], shape, rng)


@answer.mistake("That is the variance of Glorot; He looks at fan_in alone.")
def mean_of_the_fans(shape, rng):
    fan_in, fan_out = fans_of(shape)
    return normal_sample(2 / (fan_in + fan_out), shape, rng)


@answer.mistake("The variance is 2 / fan_in; the 2 stands under the root, once.")
def gain_twice(shape, rng):
    return normal_sample(4 / fans_of(shape)[0], shape, rng)


@answer.variant
def truncated_and_corrected():
    return lambda shape, rng: corrected_sample(he_normal_variance(*fans_of(shape)), shape, rng)


@answer.variant
def standard_normal_scaled():
    def he_normal(shape, rng):
        fan_in = math.prod(shape[:-1])
        return rng.standard_normal(shape) * np.sqrt(2 / fan_in)

    return he_normal
