"""What graders know of ``activations/numpy/selu_backward``."""

import numpy as np
import torch

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.selu_forward import ALPHA, SCALE, plain_selu_forward


def selu_slope(x, scale=SCALE, alpha=ALPHA):
    return scale * np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))


def plain_selu_backward(dout, cache):
    return dout * selu_slope(cache[0])


answer = backward_answer(
    "selu", plain_selu_forward, plain_selu_backward, torch.selu, kink_at_zero=True
)


@answer.mistake("The scale is missing: it multiplies both sides of SELU, and so both slopes.")
def scale_missing(dout, cache):
    return dout * selu_slope(cache[0], scale=1.0)


@answer.mistake("alpha is missing: it multiplies the slope on the negative side.")
def alpha_missing(dout, cache):
    return dout * selu_slope(cache[0], alpha=1.0)


@answer.mistake("The two constants are exchanged: the scale is 1.05…, alpha is 1.67….")
def constants_exchanged(dout, cache):
    return dout * selu_slope(cache[0], scale=ALPHA, alpha=SCALE)


@answer.mistake("On the positive side the slope isn't 1: the scale multiplies there too.")
def slope_one_on_the_positive_side(dout, cache):
    x, _ = cache
    return dout * np.where(x > 0, 1, selu_slope(x))


@answer.mistake("out + alpha is ELU's slope; what does the scale do to it?")
def slope_of_elu_from_the_output(dout, cache):
    x, out = cache
    return dout * np.where(x > 0, SCALE, out + ALPHA)


@answer.mistake("For negative x the output is used as the slope: the -1 has no derivative.")
def output_as_the_slope(dout, cache):
    x, out = cache
    return dout * np.where(x > 0, SCALE, out)


@answer.mistake("0 times infinity is NaN: a mask doesn't switch off an exp(x) that overflowed.")
def overflow_times_zero(dout, cache):
    x, _ = cache
    return dout * SCALE * ((x > 0) + (x <= 0) * ALPHA * np.exp(x))


@answer.variant
def from_the_output():
    def selu_backward(dout, out):
        return np.where(out > 0, SCALE, out + SCALE * ALPHA) * dout

    return lambda x: (plain_selu_forward(x)[0],) * 2, selu_backward


@answer.variant
def where_with_an_overflow():
    def selu_backward(dout, x):
        return np.where(x > 0, dout, dout * ALPHA * np.exp(x)) * SCALE

    return lambda x: (plain_selu_forward(x)[0], x), selu_backward


@answer.variant
def in_place_on_a_copy():
    def selu_backward(dout, cache):
        x, _ = cache
        dx = SCALE * dout
        dx[x < 0] *= ALPHA * np.exp(x[x < 0])
        return dx

    return plain_selu_forward, selu_backward
