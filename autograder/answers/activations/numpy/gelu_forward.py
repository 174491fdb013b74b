"""What graders know of ``activations/numpy/gelu_forward``.

Exact by default, as in PyTorch and Keras; the tanh form is what ``approximate=True`` means there
(``"tanh"`` in PyTorch). The two differ by 0.0005 at most.
"""

import math

import numpy as np
import torch
from scipy.special import erf, erfc, expit
from scipy.stats import norm

from autograder.answers.activations.elementwise import forward_answer

OPTIONS = ({}, {"approximate": True})
CUBIC = 0.044715
ROOT = math.sqrt(2 / math.pi)


def exact_gelu(x):
    return 0.5 * x * (1 + erf(x / math.sqrt(2)))


def tanh_gelu(x, cubic=CUBIC, factor=ROOT):
    return 0.5 * x * (1 + np.tanh(factor * (x + cubic * x**3)))


def plain_gelu_forward(x, approximate=False):
    return tanh_gelu(x) if approximate else exact_gelu(x), (x, approximate)


def torch_gelu(x, approximate=False):
    return torch.nn.functional.gelu(x, approximate="tanh" if approximate else "none")


answer = forward_answer("gelu", plain_gelu_forward, torch_gelu, OPTIONS)


@answer.mistake("That is the tanh form in all cases; with approximate=False the exact one is due.")
def always_approximate(x, approximate=False):
    return tanh_gelu(x), None


@answer.mistake("That is the exact form in all cases; with approximate=True the tanh form is due.")
def always_exact(x, approximate=False):
    return exact_gelu(x), None


@answer.mistake("The two forms are exchanged: exact where approximate is False.")
def forms_exchanged(x, approximate=False):
    return exact_gelu(x) if approximate else tanh_gelu(x), None


@answer.mistake("The coefficient 0.044715 of the cube is missing in the tanh form.")
def cubic_coefficient_missing(x, approximate=False):
    return tanh_gelu(x, cubic=1.0) if approximate else exact_gelu(x), None


@answer.mistake("The cube is missing in the tanh form, which is off by up to 0.03 without it.")
def cubic_term_missing(x, approximate=False):
    return tanh_gelu(x, cubic=0.0) if approximate else exact_gelu(x), None


@answer.mistake("The factor in the tanh form is the square *root* of 2/π.")
def root_missing(x, approximate=False):
    return tanh_gelu(x, factor=2 / math.pi) if approximate else exact_gelu(x), None


@answer.mistake("erf takes x divided by the root of 2: only so is it the normal distribution's.")
def root_of_two_missing(x, approximate=False):
    return tanh_gelu(x) if approximate else 0.5 * x * (1 + erf(x)), None


@answer.mistake("The 1 is missing: Φ goes from 0 to 1, erf from -1 to 1.")
def one_not_added(x, approximate=False):
    return exact_gelu(x) - 0.5 * x if not approximate else tanh_gelu(x) - 0.5 * x, None


@answer.mistake("That is Φ(x) alone; GELU is x times it.")
def distribution_alone(x, approximate=False):
    return norm.cdf(x) if not approximate else 0.5 * (1 + np.tanh(tanh_argument(x))), None


@answer.mistake("x σ(1.702 x) is a third form, and off by up to 0.02 from the exact one.")
def by_sigmoid(x, approximate=False):
    return x * expit(1.702 * x), None


def tanh_argument(x):
    return ROOT * (x + CUBIC * x**3)


@answer.variant
def by_the_normal_distribution():
    def gelu_forward(x, approximate=False):
        if approximate:
            return x * expit(2 * tanh_argument(x)), None
        return x * norm.cdf(x), None

    return gelu_forward


@answer.variant
def number_by_number():
    def gelu(number, approximate):
        if approximate:
            return number / 2 * (1 + math.tanh(tanh_argument(number)))
        return number / 2 * (1 + math.erf(number / 2**0.5))

    def gelu_forward(x, approximate=False):
        out = [gelu(float(number), approximate) for number in x.flat]
        return np.array(out, dtype=float).reshape(x.shape), (x, approximate)

    return gelu_forward


@answer.variant
def complementary_error_function():
    def gelu_forward(x, approximate=False):
        if approximate:
            inner = np.sqrt(2 / np.pi) * x * (1 + 0.044715 * x * x)
            return x / 2 + x / 2 * np.tanh(inner), {"x": x}
        return x * 0.5 * erfc(-x / np.sqrt(2)), {"x": x}

    return gelu_forward
