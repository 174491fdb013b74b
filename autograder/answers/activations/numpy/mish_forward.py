"""What graders know of ``activations/numpy/mish_forward``."""

import numpy as np
import torch
from scipy.special import expit

from autograder.answers.activations.elementwise import forward_answer
from autograder.answers.activations.numpy.softplus_forward import softplus


def plain_mish_forward(x):
    return x * np.tanh(softplus(x)), x


answer = forward_answer("mish", plain_mish_forward, torch.nn.functional.mish)


@answer.mistake(
    "For large x that is infinity over infinity: the tanh of a stable softplus never overflows."
)
def overflows(x):
    square = (1 + np.exp(x)) ** 2
    return x * (square - 1) / (square + 1), None


@answer.mistake("softplus is missing: tanh is taken of softplus(x), not of x.")
def softplus_missing(x):
    return x * np.tanh(x), None


@answer.mistake("tanh is missing: without it, x is multiplied by softplus itself.")
def tanh_missing(x):
    return x * softplus(x), None


@answer.mistake("x is missing: it is multiplied by tanh(softplus(x)).")
def x_missing(x):
    return np.tanh(softplus(x)), None


@answer.mistake("That is SiLU, with sigmoid in the place of tanh(softplus(x)).")
def silu_instead(x):
    return x * expit(x), None


@answer.mistake("tanh and softplus are in the wrong order: softplus comes first.")
def order_exchanged(x):
    return x * softplus(np.tanh(x)), None


@answer.variant
def as_in_the_textbook():
    # softplus overflows to infinity, whose tanh is the right 1.
    return lambda x: (x * np.tanh(np.log(1 + np.exp(x))), x)


@answer.variant
def logaddexp():
    return lambda x: (np.tanh(np.logaddexp(0, x)) * x, {"x": x})


@answer.variant
def rational_by_cases():
    def mish_forward(x):
        # tanh(log(1 + e)) = (e² + 2e) / (e² + 2e + 2), divided through by e² where x > 0
        e = np.exp(-np.abs(x))
        right = (1 + 2 * e) / (1 + 2 * e + 2 * e**2)
        left = (e**2 + 2 * e) / (e**2 + 2 * e + 2)
        return x * np.where(x > 0, right, left), None

    return mish_forward
