"""What graders know of ``activations/numpy/relu_backward``.

The slope at 0 is 0, as in PyTorch and TensorFlow.
"""

import numpy as np
import torch

from autograder.answers.activations.elementwise import backward_answer
from autograder.answers.activations.numpy.relu_forward import plain_relu_forward


def plain_relu_backward(dout, x):
    return dout * (x > 0)


answer = backward_answer("relu", plain_relu_forward, plain_relu_backward, torch.relu)


@answer.mistake("At exactly 0 the slope is 0 here, as in the frameworks; yours is 1.")
def slope_at_zero_is_one(dout, x):
    return dout * (x >= 0)


@answer.mistake("At exactly 0 the slope is 0 here, as in the frameworks; yours is one half.")
def slope_at_zero_is_half(dout, x):
    return dout * np.heaviside(x, 0.5)


@answer.mistake(
    "It is the sign of x that decides what passes, not that of dout: negative gradients pass too."
)
def relu_of_the_gradient(dout, x):
    return np.maximum(dout, 0)


@answer.mistake("All of dout passes: where x was negative, nothing does.")
def everything_passes(dout, x):
    return dout.copy()


@answer.mistake("The mask is turned round: gradients pass where x was positive.")
def the_other_side_passes(dout, x):
    return dout * (x <= 0)


@answer.mistake("dout is multiplied by the output; the slope of ReLU is 0 or 1.")
def times_the_output(dout, x):
    return dout * np.maximum(x, 0)


@answer.mistake("The mask was written into the x of the cache, which is the caller's own array.")
def mask_written_into_x(dout, x):
    x[x <= 0] = 0
    x[x > 0] = 1
    return dout * x


@answer.variant
def mask_in_the_cache():
    def relu_backward(dout, mask):
        dx = np.zeros_like(dout)
        dx[mask] = dout[mask]
        return dx

    return lambda x: (x * (x > 0), x > 0), relu_backward


@answer.variant
def where_of_the_output():
    def relu_forward(x):
        out = np.maximum(0, x)
        return out, {"out": out}

    return relu_forward, lambda dout, cache: np.where(cache["out"] > 0, dout, 0)


@answer.variant
def in_place_on_a_copy():
    def relu_backward(dout, x):
        dx = np.array(dout, copy=True)
        dx[x <= 0] = 0
        return dx

    return plain_relu_forward, relu_backward
