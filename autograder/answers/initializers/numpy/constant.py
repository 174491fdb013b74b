"""What graders know of ``initializers/numpy/constant``."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.initializers.numpy.zeros import SHAPES


def plain_constant(shape, value):
    return np.full(shape, value)


answer = Answer("initializers/numpy/constant", plain_constant, float32=False)


@answer.reference
def _(shape, value):
    return torch.nn.init.constant_(torch.empty(shape, dtype=torch.float64), value).numpy()


@answer.cases
def _(rng):
    for label, shape in SHAPES.items():
        yield label, {"shape": shape, "value": float(draw.uniform(rng, 0.1, 0.9))}
    yield "a negative value", {"shape": (2, 5), "value": -float(draw.uniform(rng, 1.1, 3.9))}


@answer.mistake("Every element is the value, not 1.")
def ones(shape, value):
    return np.ones(shape)


@answer.mistake("Every element is the value, not 0.")
def zeros(shape, value):
    return np.zeros(shape)


@answer.mistake("The decimals are lost: make an array of floats.")
def whole_numbers(shape, value):
    return np.full(shape, int(value))


@answer.mistake("The value stands on the diagonal only; every element should be it.")
def on_the_diagonal(shape, value):
    return value * np.eye(*shape) if len(shape) == 2 else plain_constant(shape, value)


@answer.mistake("The array is transposed: it should have the shape that was asked for.")
def transposed(shape, value):
    return np.full(shape[::-1], value)


@answer.mistake("The elements add up to the value; each of them should be it.")
def divided_among_the_elements(shape, value):
    return np.full(shape, value / max(1, np.prod(shape)))


@answer.variant
def times_ones():
    return lambda shape, value: value * np.ones(shape)


@answer.variant
def added_to_zeros():
    def constant(shape, value):
        array = np.zeros(shape)
        array += value
        return array

    return constant
