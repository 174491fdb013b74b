"""What graders know of ``activations/numpy/silu_forward``."""

import numpy as np
import torch
from scipy.special import expit

from autograder.answers.activations.elementwise import forward_answer


def plain_silu_forward(x):
    s = expit(x)
    return x * s, (x, s)


answer = forward_answer("silu", plain_silu_forward, torch.nn.functional.silu)


@answer.mistake(
    "For large x that is infinity over infinity: write sigmoid with exp(-x), or by cases."
)
def overflows(x):
    return x * np.exp(x) / (1 + np.exp(x)), None


@answer.mistake("That is sigmoid alone; SiLU is x times it.")
def sigmoid_alone(x):
    return expit(x), None


@answer.mistake("The sign in the exponent is turned round: for large x SiLU is close to x.")
def mirrored(x):
    return x * expit(-x), None


@answer.mistake("The factor 1.702 makes it an approximation of GELU; SiLU's is 1.")
def gelu_by_sigmoid(x):
    return x * expit(1.702 * x), None


@answer.mistake("x is multiplied by tanh, which is negative on the left; sigmoid is never.")
def tanh_for_sigmoid(x):
    return x * np.tanh(x), None


@answer.mistake("x is added to sigmoid; it is multiplied by it.")
def sum_for_product(x):
    return x + expit(x), None


@answer.variant
def fraction():
    return lambda x: (x / (1 + np.exp(-x)), x)  # overflows to x / inf, which is the right 0


@answer.variant
def by_tanh():
    return lambda x: (0.5 * x * (1 + np.tanh(x / 2)), {"x": x})


@answer.variant
def stable_by_cases():
    def silu_forward(x):
        e = np.exp(-np.abs(x))
        out = x / (1 + e)
        out[x < 0] *= e[x < 0]
        return out, None

    return silu_forward
