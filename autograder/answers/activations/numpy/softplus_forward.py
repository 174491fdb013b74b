"""What graders know of ``activations/numpy/softplus_forward``.

PyTorch's own function is the identity above a threshold of 20, which leaves out exp(-20) at most;
the reference does without.
"""

import numpy as np
import torch

from autograder.answers.activations.elementwise import forward_answer


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def plain_softplus_forward(x):
    return softplus(x), x


def torch_softplus(x):
    return torch.logaddexp(x, torch.zeros_like(x))


answer = forward_answer("softplus", plain_softplus_forward, torch_softplus)


@answer.mistake(
    "exp of a large x overflows, though softplus is hardly more than x there. What is left if you "
    "take max(x, 0) out of the logarithm?"
)
def overflows(x):
    return np.log(1 + np.exp(x)), None


@answer.mistake("That is ReLU, which has a corner at 0; softplus is round there: log 2.")
def relu_instead(x):
    return np.maximum(x, 0), None


@answer.mistake("That is the mirror image: check the sign in the exponent.")
def mirrored(x):
    return softplus(-x), None


@answer.mistake("The logarithm is the natural one; the other bases differ by a factor.")
def logarithm_to_base_two(x):
    return softplus(x) / np.log(2), None


@answer.mistake("That is sigmoid, softplus' derivative.")
def sigmoid_instead(x):
    return 0.5 * (1 + np.tanh(x / 2)), None


@answer.mistake(
    "You go over to x too early: at 10 softplus is still 0.00005 more. A threshold has to be "
    "where the difference vanishes in the rounding."
)
def linear_too_early(x):
    return np.where(x > 5, x, np.log1p(np.exp(np.minimum(x, 5)))), None


@answer.mistake("The logarithm is only the smaller part: for large x, softplus is close to x.")
def maximum_forgotten(x):
    return np.log1p(np.exp(-np.abs(x))), None


@answer.variant
def logaddexp():
    return lambda x: (np.logaddexp(0, x), x)


@answer.variant
def threshold_of_the_frameworks():
    def softplus_forward(x):
        return np.where(x > 20, x, np.log(1 + np.exp(np.minimum(x, 20)))), None

    return softplus_forward


@answer.variant
def two_sides():
    def softplus_forward(x):
        out = np.empty_like(x)
        right = x > 0
        out[right] = x[right] + np.log(1 + np.exp(-x[right]))
        out[~right] = np.log(1 + np.exp(x[~right]))
        return out, (x, out)

    return softplus_forward
