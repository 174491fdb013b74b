"""What graders know of ``activations/numpy/tanh_backward``."""

import numpy as np
import torch

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.tanh_forward import plain_tanh_forward


def plain_tanh_backward(dout, cache):
    _, out = cache
    return dout * (1 - out**2)


answer = backward_answer("tanh", plain_tanh_forward, plain_tanh_backward, torch.tanh)


@answer.mistake("1 - t² is meant with t = tanh(x); yours has x in its place.")
def in_terms_of_x(dout, cache):
    return dout * (1 - cache[0] ** 2)


@answer.mistake("The square is missing: the slope is the same at x and -x, yours isn't.")
def not_squared(dout, cache):
    return dout * (1 - cache[1])


@answer.mistake("That is sigmoid's rule, out (1 - out); at 0 the slope of tanh is 1.")
def rule_of_sigmoid(dout, cache):
    return dout * cache[1] * (1 - cache[1])


@answer.mistake("tanh was applied twice: the cache holds the output already.")
def tanh_of_the_output(dout, cache):
    return dout * (1 - np.tanh(cache[1]) ** 2)


@answer.mistake("The sign of the square is wrong: where tanh is flat, its slope is 0, not 2.")
def plus_the_square(dout, cache):
    return dout * (1 + cache[1] ** 2)


@answer.mistake("The cache was changed: square a copy of the output.")
def cache_changed(dout, cache):
    _, out = cache
    out **= 2
    return dout * (1 - out)


@answer.variant
def output_alone_in_the_cache():
    def tanh_backward(dout, cache):
        return (1 - cache["out"]) * (1 + cache["out"]) * dout

    return lambda x: (np.tanh(x), {"out": np.tanh(x)}), tanh_backward


@answer.variant
def by_cosh():
    return lambda x: (np.tanh(x), x), lambda dout, x: dout / np.cosh(x) ** 2


@answer.variant
def slope_in_the_cache():
    def tanh_forward(x):
        out = np.tanh(x)
        return out, 1 - np.square(out)

    return tanh_forward, np.multiply
