"""What graders know of ``hidden-layers/keras/DenseLayer``."""

import keras
import numpy as np
import tensorflow as tf
import torch
from keras import ops

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor, vjp
from autograder.answers.networks import draw_network


class PlainDenseLayer(keras.layers.Layer):
    def __init__(self, units, activation=None):
        super().__init__()
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros")

    def call(self, x):
        return self.activation(ops.matmul(x, self.kernel) + self.bias)


answer = Answer("hidden-layers/keras/DenseLayer", PlainDenseLayer, float32=False)


@answer.reference
def _(units, x, W, b, dout, activation=None, as_function=False):
    def dense(x, W, b):
        z = x @ W + b
        return z if activation is None else getattr(torch, activation)(z)

    out = dense(tensor(x), tensor(W), tensor(b)).detach().numpy()
    return out, *vjp(dense, (x, W, b), dout)


def dense_case(rng, examples, fan_in, units):
    # The layer is drawn as a hidden one, so that its sums keep away from a ReLU's kink.
    x, ((W, b), _) = draw_network(rng, examples, fan_in, units, 1)
    dout = draw.normal(rng, examples, units)
    arrays = {"x": x, "W": W, "b": b, "dout": dout}
    return {"units": units} | {name: a.astype(np.float32) for name, a in arrays.items()}


@answer.cases
def _(rng):
    yield "no activation", dense_case(rng, 4, 3, 2)
    yield "relu", dense_case(rng, 3, 2, 4) | {"activation": "relu"}
    yield "as many inputs as units, tanh", dense_case(rng, 4, 3, 3) | {"activation": "tanh"}
    yield (
        "an activation given as a function",
        dense_case(rng, 3, 4, 2) | {"activation": "sigmoid", "as_function": True},
    )


@answer.graded_cases
def _(rng):
    yield "no activation, a batch of one", dense_case(rng, 1, 5, 3)
    yield "as many inputs as units, tanh", dense_case(rng, 4, 3, 3) | {"activation": "tanh"}
    yield (
        "an activation given as a function",
        dense_case(rng, 3, 4, 2) | {"activation": "relu", "as_function": True},
    )


@answer.mistake(
    "A kernel of zeros gives every unit the same output and the same gradient, and the layer "
    "before it none at all. Start from random numbers."
)
class kernel_starts_at_zero(PlainDenseLayer):
    def build(self, input_shape):
        shape = (input_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, initializer="zeros")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros")


@answer.mistake("The layer has a bias but doesn't add it.")
class bias_not_added(PlainDenseLayer):
    def call(self, x):
        # Times 0, so that a gradient of 0 still reaches the bias.
        return self.activation(ops.matmul(x, self.kernel) + 0 * self.bias)


@answer.mistake("The activation isn't applied.")
class activation_not_applied(PlainDenseLayer):
    def call(self, x):
        return ops.matmul(x, self.kernel) + self.bias


@answer.mistake("ReLU is applied whatever `activation` says; None means no activation at all.")
class always_relu(PlainDenseLayer):
    def call(self, x):
        return ops.relu(ops.matmul(x, self.kernel) + self.bias)


@answer.mistake(
    "Some activations are left out: `activation` may be any name or function that Keras takes."
)
class only_the_name_relu(PlainDenseLayer):
    def __init__(self, units, activation=None):
        super().__init__(units, "relu" if activation == "relu" else None)


@answer.mistake("The bias is added after the activation; it belongs inside.")
class bias_after_the_activation(PlainDenseLayer):
    def call(self, x):
        return self.activation(ops.matmul(x, self.kernel)) + self.bias


@answer.mistake("The kernel is used transposed: Keras stores it as (in, units), for x @ kernel.")
class kernel_transposed(PlainDenseLayer):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(self.units, input_shape[-1]))
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros")

    def call(self, x):
        return self.activation(ops.matmul(x, ops.transpose(self.kernel)) + self.bias)


@answer.mistake("The layer has no bias: it needs one for each unit.")
class no_bias(PlainDenseLayer):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))

    def call(self, x):
        return self.activation(ops.matmul(x, self.kernel))


@answer.mistake("One bias is shared by all units; each of them needs its own.")
class one_bias_for_all(PlainDenseLayer):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(1,), initializer="zeros")


@answer.mistake("The bias isn't trainable, so that it stays what it is for ever.")
class bias_not_trainable(PlainDenseLayer):
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", trainable=False)


@answer.mistake(
    "Keras doesn't know of these weights: arrays and tf.Variables that a layer makes for itself "
    "aren't tracked. Let add_weight make them."
)
class weights_not_tracked(PlainDenseLayer):
    def build(self, input_shape):
        self.kernel = tf.Variable(tf.random.normal((input_shape[-1], self.units)))
        self.bias = tf.Variable(tf.zeros(self.units))

    def call(self, x):
        return self.activation(tf.matmul(x, self.kernel) + self.bias)


@answer.mistake(
    "The values are right but no gradient comes through: NumPy's operations aren't recorded on the "
    "tape. Use keras.ops or TensorFlow's."
)
class computes_in_numpy(PlainDenseLayer):
    def call(self, x):
        z = x.numpy() @ self.kernel.numpy() + self.bias.numpy()
        return self.activation(tf.constant(z))


@answer.variant
def in_tensorflow():
    class DenseLayer(keras.layers.Layer):
        def __init__(self, units, activation=None, **kwargs):
            super().__init__(**kwargs)
            self.units, self.activation = units, activation

        def build(self, input_shape):
            self.b = self.add_weight(name="b", shape=(self.units,), initializer="random_normal")
            self.w = self.add_weight(
                name="w", shape=(input_shape[-1], self.units), initializer="he_normal"
            )
            super().build(input_shape)

        def call(self, inputs):
            z = tf.einsum("nd,dm->nm", inputs, self.w) + self.b
            return z if self.activation is None else keras.activations.get(self.activation)(z)

    return DenseLayer


@answer.variant
def with_keras_variables():
    class DenseLayer(keras.layers.Layer):
        def __init__(self, units, activation=None):
            super().__init__()
            self.units = units
            self.after = keras.layers.Activation(activation or "linear")

        def build(self, input_shape):
            self.kernel = keras.Variable(keras.random.normal((input_shape[-1], self.units)))
            self.bias = keras.Variable(ops.zeros((self.units,)))

        def call(self, x, training=None):
            return self.after(x @ self.kernel + self.bias)

    return DenseLayer


@answer.variant
def around_a_dense_layer():
    class DenseLayer(keras.layers.Layer):
        def __init__(self, units, activation=None):
            super().__init__()
            self.dense = keras.layers.Dense(units, activation=activation)

        def call(self, x):
            return self.dense(x)

    return DenseLayer
