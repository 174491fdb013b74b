"""What graders know of ``regularization/numpy/dropout_backward``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import vjp
from autograder.answers.regularization.numpy.dropout_forward import (
    dropout_case,
    dropout_cases,
    plain_dropout_forward,
    torch_dropout,
)


def plain_dropout_backward(dout, cache):
    rate, mask, training = cache
    return dout * mask / (1 - rate) if training else dout


answer = Answer(
    "regularization/numpy/dropout_backward", plain_dropout_forward, plain_dropout_backward
)


@answer.reference
def _(x, rate, mask, training, dout):
    (dx,) = vjp(lambda x: torch_dropout(x, rate, mask, training), (x,), dout)
    return dx


@answer.cases
def _(rng):
    for label, inputs in dropout_cases(rng):
        yield label, inputs | {"dout": draw.normal(rng, *inputs["x"].shape)}


@answer.hidden_cases
def _(rng):
    inputs = dropout_case(rng, (200, 300), 0.15, True)
    yield "a large batch", inputs | {"dout": draw.normal(rng, 200, 300)}


@answer.mistake("Dropped elements pass no gradient: the mask has to be used again.")
def mask_forgotten(dout, cache):
    rate, _mask, training = cache
    return dout / (1 - rate) if training else dout


@answer.mistake("The mask is drawn anew; what was dropped on the way forward is dropped here.")
def mask_drawn_again(dout, cache):
    rate, mask, training = cache
    again = np.random.default_rng(0).random(mask.shape) >= rate
    return dout * again / (1 - rate) if training else dout


@answer.mistake("The scaling is missing: the gradient is scaled as the output was.")
def not_scaled(dout, cache):
    _rate, mask, training = cache
    return dout * mask if training else dout


@answer.mistake("The gradient is divided by rate, the share dropped; it is the share kept.")
def divided_by_rate(dout, cache):
    rate, mask, training = cache
    with np.errstate(all="ignore"):
        return dout * mask / np.float64(rate) if training else dout


@answer.mistake("The gradient is multiplied by what the output was divided by.")
def multiplied(dout, cache):
    rate, mask, training = cache
    return dout * mask * (1 - rate) if training else dout


@answer.mistake("After inference the gradient passes as it is: nothing was dropped there.")
def applied_after_inference(dout, cache):
    rate, mask, _training = cache
    return dout * mask / (1 - rate)


@answer.mistake("True keeps an element; you drop those.")
def mask_turned_round(dout, cache):
    rate, mask, training = cache
    return dout * ~mask / (1 - rate) if training else dout


@answer.variant
def scale_in_the_cache():
    def dropout_forward(x, rate, mask, training):
        scale = mask / (1 - rate) if training else 1.0
        return x * scale, scale

    return dropout_forward, lambda dout, cache: dout * cache


@answer.variant
def on_a_copy():
    def dropout_backward(dout, cache):
        rate, mask, training = cache
        dx = dout.copy()
        if training:
            dx[~mask] = 0
            dx /= 1 - rate
        return dx

    return plain_dropout_forward, dropout_backward
