"""What graders know of ``activations/keras/swish``."""

import keras
import numpy as np
import tensorflow as tf
import torch

from autograder.answers.activations.elementwise import (
    compiled_case,
    inputs_with,
    large_inputs,
    with_dout,
)
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor, vjp


@tf.custom_gradient
def plain_swish(x):
    s = tf.sigmoid(x)

    def grad(dout):
        return dout * (s + x * s * (1 - s))

    return x * s, grad


answer = Answer("activations/keras/swish", plain_swish)


@answer.reference
def _(x, dout, compiled=False):
    silu = torch.nn.functional.silu
    return silu(tensor(x)).detach().numpy(), *vjp(silu, (x,), dout)


@answer.cases
def _(rng):
    yield from with_dout(rng, inputs_with(rng, [{}], zero=True))
    yield from with_dout(rng, compiled_case(rng))


@answer.hidden_cases
def _(rng):
    return with_dout(rng, large_inputs(rng, [{}]))


def swish_with(gradient, out=lambda x, s: x * s, sigmoid=tf.sigmoid):
    """A swish whose inner function returns ``gradient(dout, x, s)``."""

    @tf.custom_gradient
    def swish(x):
        s = sigmoid(x)
        return out(x, s), lambda dout: gradient(dout, x, s)

    return swish


def slope(x, s):
    return s + x * s * (1 - s)


def mistake(help, **ways):
    """Register ``swish_with`` these ways, under the decorated function's name."""

    def register(gradient):
        swish = swish_with(gradient, **ways)
        swish.__name__ = gradient.__name__
        return answer.mistake(help)(swish)

    return register


@mistake("The inner function gets the gradient from above, which multiplies the derivative.")
def dout_ignored(dout, x, s):
    return slope(x, s)


@mistake("The product rule has two terms: x times the slope of sigmoid is missing.")
def second_term_missing(dout, x, s):
    return dout * s


@mistake("The product rule has two terms: sigmoid itself is missing.")
def first_term_missing(dout, x, s):
    return dout * x * s * (1 - s)


@mistake("The slope of sigmoid is s (1 - s); one of its factors is missing.")
def factor_missing(dout, x, s):
    return dout * (s + x * (1 - s))


@mistake("The two terms of the product rule are added; yours are subtracted.")
def terms_subtracted(dout, x, s):
    return dout * (s - x * s * (1 - s))


@mistake(
    "For large x that sigmoid is infinity over infinity: TensorFlow's own is stable.",
    sigmoid=lambda x: tf.exp(x) / (1 + tf.exp(x)),
)
def overflows(dout, x, s):
    return dout * slope(x, s)


@mistake("The output is sigmoid alone; swish is x times it.", out=lambda x, s: s)
def sigmoid_alone(dout, x, s):
    return dout * s * (1 - s)


@mistake(
    "With NumPy inside, it works outside of a model only: model.fit compiles it.",
    out=lambda x, s: x.numpy() * s.numpy(),
)
def numpy_inside(dout, x, s):
    return dout.numpy() * slope(x.numpy(), s.numpy())


@answer.variant
def left_to_tensorflow():
    return lambda x: x * tf.sigmoid(x)


@answer.variant
def in_keras_operations():
    @tf.custom_gradient
    def swish(x):
        s = keras.ops.sigmoid(x)
        out = keras.ops.multiply(x, s)
        return out, lambda upstream: upstream * (out + s * (1.0 - out))

    return swish


@answer.variant
def tanh_and_upstream():
    @tf.custom_gradient
    def swish(x):
        half = np.float64(0.5)
        s = tf.cast(half, x.dtype) * (1 + tf.tanh(x / 2))

        def grad(upstream, variables=None):
            return tf.multiply(upstream, s * (1 + x * (1 - s)))

        return x * s, grad

    return swish
