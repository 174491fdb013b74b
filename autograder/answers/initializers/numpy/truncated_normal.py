"""What graders know of ``initializers/numpy/truncated_normal``."""

import math

import numpy as np
from scipy import special, stats

from autograder.answers.answer import Answer
from autograder.answers.initializers.random_arrays import (
    HIDDEN_SHAPES,
    add_sample_mistakes,
    cases_of_shapes,
    small_case,
)

# Standard deviations of a standard normal that is cut at ±2 and at ±1.
KEPT = float(stats.truncnorm.std(-2, 2))  # 0.8796
KEPT_AT_ONE = float(stats.truncnorm.std(-1, 1))  # 0.5396


def standard_truncated(shape, rng, cut=2.0):
    values = rng.standard_normal(shape)
    while (outside := np.abs(values) > cut).any():
        values[outside] = rng.standard_normal(int(outside.sum()))
    return values


def plain_truncated_normal(shape, stddev, rng):
    return stddev / KEPT * standard_truncated(shape, rng)


answer = Answer("initializers/numpy/truncated_normal", plain_truncated_normal, float32=False)


@answer.cases
def _(rng):
    yield from cases_of_shapes(rng, {"a weight matrix": (160, 200)}, stddev=0.05)
    yield from cases_of_shapes(rng, {"a convolution's kernel": (3, 3, 40, 80)}, stddev=2.0)
    yield small_case(rng, stddev=0.5)


@answer.hidden_cases
def _(rng):
    stddev = math.exp(rng.uniform(1, 3))
    yield from cases_of_shapes(rng, HIDDEN_SHAPES | {"one axis": (30000,)}, stddev=stddev)


add_sample_mistakes(answer, plain_truncated_normal, lambda shape, stddev: stddev)


@answer.mistake(
    "The cut takes away the large values, and with them part of the variance. What is left has "
    "less than stddev: rescale it."
)
def not_corrected(shape, stddev, rng):
    return stddev * standard_truncated(shape, rng)


@answer.mistake("The correction goes the wrong way: the cut makes the spread smaller, not larger.")
def corrected_the_wrong_way(shape, stddev, rng):
    return stddev * KEPT * standard_truncated(shape, rng)


@answer.mistake(
    "Values outside are moved to the edge, where they pile up. Draw them again instead."
)
def clipped(shape, stddev, rng):
    return stddev * np.clip(rng.standard_normal(shape), -2, 2)


@answer.mistake(
    "Values outside are moved to the edge, where they pile up. Draw them again instead; then the "
    "correction is 0.8796."
)
def clipped_and_corrected(shape, stddev, rng):
    return stddev / KEPT * np.clip(rng.standard_normal(shape), -2, 2)


@answer.mistake("Nothing is cut: values beyond two standard deviations come back.")
def not_truncated(shape, stddev, rng):
    return rng.normal(0, stddev, shape)


@answer.mistake(
    "The rescaled normal is cut at 2·stddev. Cut first, at two of the normal's own standard "
    "deviations, then rescale: the values reach 2·stddev / 0.8796."
)
def cut_after_rescaling(shape, stddev, rng):
    return stddev / KEPT * standard_truncated(shape, rng, cut=2 * KEPT)


@answer.mistake("The cut is at one standard deviation; it belongs at two.")
def cut_at_one(shape, stddev, rng):
    return stddev / KEPT_AT_ONE * standard_truncated(shape, rng, cut=1.0)


@answer.mistake(
    "0.8796 is the standard deviation that the cut leaves. Its square, 0.7737, is the variance; "
    "don't divide by that."
)
def corrected_by_the_variance(shape, stddev, rng):
    return stddev / KEPT**2 * standard_truncated(shape, rng)


@answer.mistake("Values outside are set to 0. Draw them again instead.")
def outside_set_to_zero(shape, stddev, rng):
    values = rng.standard_normal(shape)
    return stddev / KEPT * np.where(np.abs(values) > 2, 0, values)


@answer.mistake(
    "The correction comes from the sample: dividing by its own standard deviation forces that to "
    "be exact. Divide by the distribution's, 0.8796."
)
def corrected_by_its_own_spread(shape, stddev, rng):
    values = standard_truncated(shape, rng)
    return stddev * values / values.std()


@answer.variant
def of_scipy():
    def truncated_normal(shape, stddev, rng):
        scale = stddev / 0.87962566103423978
        return stats.truncnorm.rvs(-2, 2, scale=scale, size=shape, random_state=rng)

    return truncated_normal


@answer.variant
def by_the_inverse():
    def truncated_normal(shape, stddev, rng):
        low, high = special.ndtr([-2, 2])
        return special.ndtri(rng.uniform(low, high, shape)) * stddev / 0.8796

    return truncated_normal


@answer.variant
def more_than_enough():
    def truncated_normal(shape, stddev, rng):
        count = int(np.prod(shape))
        values = rng.normal(size=2 * count + 100)
        return stddev / KEPT * values[np.abs(values) < 2][:count].reshape(shape)

    return truncated_normal
