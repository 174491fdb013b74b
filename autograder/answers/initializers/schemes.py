"""Samples of a given variance, and the mistakes that all variance-scaling schemes share."""

import math
from collections.abc import Callable

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.initializers.random_arrays import add_sample_mistakes, scheme_cases
from autograder.student.distributions import TruncatedNormal

Shape = tuple[int, ...]


def fans_of(shape: Shape) -> tuple[int, int]:
    """fan_in and fan_out of a dense matrix (in, out) or a kernel (kh, kw, in, out)."""
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def normal_sample(variance: float, shape: Shape, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, math.sqrt(variance), shape)


def uniform_sample(variance: float, shape: Shape, rng: np.random.Generator) -> np.ndarray:
    limit = math.sqrt(3 * variance)
    return rng.uniform(-limit, limit, shape)


def truncated_sample(stddev: float, shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Cut at two of the given standard deviations, and not corrected."""
    values = rng.standard_normal(shape)
    while (outside := np.abs(values) > 2).any():
        values[outside] = rng.standard_normal(int(outside.sum()))
    return stddev * values


def corrected_sample(variance: float, shape: Shape, rng: np.random.Generator) -> np.ndarray:
    return truncated_sample(TruncatedNormal(math.sqrt(variance)).scale, shape, rng)


def set_up_scheme(
    answer: Answer,
    plain: Callable[[Shape, np.random.Generator], np.ndarray],
    variance: Callable[[float, float], float],
    uniform: bool,
) -> None:
    """Cases, and what can go wrong in every scheme.

    Parameters
    ----------
    variance : from fan_in and fan_out.
    """
    scheme_cases(answer)
    add_sample_mistakes(answer, plain, lambda shape: math.sqrt(variance(*fans_of(shape))))
    right, wrong = (uniform_sample, normal_sample) if uniform else (normal_sample, uniform_sample)

    @answer.mistake(
        "The window of a convolution is forgotten: a unit of a kernel (kh, kw, in, out) sums over "
        "kh·kw·in numbers."
    )
    def window_forgotten(shape, rng):
        return right(variance(*shape[-2:]), shape, rng)

    @answer.mistake(
        "The first two axes of a kernel are its window. Its fans are in the last two, times kh·kw."
    )
    def fans_from_the_first_axes(shape, rng):
        return right(variance(*shape[:2]), shape, rng)

    if uniform:

        @answer.mistake("The values are normal; this one is uniform.")
        def normal(shape, rng):
            return wrong(variance(*fans_of(shape)), shape, rng)

        @answer.mistake(
            "The standard deviation stands where the limit should: a uniform distribution on "
            "[-limit, limit) has variance limit²/3."
        )
        def stddev_for_limit(shape, rng):
            limit = math.sqrt(variance(*fans_of(shape)))
            return rng.uniform(-limit, limit, shape)

        @answer.mistake("The limit's root is missing: limit² / 3 is the variance.")
        def limit_without_root(shape, rng):
            limit = 3 * variance(*fans_of(shape))
            return rng.uniform(-limit, limit, shape)

    else:

        @answer.mistake("The values are uniform; this one is normal.")
        def uniform_values(shape, rng):
            return wrong(variance(*fans_of(shape)), shape, rng)

        @answer.mistake(
            "The variance stands where the standard deviation should: the square root is missing."
        )
        def variance_for_stddev(shape, rng):
            return rng.normal(0, variance(*fans_of(shape)), shape)

        @answer.mistake(
            "The normal is cut at two standard deviations, which takes a quarter of the variance: "
            "correct for it, or don't cut."
        )
        def truncated_and_not_corrected(shape, rng):
            return truncated_sample(math.sqrt(variance(*fans_of(shape))), shape, rng)
