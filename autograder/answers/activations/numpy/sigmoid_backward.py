"""What graders know of ``activations/numpy/sigmoid_backward``."""

import numpy as np
import torch
from scipy.special import expit

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.sigmoid_forward import plain_sigmoid_forward


def plain_sigmoid_backward(dout, cache):
    _, out = cache
    return dout * out * (1 - out)


answer = backward_answer("sigmoid", plain_sigmoid_forward, plain_sigmoid_backward, torch.sigmoid)


@answer.mistake("s (1 - s) is meant with s = sigmoid(x); yours has x in its place.")
def in_terms_of_x(dout, cache):
    x, _ = cache
    return dout * x * (1 - x)


@answer.mistake("Sigmoid was applied twice: s is the output already.")
def sigmoid_of_the_output(dout, cache):
    s = expit(cache[1])
    return dout * s * (1 - s)


@answer.mistake("A factor is missing: the derivative is small at both ends, yours at one only.")
def one_factor_only(dout, cache):
    return dout * (1 - cache[1])


@answer.mistake("The output itself is used as the slope.")
def output_as_the_slope(dout, cache):
    return dout * cache[1]


@answer.mistake("That is the rule for tanh, 1 - out²; sigmoid's is another.")
def rule_of_tanh(dout, cache):
    return dout * (1 - cache[1] ** 2)


@answer.mistake(
    "For large negative x that is infinity over infinity. The derivative can be had from the "
    "output alone."
)
def overflows(dout, cache):
    e = np.exp(-cache[0])
    return dout * e / (1 + e) ** 2


@answer.mistake("The cache was changed: its output is needed as it is, so multiply a copy.")
def cache_changed(dout, cache):
    _, out = cache
    out *= 1 - out
    return dout * out


@answer.variant
def output_alone_in_the_cache():
    def sigmoid_backward(dout, out):
        dx = dout.copy()
        dx *= out - out**2
        return dx

    return lambda x: (expit(x),) * 2, sigmoid_backward


@answer.variant
def from_x_again():
    def sigmoid_backward(dout, x):
        e = np.exp(-np.abs(x))
        return dout * e / (1 + e) ** 2

    return lambda x: (expit(x), x), sigmoid_backward


@answer.variant
def by_cosh():
    # cosh overflows at 1000: 1 / inf is the right 0.
    return lambda x: (expit(x), x), lambda dout, x: dout / (4 * np.cosh(x / 2) ** 2)
