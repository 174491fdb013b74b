"""What graders know of ``initializers/numpy/compute_fans``."""

import math

import numpy as np
import torch

from autograder.answers.answer import Answer


def plain_compute_fans(shape):
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


answer = Answer("initializers/numpy/compute_fans", plain_compute_fans, float32=False)


@answer.reference
def _(shape):
    # PyTorch counts the fans of kernels (out, in, kh, kw). A tensor on the meta device has a shape
    # and no numbers.
    *window, n_in, n_out = shape
    kernel = torch.empty(n_out, n_in, *window, device="meta")
    return torch.nn.init._calculate_fan_in_and_fan_out(kernel)


@answer.cases
def _(rng):
    yield "a dense layer", {"shape": (784, 128)}
    yield "a kernel of 3 by 3", {"shape": (3, 3, 16, 32)}
    yield "a kernel of 1 by 1", {"shape": (1, 1, 64, 10)}
    yield "one input, one output", {"shape": (1, 1)}
    kh, kw, n_in, n_out = (int(n) for n in rng.choice(np.arange(2, 12), size=4, replace=False))
    yield "a kernel of any size", {"shape": (kh, kw, n_in, n_out)}
    yield "a dense layer of any size", {"shape": (n_out, n_in)}


@answer.mistake("The two are swapped: a weight matrix here is (in, out).")
def swapped(shape):
    return plain_compute_fans(shape)[::-1]


@answer.mistake(
    "A convolution's unit sees a window of kh by kw places, in every input channel: how many "
    "numbers is that?"
)
def window_forgotten(shape):
    return shape[-2], shape[-1]


@answer.mistake("The first two axes of a kernel are its window; its channels come last.")
def first_axes(shape):
    return shape[0], shape[1]


@answer.mistake(
    "fan_out counts the window as well: every input reaches kh by kw places in every output "
    "channel."
)
def window_only_in_fan_in(shape):
    return math.prod(shape[:-2]) * shape[-2], shape[-1]


@answer.mistake("Kernels here are (kh, kw, in, out), not PyTorch's (out, in, kh, kw).")
def layout_of_pytorch(shape):
    if len(shape) == 2:
        return shape
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


@answer.mistake("The window has kh times kw places, not kh plus kw.")
def window_added(shape):
    window = sum(shape[:-2]) or 1
    return window * shape[-2], window * shape[-1]


@answer.variant
def with_numpy():
    def compute_fans(shape):
        fans = np.array(shape[-2:]) * np.prod(shape[:-2], dtype=int)
        return tuple(fans)

    return compute_fans


@answer.variant
def case_by_case():
    def compute_fans(shape):
        if len(shape) == 2:
            return list(shape)
        kh, kw, n_in, n_out = shape
        return [kh * kw * n_in, kh * kw * n_out]

    return compute_fans


@answer.variant
def by_the_number_of_weights():
    def compute_fans(shape):
        weights = math.prod(shape)
        return weights // shape[-1], weights // shape[-2]

    return compute_fans
