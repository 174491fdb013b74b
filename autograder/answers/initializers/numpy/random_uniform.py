"""What graders know of ``initializers/numpy/random_uniform``."""

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


def plain_random_uniform(shape, limit, rng):
    return rng.uniform(-limit, limit, shape)


answer = Answer("initializers/numpy/random_uniform", plain_random_uniform, float32=False)


@answer.cases
def _(rng):
    yield from cases_of_shapes(rng, {"a weight matrix": (160, 200)}, limit=0.05)
    yield from cases_of_shapes(rng, {"a convolution's kernel": (3, 3, 40, 80)}, limit=3.0)
    yield small_case(rng, limit=0.5)


@answer.hidden_cases
def _(rng):
    limit = math.exp(rng.uniform(1, 3))
    yield from cases_of_shapes(rng, HIDDEN_SHAPES | {"one axis": (30000,)}, limit=limit)


add_sample_mistakes(answer, plain_random_uniform, lambda shape, limit: limit / math.sqrt(3))


@answer.mistake("The interval is only half as wide: it goes from -limit to limit.")
def half_as_wide(shape, limit, rng):
    return limit * (rng.random(shape) - 0.5)


@answer.mistake("limit was taken for the standard deviation; it is where the interval ends.")
def limit_for_stddev(shape, limit, rng):
    return rng.uniform(-math.sqrt(3) * limit, math.sqrt(3) * limit, shape)


@answer.mistake("The values are normal; uniform ones are due.")
def normal(shape, limit, rng):
    return rng.normal(0, limit / math.sqrt(3), shape)


@answer.mistake("limit is not used: the interval is from -1 to 1.")
def from_minus_one_to_one(shape, limit, rng):
    return rng.uniform(-1, 1, shape)


@answer.mistake("The values are whole steps: every number of the interval is possible.")
def few_values(shape, limit, rng):
    return limit * rng.integers(-1, 2, shape)


@answer.mistake("The interval is stretched but not centered: it goes from -limit to limit.")
def not_centered(shape, limit, rng):
    return 2 * limit * rng.random(shape)


@answer.variant
def stretched():
    return lambda shape, limit, rng: 2 * limit * rng.random(shape) - limit


@answer.variant
def of_scipy():
    return lambda shape, limit, rng: stats.uniform.rvs(
        loc=-limit, scale=2 * limit, size=shape, random_state=rng
    )


@answer.variant
def signs_and_sizes():
    def random_uniform(shape, limit, rng):
        sizes = rng.uniform(0, limit, np.prod(shape, dtype=int))
        return (sizes * rng.choice([-1, 1], len(sizes))).reshape(shape)

    return random_uniform
