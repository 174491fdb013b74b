"""What graders know of ``activations/numpy/mish_backward``."""

import numpy as np
import torch
from scipy.special import expit

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.mish_forward import plain_mish_forward
from autograder.answers.activations.numpy.softplus_forward import softplus


def plain_mish_backward(dout, x):
    t = np.tanh(softplus(x))
    return dout * (t + x * expit(x) * (1 - t**2))


answer = backward_answer("mish", plain_mish_forward, plain_mish_backward, torch.nn.functional.mish)


@answer.mistake("The product rule has two terms: x times the slope of tanh(softplus) is missing.")
def second_term_missing(dout, x):
    return dout * np.tanh(softplus(x))


@answer.mistake("The product rule has two terms: tanh(softplus(x)) itself is missing.")
def first_term_missing(dout, x):
    t = np.tanh(softplus(x))
    return dout * x * expit(x) * (1 - t**2)


@answer.mistake("The chain goes on: softplus, inside tanh, has a slope of its own.")
def slope_of_softplus_missing(dout, x):
    t = np.tanh(softplus(x))
    return dout * (t + x * (1 - t**2))


@answer.mistake("The slope of tanh is 1 - t²; the square is missing.")
def square_missing(dout, x):
    t = np.tanh(softplus(x))
    return dout * (t + x * expit(x) * (1 - t))


@answer.mistake("x is missing in the second term of the product rule.")
def x_missing(dout, x):
    t = np.tanh(softplus(x))
    return dout * (t + expit(x) * (1 - t**2))


@answer.mistake(
    "The closed formula with powers of exp(x) overflows, in the end to NaN. The same derivative "
    "can be put together from tanh, softplus and sigmoid."
)
def overflows(dout, x):
    e = np.exp(x)
    omega = 4 * (x + 1) + 4 * e**2 + e**3 + e * (4 * x + 6)
    return dout * e * omega / (2 * e + e**2 + 2) ** 2


@answer.mistake("The sigmoid in it is infinity over infinity for large x.")
def sigmoid_overflows(dout, x):
    t = np.tanh(softplus(x))
    return dout * (t + x * (1 - t**2) * np.exp(x) / (1 + np.exp(x)))


@answer.variant
def pieces_in_the_cache():
    def mish_forward(x):
        t = np.tanh(np.logaddexp(x, 0))
        return x * t, {"x": x, "t": t, "s": 1 / (1 + np.exp(-x))}

    def mish_backward(dout, cache):
        x, t, s = cache["x"], cache["t"], cache["s"]
        return dout * t + dout * x * s * (1 - t) * (1 + t)

    return mish_forward, mish_backward


@answer.variant
def by_cosh():
    def mish_backward(dout, x):
        sp = softplus(x)
        return dout * (np.tanh(sp) + x * 0.5 * (1 + np.tanh(x / 2)) / np.cosh(sp) ** 2)

    return plain_mish_forward, mish_backward


@answer.variant
def closed_formula_by_cases():
    def mish_backward(dout, x):
        # Numerator and denominator divided by exp(4x) where x > 0
        e = np.exp(-np.abs(x))
        left = e * (4 * (x + 1) + 4 * e**2 + e**3 + e * (4 * x + 6)) / (2 * e + e**2 + 2) ** 2
        right = 1 + 4 * e + (4 * x + 6) * e**2 + 4 * (x + 1) * e**3
        right = right / (1 + 2 * e + 2 * e**2) ** 2
        return dout * np.where(x > 0, right, left)

    return plain_mish_forward, mish_backward
