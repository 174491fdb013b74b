"""What graders know of ``activations/numpy/selu_forward``.

PyTorch and Keras share the two constants, to all digits of float64.
"""

import numpy as np
import torch

from autograder.answers.activations.elementwise import forward_answer

ALPHA = 1.6732632423543772
SCALE = 1.0507009873554805


def selu(x, scale=SCALE, alpha=ALPHA):
    return scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def plain_selu_forward(x):
    out = selu(x)
    return out, (x, out)


answer = forward_answer("selu", plain_selu_forward, torch.selu)


@answer.mistake("The two constants are exchanged: the scale is 1.05…, alpha is 1.67….")
def constants_exchanged(x):
    return selu(x, scale=ALPHA, alpha=SCALE), None


@answer.mistake("The scale is missing: SELU is a *scaled* ELU.")
def scale_missing(x):
    return selu(x, scale=1.0), None


@answer.mistake("alpha is missing: on the negative side it multiplies exp(x) - 1.")
def alpha_missing(x):
    return selu(x, alpha=1.0), None


@answer.mistake("The scale is on the positive side only; it multiplies both.")
def scale_on_the_positive_side_only(x):
    return np.where(x > 0, SCALE * x, selu(x, scale=1.0)), None


@answer.mistake("The scale is on the negative side only; it multiplies both.")
def scale_on_the_negative_side_only(x):
    return np.where(x > 0, x, selu(x)), None


@answer.mistake("The constants are rounded: take all of their digits.")
def constants_rounded(x):
    return selu(x, scale=1.0507, alpha=1.6733), None


@answer.mistake(
    "0 times infinity is NaN: a mask doesn't switch off an exponential that has overflowed. Keep "
    "positive numbers out of exp."
)
def overflow_times_zero(x):
    return SCALE * ((x > 0) * x + (x <= 0) * ALPHA * (np.exp(x) - 1)), None


@answer.variant
def where_with_an_overflow():
    # exp overflows on the side that where doesn't take.
    return lambda x: (SCALE * np.where(x > 0, x, ALPHA * np.exp(x) - ALPHA), x)


@answer.variant
def in_place_on_a_copy():
    def selu_forward(x):
        out = x.copy()
        negative = x < 0
        out[negative] = ALPHA * (np.exp(out[negative]) - 1)
        out *= SCALE
        return out, None

    return selu_forward


@answer.variant
def two_sides():
    def selu_forward(x):
        negative = SCALE * ALPHA * np.expm1(np.clip(x, None, 0))
        return negative + SCALE * x.clip(0), (x,)

    return selu_forward
