"""What graders know of ``initializers/numpy/glorot_uniform``."""

import math

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.initializers.schemes import (
    fans_of,
    set_up_scheme,
    uniform_sample,
)


def glorot_uniform_variance(fan_in, fan_out):
    return 2 / (fan_in + fan_out)


def plain_glorot_uniform(shape, rng):
    return uniform_sample(glorot_uniform_variance(*fans_of(shape)), shape, rng)


answer = Answer("initializers/numpy/glorot_uniform", plain_glorot_uniform, float32=False)
set_up_scheme(answer, plain_glorot_uniform, glorot_uniform_variance, uniform=True)


@answer.mistake(
    "Glorot takes the mean of fan_in and fan_out, so that gradients keep their size as well."
)
def only_fan_in(shape, rng):
    return uniform_sample(1 / fans_of(shape)[0], shape, rng)


@answer.mistake(
    "The limit is √3 where it should be √6 in the numerator: the mean of the fans is half their "
    "sum."
)
def sum_for_mean(shape, rng):
    fan_in, fan_out = fans_of(shape)
    return uniform_sample(1 / (fan_in + fan_out), shape, rng)


@answer.mistake("That is the limit of He, for ReLU; Glorot takes the mean of both fans.")
def limit_of_he(shape, rng):
    return uniform_sample(2 / fans_of(shape)[0], shape, rng)


@answer.mistake("The variance is twice what it should be: 2 / (fan_in + fan_out).")
def twice_the_variance(shape, rng):
    fan_in, fan_out = fans_of(shape)
    return uniform_sample(4 / (fan_in + fan_out), shape, rng)


@answer.variant
def stretched():
    def glorot_uniform(shape, rng):
        weights = math.prod(shape)
        fan_in, fan_out = weights / shape[-1], weights / shape[-2]
        return (2 * rng.random(shape) - 1) * np.sqrt(6 / (fan_in + fan_out))

    return glorot_uniform


@answer.variant
def one_number_after_another():
    def glorot_uniform(shape, rng):
        limit = math.sqrt(3 * glorot_uniform_variance(*fans_of(shape)))
        values = [rng.uniform(-limit, limit) for _ in range(math.prod(shape))]
        return np.array(values).reshape(shape)

    return glorot_uniform
