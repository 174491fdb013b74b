"""What graders know of ``activations/numpy/tanh_forward``."""

import math

import numpy as np
import torch

from autograder.answers.activations.elementwise import forward_answer


def plain_tanh_forward(x):
    out = np.tanh(x)
    return out, (x, out)


answer = forward_answer("tanh", plain_tanh_forward, torch.tanh)


@answer.mistake(
    "For large x that is infinity over infinity: use exponentials of negative numbers only, or "
    "NumPy's own function."
)
def overflows(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)), None


@answer.mistake("That is right where exp(2x) is finite; for large x it is infinity over infinity.")
def overflows_for_positive_x(x):
    return (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1), None


@answer.mistake("That is tanh of x / 2: half as steep at 0 as tanh, whose slope there is 1.")
def half_as_steep(x):
    return 2 / (1 + np.exp(-x)) - 1, None


@answer.mistake("That is sigmoid, which goes from 0 to 1; tanh goes from -1 to 1.")
def sigmoid_instead(x):
    return 0.5 + 0.5 * np.tanh(x / 2), None


@answer.mistake("The sign is turned round: tanh rises.")
def sign_turned_round(x):
    return -np.tanh(x), None


@answer.mistake("That is tan, of the circle; tanh, of the hyperbola, stays between -1 and 1.")
def tan_instead(x):
    return np.tan(x), None


@answer.variant
def by_sigmoid():
    return lambda x: (2 / (1 + np.exp(-2 * x)) - 1, x)


@answer.variant
def by_magnitude_and_sign():
    def tanh_forward(x):
        e = np.exp(-2 * np.abs(x))
        return np.sign(x) * (1 - e) / (1 + e), {"x": x}

    return tanh_forward


@answer.variant
def number_by_number():
    def tanh_forward(x):
        out = np.array([math.tanh(number) for number in x.ravel()], dtype=float).reshape(x.shape)
        return out, out

    return tanh_forward
