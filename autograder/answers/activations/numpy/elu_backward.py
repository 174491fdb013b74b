"""What graders know of ``activations/numpy/elu_backward``."""

import numpy as np

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.elu_forward import (
    OPTIONS,
    plain_elu_forward,
    torch_elu,
)


def plain_elu_backward(dout, cache):
    x, out, alpha = cache
    return dout * np.where(x > 0, 1, out + alpha)


answer = backward_answer(
    "elu", plain_elu_forward, plain_elu_backward, torch_elu, OPTIONS, kink_at_zero=True
)


@answer.mistake("alpha is missing in the derivative: for negative x it multiplies exp(x).")
def alpha_missing(dout, cache):
    x, _, _ = cache
    return dout * np.where(x > 0, 1, np.exp(x))


@answer.mistake("out + 1 is the slope for alpha = 1 only; how does alpha come in?")
def one_for_alpha(dout, cache):
    x, out, _ = cache
    return dout * np.where(x > 0, 1, out + 1)


@answer.mistake("For negative x the output is used as the slope: the -1 has no derivative.")
def output_as_the_slope(dout, cache):
    x, out, _ = cache
    return dout * np.where(x > 0, 1, out)


@answer.mistake("That is leaky ReLU's slope; here it fades out to the left.")
def slope_alpha(dout, cache):
    x, _, alpha = cache
    return dout * np.where(x > 0, 1, alpha)


@answer.mistake("That is ReLU's: for negative x the slope is small, but not 0.")
def slope_zero(dout, cache):
    return dout * (cache[0] > 0)


@answer.mistake("exp(x) for positive x too: there the slope is 1.")
def exponential_everywhere(dout, cache):
    x, _, alpha = cache
    return dout * alpha * np.exp(x)


@answer.mistake("0 times infinity is NaN: a mask doesn't switch off an exp(x) that overflowed.")
def overflow_times_zero(dout, cache):
    x, _, alpha = cache
    return dout * ((x > 0) + (x <= 0) * alpha * np.exp(x))


@answer.variant
def from_x_alone():
    def elu_backward(dout, cache):
        x, alpha = cache
        return np.where(x >= 0, dout, dout * alpha * np.exp(x))

    return lambda x, alpha=1.0: (plain_elu_forward(x, alpha)[0], (x, alpha)), elu_backward


@answer.variant
def in_place_on_a_copy():
    def elu_backward(dout, cache):
        x, out, alpha = cache
        dx = dout.copy()
        dx[x < 0] *= out[x < 0] + alpha
        return dx

    return plain_elu_forward, elu_backward


@answer.variant
def minimum_in_the_exponent():
    def elu_backward(dout, cache):
        x, alpha = cache["x"], cache["alpha"]
        slope = np.exp(np.minimum(x, 0))
        slope *= np.where(x < 0, alpha, 1)
        return slope * dout

    def elu_forward(x, alpha=1.0):
        return plain_elu_forward(x, alpha)[0], {"x": x, "alpha": alpha}

    return elu_forward, elu_backward
