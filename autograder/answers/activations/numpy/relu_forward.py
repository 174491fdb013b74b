"""What graders know of ``activations/numpy/relu_forward``."""

import numpy as np
import torch

from autograder.answers.activations.elementwise import forward_answer


def plain_relu_forward(x):
    return np.maximum(x, 0), x


answer = forward_answer("relu", plain_relu_forward, torch.relu)


@answer.mistake("That keeps the negative numbers and drops the positive ones.")
def the_negative_side(x):
    return np.minimum(x, 0), None


@answer.mistake("That turns negative numbers round; ReLU gives 0 for them.")
def absolute_value(x):
    return np.abs(x), None


@answer.mistake("That says only where x is positive; what is positive passes as it is.")
def step_function(x):
    return (x > 0).astype(x.dtype), None


@answer.mistake("ReLU has no upper limit: a large x passes as it is.")
def clipped_at_six(x):
    return np.clip(x, 0, 6), None


@answer.mistake("Negative numbers pass, only smaller; plain ReLU gives exactly 0.")
def leaky(x):
    return np.where(x > 0, x, 0.01 * x), None


@answer.mistake("maximum is meant, of each number and 0; max is the largest number of all.")
def largest_of_all(x):
    return np.full_like(x, max(x.max(initial=0), 0)), None


@answer.variant
def product_with_the_mask():
    return lambda x: (x * (x > 0), x > 0)


@answer.variant
def where():
    return lambda x: (np.where(x < 0, 0, x), None)


@answer.variant
def mean_with_the_absolute_value():
    return lambda x: ((x + np.abs(x)) / 2, x)


@answer.variant
def in_place_on_a_copy():
    def relu_forward(x):
        out = x.copy()
        out[out < 0] = 0
        return out, out

    return relu_forward
