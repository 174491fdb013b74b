"""What graders know of ``activations/keras/mish``."""

import keras
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


def slope(x, t):
    return t + x * tf.sigmoid(x) * (1 - t**2)


@tf.custom_gradient
def plain_mish(x):
    t = tf.tanh(tf.math.softplus(x))
    return x * t, lambda dout: dout * slope(x, t)


answer = Answer("activations/keras/mish", plain_mish)


@answer.reference
def _(x, dout, compiled=False):
    mish = torch.nn.functional.mish
    return mish(tensor(x)).detach().numpy(), *vjp(mish, (x,), dout)


@answer.cases
def _(rng):
    yield from with_dout(rng, inputs_with(rng, [{}], zero=True))
    yield from with_dout(rng, compiled_case(rng))


@answer.hidden_cases
def _(rng):
    return with_dout(rng, large_inputs(rng, [{}]))


def mistake(help, out=lambda x, t: x * t, softplus=tf.math.softplus):
    """Register a mish whose inner function returns what the decorated function does."""

    def register(gradient):
        @tf.custom_gradient
        def mish(x):
            t = tf.tanh(softplus(x))
            return out(x, t), lambda dout: gradient(dout, x, t)

        mish.__name__ = gradient.__name__
        return answer.mistake(help)(mish)

    return register


@mistake("The inner function gets the gradient from above, which multiplies the derivative.")
def dout_ignored(dout, x, t):
    return slope(x, t)


@mistake("The product rule has two terms: x times the slope of tanh(softplus) is missing.")
def second_term_missing(dout, x, t):
    return dout * t


@mistake("The chain goes on: softplus, inside tanh, has a slope of its own.")
def slope_of_softplus_missing(dout, x, t):
    return dout * (t + x * (1 - t**2))


@mistake("The slope of tanh is 1 - t²; the square is missing.")
def square_missing(dout, x, t):
    return dout * (t + x * tf.sigmoid(x) * (1 - t))


@mistake("x is missing in the second term of the product rule.")
def x_missing(dout, x, t):
    return dout * (t + tf.sigmoid(x) * (1 - t**2))


UNSTABLE = (
    "exp(x) / (1 + exp(x)) is infinity over infinity for large x. It stands in your gradient, or "
    "in the one that TensorFlow makes of log(1 + exp(x)); TensorFlow has stable versions of both."
)


@mistake(UNSTABLE)
def sigmoid_overflows(dout, x, t):
    return dout * (t + x * (1 - t**2) * tf.exp(x) / (1 + tf.exp(x)))


@mistake("The output lacks its factor x.", out=lambda x, t: t)
def x_missing_in_the_output(dout, x, t):
    return dout * tf.sigmoid(x) * (1 - t**2)


@mistake("softplus is missing: tanh is taken of softplus(x), not of x.", softplus=tf.identity)
def softplus_missing(dout, x, t):
    return dout * (t + x * (1 - t**2))


@answer.mistake(UNSTABLE)
def left_to_tensorflow_unstable(x):
    return x * tf.tanh(tf.math.log(1 + tf.exp(x)))


@answer.variant
def left_to_tensorflow_stable():
    return lambda x: x * tf.tanh(tf.math.softplus(x))


@answer.variant
def in_keras_operations():
    @tf.custom_gradient
    def mish(x):
        t = keras.ops.tanh(keras.ops.softplus(x))

        def grad(upstream):
            return upstream * t + upstream * x * keras.ops.sigmoid(x) * (1 - t) * (1 + t)

        return keras.ops.multiply(x, t), grad

    return mish


@answer.variant
def own_softplus():
    @tf.custom_gradient
    def mish(x):
        e = tf.exp(-tf.abs(x))
        t = tf.tanh(tf.nn.relu(x) + tf.math.log1p(e))
        s = tf.where(x >= 0, 1 / (1 + e), e / (1 + e))
        return x * t, lambda upstream: upstream * (t + x * s * (1 - t * t))

    return mish
