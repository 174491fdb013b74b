"""What graders know of ``activations/numpy/leaky_relu_forward``.

The slope is 0.01 by default, as in PyTorch; Keras' layer has 0.3, TensorFlow's function 0.2.
"""

import numpy as np
import torch

from autograder.answers.activations.elementwise import forward_answer

OPTIONS = ({}, {"alpha": 0.2}, {"alpha": 0.0}, {"alpha": 0.9})


def plain_leaky_relu_forward(x, alpha=0.01):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def torch_leaky_relu(x, alpha=0.01):
    return torch.nn.functional.leaky_relu(x, alpha)


answer = forward_answer("leaky_relu", plain_leaky_relu_forward, torch_leaky_relu, OPTIONS)


@answer.mistake("The slope alpha belongs to the negative side; positive numbers pass as they are.")
def slope_on_the_positive_side(x, alpha=0.01):
    return np.where(x > 0, alpha * x, x), None


@answer.mistake("That is plain ReLU: here negative numbers leak through, times alpha.")
def no_leak(x, alpha=0.01):
    return np.maximum(x, 0), None


@answer.mistake("alpha is fixed at 0.01 in yours; it is an argument.")
def alpha_fixed(x, alpha=0.01):
    return plain_leaky_relu_forward(x)[0], None


@answer.mistake("If alpha isn't given, it is 0.01 here (0.3 is the default of Keras' layer).")
def default_of_keras(x, alpha=0.3):
    return plain_leaky_relu_forward(x, alpha)[0], None


@answer.mistake("A negative x stays negative: yours turns its sign round.")
def sign_turned_round(x, alpha=0.01):
    return np.where(x > 0, x, -alpha * x), None


@answer.mistake("alpha is a slope: it multiplies x, rather than standing in its place.")
def alpha_itself(x, alpha=0.01):
    return np.where(x > 0, x, alpha), None


@answer.mistake("That is alpha times x plus the positive part: positive numbers grow too.")
def leak_on_both_sides(x, alpha=0.01):
    return np.maximum(x, 0) + alpha * x, None


@answer.variant
def maximum():
    return lambda x, alpha=0.01: (np.maximum(x, alpha * x), (x, alpha))  # since alpha < 1


@answer.variant
def two_sides():
    return lambda x, alpha=0.01: (np.maximum(x, 0) + alpha * np.minimum(x, 0), None)


@answer.variant
def in_place_on_a_copy():
    def leaky_relu_forward(x, alpha=0.01):
        out = x.copy()
        out[x < 0] *= alpha
        return out, (x, alpha)

    return leaky_relu_forward
