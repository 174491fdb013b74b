"""What graders know of ``activations/numpy/silu_backward``."""

import numpy as np
import torch
from scipy.special import expit

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.silu_forward import plain_silu_forward


def plain_silu_backward(dout, cache):
    x, s = cache
    return dout * (s + x * s * (1 - s))


answer = backward_answer("silu", plain_silu_forward, plain_silu_backward, torch.nn.functional.silu)


@answer.mistake("The product rule has two terms: x times the slope of sigmoid is missing.")
def second_term_missing(dout, cache):
    return dout * cache[1]


@answer.mistake("The product rule has two terms: sigmoid itself is missing.")
def first_term_missing(dout, cache):
    x, s = cache
    return dout * x * s * (1 - s)


@answer.mistake("x is missing in the second term: it multiplies the slope of sigmoid.")
def x_missing(dout, cache):
    _, s = cache
    return dout * (s + s * (1 - s))


@answer.mistake("The slope of sigmoid is s (1 - s); one of its factors is missing.")
def factor_missing(dout, cache):
    x, s = cache
    return dout * (s + x * (1 - s))


@answer.mistake("The two terms of the product rule are added; yours are subtracted.")
def terms_subtracted(dout, cache):
    x, s = cache
    return dout * (s - x * s * (1 - s))


@answer.mistake("For large numbers that is infinity over infinity: reuse a sigmoid that is stable.")
def overflows(dout, cache):
    x, _ = cache
    e = np.exp(x)
    return dout * e * (1 + e + x) / (1 + e) ** 2


@answer.mistake("The cache was changed: work on a copy of what it holds.")
def cache_changed(dout, cache):
    x, s = cache
    dx = dout * (s + x * s * (1 - s))
    s *= 1 - s
    return dx


@answer.variant
def from_the_output():
    def silu_forward(x):
        s = expit(x)
        return x * s, (x * s, s)

    def silu_backward(dout, cache):
        out, s = cache
        return dout * (out + s * (1 - out))

    return silu_forward, silu_backward


@answer.variant
def from_x_again():
    def silu_backward(dout, x):
        s = 1 / (1 + np.exp(-x))
        return dout * s * (1 + x * (1 - s))

    return lambda x: (plain_silu_forward(x)[0], x), silu_backward


@answer.variant
def slope_in_the_cache():
    def silu_forward(x):
        s = 0.5 + 0.5 * np.tanh(x / 2)
        return x * s, s + x / (4 * np.cosh(x / 2) ** 2)

    return silu_forward, np.multiply
