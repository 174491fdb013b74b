"""What graders know of ``activations/numpy/gelu_backward``.

With ``approximate=True`` it is the derivative of the tanh form, not an approximation of the exact
form's.
"""

import math

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.gelu_forward import (
    CUBIC,
    OPTIONS,
    ROOT,
    plain_gelu_forward,
    tanh_argument,
    torch_gelu,
)


def exact_slope(x):
    return norm.cdf(x) + x * norm.pdf(x)


def tanh_slope(x, cubic=3 * CUBIC):
    t = np.tanh(tanh_argument(x))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t**2) * ROOT * (1 + cubic * x**2)


def plain_gelu_backward(dout, cache):
    x, approximate = cache
    return dout * (tanh_slope(x) if approximate else exact_slope(x))


answer = backward_answer("gelu", plain_gelu_forward, plain_gelu_backward, torch_gelu, OPTIONS)


@answer.mistake("The product rule has two terms: the slope of Φ (or of tanh) is missing.")
def second_term_missing(dout, cache):
    x, approximate = cache
    return dout * (0.5 * (1 + np.tanh(tanh_argument(x))) if approximate else norm.cdf(x))


@answer.mistake("The product rule has two terms: Φ itself (or its tanh form) is missing.")
def first_term_missing(dout, cache):
    x, approximate = cache
    t = np.tanh(tanh_argument(x))
    whole = tanh_slope(x) - 0.5 * (1 + t) if approximate else x * norm.pdf(x)
    return dout * whole


@answer.mistake("The density φ(x) has a factor 1/√(2π), which is missing.")
def density_not_normalized(dout, cache):
    x, approximate = cache
    if approximate:
        return plain_gelu_backward(dout, cache)
    return dout * (norm.cdf(x) + x * np.exp(-(x**2) / 2))


@answer.mistake("The exponent of the density is -x²/2: the 2 is missing.")
def exponent_not_halved(dout, cache):
    x, approximate = cache
    if approximate:
        return plain_gelu_backward(dout, cache)
    return dout * (norm.cdf(x) + x * np.exp(-(x**2)) / math.sqrt(2 * math.pi))


@answer.mistake("In the product rule, the slope of Φ is multiplied by x.")
def x_missing(dout, cache):
    x, approximate = cache
    if approximate:
        return plain_gelu_backward(dout, cache)
    return dout * (norm.cdf(x) + norm.pdf(x))


@answer.mistake(
    "With approximate=True the derivative of the tanh form is due; yours is that of the exact one."
)
def always_exact(dout, cache):
    return dout * exact_slope(cache[0])


@answer.mistake("With approximate=False the derivative of the exact form is due.")
def always_approximate(dout, cache):
    return dout * tanh_slope(cache[0])


@answer.mistake("In the tanh form, what stands inside tanh has a derivative too: of x³ it is 3 x².")
def three_missing(dout, cache):
    x, approximate = cache
    return dout * (tanh_slope(x, cubic=CUBIC) if approximate else exact_slope(x))


@answer.variant
def by_formula():
    def gelu_backward(dout, cache):
        x, approximate = cache["x"], cache["approximate"]
        if approximate:
            s = expit(2 * tanh_argument(x))
            return dout * (s + 2 * x * s * (1 - s) * ROOT * (1 + 0.134145 * x * x))
        phi = np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi)
        return dout * (0.5 * (1 + np.vectorize(math.erf, otypes=[float])(x / 2**0.5)) + x * phi)

    def gelu_forward(x, approximate=False):
        return plain_gelu_forward(x, approximate)[0], {"x": x, "approximate": approximate}

    return gelu_forward, gelu_backward


@answer.variant
def slope_in_the_cache():
    def gelu_forward(x, approximate=False):
        out, _ = plain_gelu_forward(x, approximate)
        return out, tanh_slope(x) if approximate else exact_slope(x)

    return gelu_forward, lambda dout, slope: slope * dout


@answer.variant
def by_cosh():
    def gelu_backward(dout, cache):
        x, approximate = cache
        if not approximate:
            return plain_gelu_backward(dout, cache)
        u = tanh_argument(x)
        return dout * 0.5 * (1 + np.tanh(u) + x * ROOT * (1 + 3 * CUBIC * x**2) / np.cosh(u) ** 2)

    return plain_gelu_forward, gelu_backward
