"""What graders know of ``activations/numpy/sigmoid_forward``."""

import numpy as np
import torch
from scipy.special import expit

from autograder.answers.activations.elementwise import forward_answer


def plain_sigmoid_forward(x):
    e = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1 / (1 + e), e / (1 + e))
    return out, (x, out)


answer = forward_answer("sigmoid", plain_sigmoid_forward, torch.sigmoid)


@answer.mistake(
    "A large exponential over itself plus one is infinity over infinity. The formula can be "
    "written so that only exponentials of negative numbers occur."
)
def overflows(x):
    return np.exp(x) / (1 + np.exp(x)), None


@answer.mistake("That falls from 1 to 0, the mirror image: check the sign in the exponent.")
def mirrored(x):
    return 1 / (1 + np.exp(x)), None


@answer.mistake("A division comes before a sum: the denominator needs parentheses.")
def parentheses_missing(x):
    return 1 / 1 + np.exp(-x), None


@answer.mistake("That is tanh, which goes from -1 to 1; sigmoid goes from 0 to 1.")
def tanh_instead(x):
    return np.tanh(x), None


@answer.mistake("Twice too steep: written with tanh, sigmoid takes half of x.")
def twice_too_steep(x):
    return 0.5 * (1 + np.tanh(x)), None


@answer.mistake("x is clipped so early that it shows: at 10, sigmoid is still 0.00005 short of 1.")
def clipped_early(x):
    return plain_sigmoid_forward(np.clip(x, -5, 5))[0], None


@answer.variant
def as_in_the_textbook():
    return lambda x: (1 / (1 + np.exp(-x)), x)  # overflows to 1 / inf, which is the right 0


@answer.variant
def by_tanh():
    return lambda x: (0.5 * np.tanh(x / 2) + 0.5, None)


@answer.variant
def by_scipy():
    return lambda x: (expit(x), None)


@answer.variant
def masks():
    def sigmoid_forward(x):
        out = np.zeros_like(x)
        positive = x >= 0
        out[positive] = 1 / (1 + np.exp(-x[positive]))
        e = np.exp(x[~positive])
        out[~positive] = e / (e + 1)
        return out, out

    return sigmoid_forward
