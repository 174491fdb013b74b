"""What graders know of ``activations/numpy/elu_forward``."""

import math

import numpy as np
import torch

from autograder.answers.activations.elementwise import forward_answer

OPTIONS = ({}, {"alpha": 0.5}, {"alpha": 2.0})


def plain_elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return out, (x, out, alpha)


def torch_elu(x, alpha=1.0):
    return torch.nn.functional.elu(x, alpha)


answer = forward_answer("elu", plain_elu_forward, torch_elu, OPTIONS)


@answer.mistake(
    "0 times infinity is NaN: a mask doesn't switch off an exponential that has overflowed. Keep "
    "positive numbers out of exp."
)
def overflow_times_zero(x, alpha=1.0):
    return (x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1), None


@answer.mistake("The 1 is missing: at 0 the two sides meet at 0, and far left it is -alpha.")
def one_not_subtracted(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(x)), None


@answer.mistake("alpha is missing in yours, or fixed at 1; it is an argument.")
def alpha_missing(x, alpha=1.0):
    return plain_elu_forward(x)[0], None


@answer.mistake("alpha multiplies the exponential minus 1; it doesn't stand in the exponent.")
def alpha_in_the_exponent(x, alpha=1.0):
    return np.where(x > 0, x, np.expm1(alpha * x)), None


@answer.mistake("alpha multiplies the whole of exp(x) - 1: parentheses are missing.")
def alpha_before_the_exponential_alone(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.exp(x) - 1), None


@answer.mistake("alpha belongs to the negative side; positive numbers pass as they are.")
def alpha_on_both_sides(x, alpha=1.0):
    return alpha * plain_elu_forward(x)[0], None


@answer.mistake("exp(x) - 1 for positive x too: there x itself is due.")
def exponential_everywhere(x, alpha=1.0):
    return alpha * np.expm1(x), None


@answer.variant
def where_with_an_overflow():
    # exp overflows on the side that where doesn't take.
    return lambda x, alpha=1.0: (np.where(x >= 0, x, alpha * (np.exp(x) - 1)), None)


@answer.variant
def two_sides():
    def elu_forward(x, alpha=1.0):
        return np.maximum(x, 0) + alpha * (np.exp(np.minimum(x, 0)) - 1), (x, alpha)

    return elu_forward


@answer.variant
def number_by_number():
    def elu(number, alpha):
        return number if number > 0 else alpha * math.expm1(number)

    def elu_forward(x, alpha=1.0):
        out = np.empty(x.shape)
        for index in np.ndindex(x.shape):
            out[index] = elu(x[index], alpha)
        return out, None

    return elu_forward
