"""What graders know of ``activations/numpy/prelu_backward``."""

import numpy as np

from autograder.answers.activations.elementwise import with_dout
from autograder.answers.activations.numpy.prelu_forward import (
    large_prelu_inputs,
    plain_prelu_forward,
    prelu_inputs,
    torch_prelu,
)
from autograder.answers.answer import Answer
from autograder.answers.autodiff import vjp


def plain_prelu_backward(dout, cache):
    x, alpha = cache
    return np.where(x > 0, dout, alpha * dout), (dout * np.minimum(x, 0)).sum(axis=0)


answer = Answer("activations/numpy/prelu_backward", plain_prelu_forward, plain_prelu_backward)


@answer.reference
def _(x, alpha, dout):
    return vjp(torch_prelu, (x, alpha), dout)


@answer.cases
def _(rng):
    return with_dout(rng, prelu_inputs(rng))


@answer.hidden_cases
def _(rng):
    # A difference, or a complex step, for each of 512 slopes instead of one sum.
    return with_dout(rng, large_prelu_inputs(rng))


@answer.mistake(
    "dalpha isn't summed over the batch: each slope is used once for every example, so what the "
    "examples say about it adds up."
)
def slopes_not_summed(dout, cache):
    dx, _ = plain_prelu_backward(dout, cache)
    return dx, dout * np.minimum(cache[0], 0)


@answer.mistake("dalpha is averaged; what the examples say about a slope only adds up.")
def slopes_averaged(dout, cache):
    dx, dalpha = plain_prelu_backward(dout, cache)
    return dx, dalpha / max(len(dout), 1)


@answer.mistake("dalpha is one number: each unit has a slope, and a gradient, of its own.")
def one_gradient_for_all_slopes(dout, cache):
    dx, dalpha = plain_prelu_backward(dout, cache)
    return dx, dalpha.sum()


@answer.mistake("dalpha is summed over the units: sum over the examples, the other axis.")
def slopes_summed_over_the_units(dout, cache):
    dx, _ = plain_prelu_backward(dout, cache)
    return dx, (dout * np.minimum(cache[0], 0)).sum(axis=1)


@answer.mistake("dalpha counts positive numbers too: there the slope has no say.")
def positive_side_counted(dout, cache):
    dx, _ = plain_prelu_backward(dout, cache)
    return dx, (dout * cache[0]).sum(axis=0)


@answer.mistake("x is missing in dalpha: the output changes by x when the slope changes by 1.")
def x_missing(dout, cache):
    dx, _ = plain_prelu_backward(dout, cache)
    return dx, (dout * (cache[0] <= 0)).sum(axis=0)


@answer.mistake("dalpha is made from the output, alpha x; what alpha is multiplied by is x.")
def output_for_x(dout, cache):
    dx, dalpha = plain_prelu_backward(dout, cache)
    return dx, dalpha * cache[1]


@answer.mistake("dx is ReLU's: where x is negative, alpha times the gradient passes.")
def no_leak(dout, cache):
    _, dalpha = plain_prelu_backward(dout, cache)
    return dout * (cache[0] > 0), dalpha


@answer.mistake("dx has the slopes on the positive side; they belong to the negative one.")
def slope_on_the_positive_side(dout, cache):
    x, alpha = cache
    _, dalpha = plain_prelu_backward(dout, cache)
    return np.where(x > 0, alpha * dout, dout), dalpha


@answer.mistake("The two gradients are exchanged: it is dx, dalpha.")
def order_exchanged(dout, cache):
    return plain_prelu_backward(dout, cache)[::-1]


@answer.variant
def masks_in_the_cache():
    def prelu_forward(x, alpha):
        negative = x < 0
        return np.where(negative, alpha * x, x), (np.where(negative, x, 0), negative, alpha)

    def prelu_backward(dout, cache):
        x, negative, alpha = cache
        return dout * np.where(negative, alpha, 1), np.einsum("nd,nd->d", dout, x)

    return prelu_forward, prelu_backward


@answer.variant
def example_by_example():
    def prelu_backward(dout, cache):
        x, alpha = cache
        dx, dalpha = dout.copy(), np.zeros(alpha.shape)
        for n in range(len(x)):
            off = x[n] < 0
            dx[n, off] *= alpha[off]
            dalpha[off] += dout[n, off] * x[n, off]
        return dx, dalpha

    return plain_prelu_forward, prelu_backward


@answer.variant
def product_with_ones():
    def prelu_backward(dout, cache):
        x, alpha = cache
        off = x <= 0
        return [dout * (1 - off + off * alpha), np.ones(len(x)) @ (dout * x * off)]

    return plain_prelu_forward, prelu_backward
