"""What graders know of ``activations/numpy/leaky_relu_backward``."""

import numpy as np

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.leaky_relu_forward import (
    OPTIONS,
    plain_leaky_relu_forward,
    torch_leaky_relu,
)


def plain_leaky_relu_backward(dout, cache):
    x, alpha = cache
    return np.where(x > 0, dout, alpha * dout)


answer = backward_answer(
    "leaky_relu",
    plain_leaky_relu_forward,
    plain_leaky_relu_backward,
    torch_leaky_relu,
    OPTIONS,
    kink_at_zero=True,
)


@answer.mistake("The slope alpha belongs to the negative side; on the positive side it is 1.")
def slope_on_the_positive_side(dout, cache):
    x, alpha = cache
    return np.where(x > 0, alpha * dout, dout)


@answer.mistake("That is ReLU's: where x is negative, alpha times the gradient passes.")
def no_leak(dout, cache):
    return dout * (cache[0] > 0)


@answer.mistake("alpha is fixed at 0.01 in yours: the cache has to carry it over.")
def alpha_fixed(dout, cache):
    return plain_leaky_relu_backward(dout, (cache[0], 0.01))


@answer.mistake("It is the sign of x that decides, not that of dout.")
def sign_of_the_gradient(dout, cache):
    return np.where(dout > 0, dout, cache[1] * dout)


@answer.mistake("On the negative side the slope is alpha itself; alpha times x is the output.")
def output_as_the_slope(dout, cache):
    x, alpha = cache
    return dout * np.where(x > 0, x, alpha * x)


@answer.mistake("On the negative side dout is missing: the slope there multiplies it too.")
def dout_missing_on_the_negative_side(dout, cache):
    x, alpha = cache
    return np.where(x > 0, dout, alpha)


@answer.variant
def slopes_in_the_cache():
    def leaky_relu_forward(x, alpha=0.01):
        slope = np.where(x > 0, 1.0, alpha)
        return slope * x, slope

    return leaky_relu_forward, np.multiply


@answer.variant
def in_place_on_a_copy():
    def leaky_relu_backward(dout, cache):
        dx = dout.copy()
        dx[cache[0] < 0] *= cache[1]
        return dx

    return plain_leaky_relu_forward, leaky_relu_backward


@answer.variant
def mask_arithmetic():
    def leaky_relu_backward(dout, cache):
        on = cache[0] >= 0  # the slope at 0 isn't judged
        return dout * (on + cache[1] * ~on)

    return plain_leaky_relu_forward, leaky_relu_backward
