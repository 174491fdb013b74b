"""What graders know of ``initializers/numpy/lecun_normal``."""

import math

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.initializers.schemes import (
    corrected_sample,
    fans_of,
    normal_sample,
    set_up_scheme,
)


def lecun_normal_variance(fan_in, fan_out):
    return 1 / fan_in


def plain_lecun_normal(shape, rng):
    return normal_sample(lecun_normal_variance(*fans_of(shape)), shape, rng)


answer = Answer("initializers/numpy/lecun_normal", plain_lecun_normal, float32=False)
set_up_scheme(answer, plain_lecun_normal, lecun_normal_variance, uniform=False)


@answer.mistake("It is the number of inputs that a unit sums over: fan_in, not fan_out.")
def fan_out_for_fan_in(shape, rng):
    return normal_sample(1 / fans_of(shape)[1], shape, rng)


@answer.mistake("The 2 belongs to He, where ReLU halves the second moment; LeCun is 1 / fan_in.")
def variance_of_he(shape, rng):
    return normal_sample(2 / fans_of(shape)[0], shape, rng)


@answer.mistake("That is the mean of both fans, as in Glorot; LeCun looks at fan_in alone.")
def mean_of_the_fans(shape, rng):
    fan_in, fan_out = fans_of(shape)
    return normal_sample(2 / (fan_in + fan_out), shape, rng)


@answer.mistake("The variance is half of what it should be: 1 / fan_in.")
def half_the_variance(shape, rng):
    return normal_sample(0.5 / fans_of(shape)[0], shape, rng)


@answer.variant
def truncated_and_corrected():
    return lambda shape, rng: corrected_sample(lecun_normal_variance(*fans_of(shape)), shape, rng)


@answer.variant
def standard_normal_scaled():
    def lecun_normal(shape, rng):
        fan_in = math.prod(shape[:-1])
        return rng.standard_normal(shape) * np.sqrt(1 / fan_in)

    return lecun_normal
