"""What the random functions of the initializers share: cases, and mistakes with the generator."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.answers.answer import Answer

# Arrays of about 30,000 numbers: enough to tell a standard deviation that is off by 3 %, and few
# enough to draw dozens of them. Fans differ clearly from each other in every one.
DENSE_SHAPES = {"a tall matrix": (400, 80), "a wide matrix": (80, 400)}
KERNEL_SHAPES = {"a convolution's kernel": (3, 3, 20, 160)}
HIDDEN_SHAPES = {"a large kernel": (5, 5, 20, 60), "a square matrix": (180, 180)}
SMALL_SHAPE, SMALL_ARRAYS = (2, 1), 2000
SMALL_LABEL = "many matrices of two numbers"


def draw_seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))


def cases_of_shapes(
    rng: np.random.Generator, shapes: dict[str, tuple[int, ...]], **settings: Any
) -> Iterator[tuple[str, dict[str, Any]]]:
    """One large array for each shape; ``settings`` are further inputs."""
    for label, shape in shapes.items():
        yield label, {"shape": shape, **settings, "seed": draw_seed(rng)}


def small_case(rng: np.random.Generator, **settings: Any) -> tuple[str, dict[str, Any]]:
    inputs = {"shape": SMALL_SHAPE, **settings, "seed": draw_seed(rng), "arrays": SMALL_ARRAYS}
    return SMALL_LABEL, inputs


def scheme_cases(answer: Answer) -> None:
    """Cases of a function ``(shape, rng)``."""

    @answer.cases
    def _(rng):
        yield from cases_of_shapes(rng, DENSE_SHAPES | KERNEL_SHAPES)
        yield small_case(rng)

    @answer.hidden_cases
    def _(rng):
        yield from cases_of_shapes(rng, HIDDEN_SHAPES)


def add_generator_mistakes(answer: Answer, plain: Callable[..., np.ndarray]) -> None:
    """Mistakes of every function whose last argument is a generator."""

    @answer.mistake(
        "The numbers don't come from rng: NumPy's global functions, or a generator of your own, "
        "know nothing of its state, so that nobody can repeat the result."
    )
    def another_generator(*arguments):
        return plain(*arguments[:-1], np.random.default_rng())

    @answer.mistake(
        "The seed is set inside the function: every call gives the same numbers, and all layers "
        "start equal. Use the generator that is handed in."
    )
    def seeded_inside(*arguments):
        return plain(*arguments[:-1], np.random.default_rng(0))

    @answer.mistake(
        "The generator stays where it was: draw from rng itself, so that the next layer gets other "
        "numbers."
    )
    def generator_copied(*arguments):
        return plain(*arguments[:-1], copy.deepcopy(arguments[-1]))


def add_sample_mistakes(
    answer: Answer, plain: Callable[..., np.ndarray], std: Callable[..., float]
) -> None:
    """Mistakes of every function that draws independent numbers ``(shape, …, rng)``.

    Parameters
    ----------
    std : from ``(shape, …)`` to the standard deviation that is due.
    """
    add_generator_mistakes(answer, plain)

    @answer.mistake(
        "The first axis repeats one row: every element needs a random number of its own."
    )
    def one_row_repeated(*arguments):
        array = plain(*arguments)
        return np.repeat(array[:1], len(array), axis=0)

    @answer.mistake("No value is negative: weights of both signs are due, with mean 0.")
    def positive_values(*arguments):
        return np.abs(plain(*arguments))

    @answer.mistake(
        "The sample was shifted and scaled until its own mean and standard deviation were exact. "
        "It is the distribution that has them; in a small matrix a sample's are far off, and "
        "should be."
    )
    def standardized(*arguments):
        array = plain(*arguments)
        return (array - array.mean()) / array.std() * std(*arguments[:-1])
