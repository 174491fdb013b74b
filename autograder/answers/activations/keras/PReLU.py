"""What graders know of ``activations/keras/PReLU``."""

import keras
import numpy as np
import tensorflow as tf
import torch
from keras import ops

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor, vjp


class PlainPReLU(keras.layers.Layer):
    start = 0.25

    def build(self, input_shape):
        self.slopes = self.add_weight(shape=(input_shape[-1],), initializer=self.initial)

    def initial(self, shape, dtype=None):
        return ops.full(shape, self.start, dtype=dtype)

    def call(self, x):
        return ops.where(x > 0, x, self.slopes * x)


answer = Answer("activations/keras/PReLU", PlainPReLU, float32=False)


@answer.reference
def _(x, slopes, dout):
    def prelu(x, slopes):  # PyTorch's own has the features on axis 1, here they are on the last
        return torch.where(x > 0, x, slopes * x)

    out = prelu(tensor(x), tensor(slopes)).detach().numpy()
    return np.full(slopes.shape, 0.25), out, *vjp(prelu, (x, slopes), dout)


PRELU_SHAPES = {
    "4 examples, 3 features": (4, 3),
    "as many examples as features": (4, 4),
    "three axes": (2, 3, 4),
    "three axes of one length": (3, 3, 3),
    "a batch of one": (1, 5),
}


def prelu_inputs(rng, shape):
    """Every feature has both signs; slopes may be negative, or larger than 1."""
    x, slopes = draw.normal(rng, *shape), draw.normal(rng, shape[-1])
    if shape[0] > 1:
        x[0], x[1] = np.abs(x[0]), -np.abs(x[1])
    slopes[0] = 1.5
    x.flat[0] = 1e-3
    return {"x": x, "slopes": slopes, "dout": draw.normal(rng, *shape)}


@answer.cases
def _(rng):
    for label, shape in PRELU_SHAPES.items():
        inputs = prelu_inputs(rng, shape)
        yield label, {name: array.astype(np.float32) for name, array in inputs.items()}


@answer.hidden_cases
def _(rng):
    inputs = prelu_inputs(rng, (64, 100))
    yield "a large batch", {name: array.astype(np.float32) for name, array in inputs.items()}


@answer.mistake("The slopes start at 0, as ReLU does; here they start at 0.25.")
class starts_at_zero(PlainPReLU):
    start = 0.0


@answer.mistake("The slopes start at 0.3, the default of Keras' LeakyReLU; here it is 0.25.")
class starts_as_keras_leaky_relu(PlainPReLU):
    start = 0.3


@answer.mistake("The slopes belong to the negative side; positive numbers pass as they are.")
class slope_on_the_positive_side(PlainPReLU):
    def call(self, x):
        return ops.where(x > 0, self.slopes * x, x)


@answer.mistake(
    "The larger of x and slope times x is right for slopes below 1 only; learned ones may be above."
)
class maximum(PlainPReLU):
    def call(self, x):
        return ops.maximum(x, self.slopes * x)


@answer.mistake("One slope for each feature; yours share the first one.")
class first_slope_for_all(PlainPReLU):
    def call(self, x):
        # Times 0, so that a gradient of 0 still reaches every slope.
        return ops.where(x > 0, x, (self.slopes[0] + 0 * self.slopes) * x)


@answer.mistake("The sign is turned round on the negative side.")
class sign_turned_round(PlainPReLU):
    def call(self, x):
        return ops.where(x > 0, x, -self.slopes * x)


@answer.mistake("The slope multiplies x; yours stands in its place.")
class slope_itself(PlainPReLU):
    def call(self, x):
        return ops.where(x > 0, x, self.slopes + 0 * x)


@answer.mistake(
    "Each element of an example has a slope of its own (as in Keras' own layer, unless axes are "
    "shared); here each feature has one, the last axis."
)
class slope_for_each_element(PlainPReLU):
    def build(self, input_shape):
        self.slopes = self.add_weight(shape=input_shape[1:], initializer=self.initial)


@answer.mistake("No gradient reaches the slopes through a copy: multiply the weight itself.")
class gradient_stopped(PlainPReLU):
    def call(self, x):
        # A gradient of 0, as of a copy that was made once.
        copied = tf.stop_gradient(ops.convert_to_tensor(self.slopes))
        return ops.where(x > 0, x, (copied + 0 * self.slopes) * x)


@answer.variant
def two_sides():
    class PReLU(keras.layers.Layer):
        def build(self, input_shape):
            self.alpha = self.add_weight(
                name="alpha",
                shape=(int(input_shape[-1]),),
                initializer=keras.initializers.Constant(0.25),
                trainable=True,
            )
            super().build(input_shape)

        def call(self, inputs):
            return tf.nn.relu(inputs) - self.alpha * tf.nn.relu(-inputs)

    return PReLU


@answer.variant
def keras_own_with_shared_axes():
    class PReLU(keras.layers.Layer):
        def build(self, input_shape):
            self.inner = keras.layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25))
            self.inner.build((None, input_shape[-1]))

        def call(self, x):
            shape = ops.shape(x)
            return ops.reshape(self.inner(ops.reshape(x, (-1, shape[-1]))), shape)

    return PReLU


@answer.variant
def slope_of_each_side():
    class PReLU(keras.layers.Layer):
        def __init__(self, **keywords):
            super().__init__(**keywords)
            self.input_spec = None

        def build(self, input_shape):
            self.a = self.add_weight(
                shape=(input_shape[-1],), initializer=lambda shape, dtype: 0.25 * ops.ones(shape)
            )

        def call(self, x):
            on = ops.cast(x > 0, x.dtype)
            return x * (on + (1 - on) * self.a)

    return PReLU
