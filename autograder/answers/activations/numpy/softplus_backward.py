"""What graders know of ``activations/numpy/softplus_backward``."""

import numpy as np
from scipy.special import expit

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.softplus_forward import (
    plain_softplus_forward,
    softplus,
    torch_softplus,
)


def plain_softplus_backward(dout, x):
    return dout * expit(x)


answer = backward_answer(
    "softplus", plain_softplus_forward, plain_softplus_backward, torch_softplus
)


@answer.mistake(
    "For large x that is infinity over infinity: divide the fraction through by exp(x) there."
)
def overflows(dout, x):
    return dout * np.exp(x) / (1 + np.exp(x))


@answer.mistake("That is ReLU's slope, a step; softplus goes from 0 to 1 smoothly.")
def step_function(dout, x):
    return dout * (x > 0)


@answer.mistake(
    "That falls where it should rise: the derivative of log(1 + exp(x)) has an inner factor, or a "
    "sign in the exponent is wrong."
)
def inner_derivative_missing(dout, x):
    return dout / (1 + np.exp(x))


@answer.mistake("One derivative too many: sigmoid itself is what is due.")
def derivative_of_sigmoid(dout, x):
    return dout * expit(x) * expit(-x)


@answer.mistake("dout is multiplied by the output; the slope is never more than 1.")
def output_as_the_slope(dout, x):
    return dout * softplus(x)


@answer.mistake("That is tanh, from -1 to 1; the slope here goes from 0 to 1.")
def tanh_instead(dout, x):
    return dout * np.tanh(x)


@answer.variant
def as_in_the_textbook():
    return plain_softplus_forward, lambda dout, x: dout / (1 + np.exp(-x))


@answer.variant
def from_the_output():
    return lambda x: (softplus(x), softplus(x)), lambda dout, out: -dout * np.expm1(-out)


@answer.variant
def by_tanh():
    return plain_softplus_forward, lambda dout, x: 0.5 * dout * (1 + np.tanh(0.5 * x))
