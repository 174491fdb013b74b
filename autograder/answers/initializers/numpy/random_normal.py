"""What graders know of ``initializers/numpy/random_normal``."""

import math

import numpy as np
from scipy import stats

from autograder.answers.answer import Answer
from autograder.answers.initializers.random_arrays import (
    HIDDEN_SHAPES,
    add_sample_mistakes,
    cases_of_shapes,
    small_case,
)
from autograder.answers.initializers.schemes import truncated_sample


def plain_random_normal(shape, stddev, rng):
    return stddev * rng.standard_normal(shape)


answer = Answer("initializers/numpy/random_normal", plain_random_normal, float32=False)


@answer.cases
def _(rng):
    yield from cases_of_shapes(rng, {"a weight matrix": (160, 200)}, stddev=0.05)
    yield from cases_of_shapes(rng, {"a convolution's kernel": (3, 3, 40, 80)}, stddev=2.0)
    yield small_case(rng, stddev=0.5)


@answer.hidden_cases
def _(rng):
    stddev = math.exp(rng.uniform(1, 3))
    yield from cases_of_shapes(rng, HIDDEN_SHAPES | {"one axis": (30000,)}, stddev=stddev)


add_sample_mistakes(answer, plain_random_normal, lambda shape, stddev: stddev)


@answer.mistake("That is stddev squared: NumPy's normal takes the standard deviation itself.")
def variance_for_stddev(shape, stddev, rng):
    return rng.normal(0, stddev**2, shape)


@answer.mistake("NumPy's normal takes the standard deviation, not its root.")
def root_of_stddev(shape, stddev, rng):
    return rng.normal(0, math.sqrt(stddev), shape)


@answer.mistake("stddev is not used.")
def standard(shape, stddev, rng):
    return rng.standard_normal(shape)


@answer.mistake("stddev is added, which moves the mean; it should stretch the values.")
def shifted(shape, stddev, rng):
    return rng.standard_normal(shape) + stddev


@answer.mistake("The values are uniform between -stddev and stddev; normal ones are due.")
def uniform(shape, stddev, rng):
    return rng.uniform(-stddev, stddev, shape)


@answer.mistake("The standard deviation is right, but the values are uniform; normal ones are due.")
def uniform_of_right_stddev(shape, stddev, rng):
    return math.sqrt(3) * rng.uniform(-stddev, stddev, shape)


@answer.mistake("The values are cut at two standard deviations; that is for truncated_normal.")
def truncated(shape, stddev, rng):
    return truncated_sample(stddev / 0.87962566, shape, rng)


@answer.variant
def normal():
    return lambda shape, stddev, rng: rng.normal(0.0, stddev, shape)


@answer.variant
def of_scipy():
    return lambda shape, stddev, rng: stats.norm.rvs(scale=stddev, size=shape, random_state=rng)


@answer.variant
def element_by_element():
    def random_normal(shape, stddev, rng):
        values = np.empty(shape)
        for index in np.ndindex(shape):
            values[index] = rng.normal(scale=stddev)
        return values

    return random_normal


@answer.variant
def by_box_and_muller():
    def random_normal(shape, stddev, rng):
        # 1 - u lies in (0, 1], whose logarithm is finite.
        radius = np.sqrt(-2 * np.log(1 - rng.random(shape)))
        return stddev * radius * np.cos(2 * np.pi * rng.random(shape))

    return random_normal
