"""What graders know of ``initializers/numpy/glorot_normal``."""

import math

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.initializers.schemes import (
    corrected_sample,
    fans_of,
    normal_sample,
    set_up_scheme,
)


def glorot_normal_variance(fan_in, fan_out):
    return 2 / (fan_in + fan_out)


def plain_glorot_normal(shape, rng):
    return normal_sample(glorot_normal_variance(*fans_of(shape)), shape, rng)


answer = Answer("initializers/numpy/glorot_normal", plain_glorot_normal, float32=False)
set_up_scheme(answer, plain_glorot_normal, glorot_normal_variance, uniform=False)


@answer.mistake(
    "Glorot takes the mean of fan_in and fan_out, so that gradients keep their size as well."
)
def only_fan_in(shape, rng):
    return normal_sample(1 / fans_of(shape)[0], shape, rng)


@answer.mistake("Glorot takes the mean of fan_in and fan_out; forward, fan_in counts.")
def only_fan_out(shape, rng):
    return normal_sample(1 / fans_of(shape)[1], shape, rng)


@answer.mistake("The mean of the fans is half their sum: a 2 is missing.")
def sum_for_mean(shape, rng):
    fan_in, fan_out = fans_of(shape)
    return normal_sample(1 / (fan_in + fan_out), shape, rng)


@answer.mistake("That is the variance of He, for ReLU; Glorot takes the mean of both fans.")
def variance_of_he(shape, rng):
    return normal_sample(2 / fans_of(shape)[0], shape, rng)


@answer.mistake(
    "6 / (fan_in + fan_out) is the square of the uniform limit; as a variance it is three times "
    "too much."
)
def limit_squared(shape, rng):
    fan_in, fan_out = fans_of(shape)
    return normal_sample(6 / (fan_in + fan_out), shape, rng)


@answer.variant
def truncated_and_corrected():
    return lambda shape, rng: corrected_sample(glorot_normal_variance(*fans_of(shape)), shape, rng)


@answer.variant
def standard_normal_scaled():
    def glorot_normal(shape, rng):
        weights = math.prod(shape)
        fan_in, fan_out = weights / shape[-1], weights / shape[-2]
        return rng.standard_normal(shape) * np.sqrt(2 / (fan_in + fan_out))

    return glorot_normal
