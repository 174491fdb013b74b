"""What graders know of ``initializers/numpy/zeros``."""

import numpy as np
import torch

from autograder.answers.answer import Answer


def plain_zeros(shape):
    return np.zeros(shape)


answer = Answer("initializers/numpy/zeros", plain_zeros, float32=False)


@answer.reference
def _(shape):
    return torch.nn.init.zeros_(torch.empty(shape, dtype=torch.float64)).numpy()


SHAPES = {
    "a weight matrix": (3, 2),
    "biases": (4,),
    "a convolution's kernel": (2, 2, 3, 1),
    "no inputs": (0, 3),
}


@answer.cases
def _(rng):
    for label, shape in SHAPES.items():
        yield label, {"shape": shape}
    yield "any matrix", {"shape": tuple(int(n) for n in rng.integers(2, 9, size=2))}


@answer.mistake("Those are ones.")
def ones(shape):
    return np.ones(shape)


@answer.mistake("Weights have decimals: an array of whole numbers would round every later step.")
def whole_numbers(shape):
    return np.zeros(shape, dtype=int)


@answer.mistake("The array is transposed: it should have the shape that was asked for.")
def transposed(shape):
    return np.zeros(shape[::-1])


@answer.mistake("The array is flat: it should have the shape that was asked for.")
def flat(shape):
    return np.zeros(int(np.prod(shape)))


@answer.mistake("Small is not zero: every element is exactly 0.")
def small_numbers(shape):
    return np.full(shape, 1e-3)


@answer.variant
def a_zero_repeated():
    return lambda shape: np.tile(0.0, shape)


@answer.variant
def filled():
    def zeros(shape):
        array = np.empty(shape)
        array.fill(0)
        return array

    return zeros
