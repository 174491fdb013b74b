"""What graders know of ``activations/keras/build_with_activation``."""

import keras
import numpy as np
import torch
from keras import layers

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor
from autograder.student.exercises.activations_keras import FUNCTIONS


def plain_build_with_activation(input_dim, units, activation):
    return keras.Sequential([keras.Input((input_dim,)), layers.Dense(units, activation)])


answer = Answer(
    "activations/keras/build_with_activation", plain_build_with_activation, float32=False
)

(FUNCTION,) = FUNCTIONS
TORCH = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "gelu": torch.nn.functional.gelu,  # exact, as Keras' own by default
    "silu": torch.nn.functional.silu,
    "softmax": lambda x: torch.softmax(x, dim=-1),
    FUNCTION: lambda x: torch.tanh(x**3),
}


@answer.reference
def _(input_dim, units, activation, W, b, x):
    return TORCH[activation](tensor(x) @ tensor(W) + tensor(b)).detach().numpy()


def build_case(rng, examples, input_dim, units, activation):
    """Small sums, so that no activation is flat on all of them, and with both signs."""
    arrays = {
        "W": 0.5 * draw.normal(rng, input_dim, units),
        "b": 0.5 * draw.normal(rng, units),
        "x": draw.normal(rng, examples, input_dim),
    }
    arrays["b"][0] = -1.5
    return {"input_dim": input_dim, "units": units, "activation": activation} | {
        name: array.astype(np.float32) for name, array in arrays.items()
    }


@answer.cases
def _(rng):
    for activation in TORCH:
        yield activation, build_case(rng, 5, 3, 4, activation)


@answer.hidden_cases
def _(rng):
    yield "a batch of one, silu", build_case(rng, 1, 6, 2, "silu")


@answer.mistake("The layer has no activation: without one, it is linear.")
def no_activation(input_dim, units, activation):
    return plain_build_with_activation(input_dim, units, None)


@answer.mistake("The activation is always ReLU; it is an argument.")
def always_relu(input_dim, units, activation):
    return plain_build_with_activation(input_dim, units, "relu")


@answer.mistake("The activation is applied twice: by Dense and by the layer after it.")
def activation_twice(input_dim, units, activation):
    model = plain_build_with_activation(input_dim, units, activation)
    model.add(layers.Activation(activation))
    return model


@answer.mistake("The activation comes before the dense layer; its place is after it.")
def activation_first(input_dim, units, activation):
    return keras.Sequential(
        [keras.Input((input_dim,)), layers.Activation(activation), layers.Dense(units)]
    )


@answer.mistake("A name works in yours, a function doesn't: Dense takes either.")
def functions_ignored(input_dim, units, activation):
    return plain_build_with_activation(
        input_dim, units, activation if isinstance(activation, str) else None
    )


@answer.mistake("A softmax follows the activation; nothing comes after it here.")
def softmax_at_the_end(input_dim, units, activation):
    model = plain_build_with_activation(input_dim, units, activation)
    model.add(layers.Softmax())
    return model


@answer.variant
def functional():
    def build_with_activation(input_dim, units, activation):
        x = keras.Input(shape=(input_dim,))
        return keras.Model(x, layers.Dense(units, activation=activation)(x))

    return build_with_activation


@answer.variant
def a_layer_of_its_own():
    def build_with_activation(input_dim, units, activation):
        return keras.Sequential([layers.Dense(units), layers.Activation(activation)])

    return build_with_activation


@answer.variant
def subclass():
    class Model(keras.Model):
        def __init__(self, units, activation):
            super().__init__()
            self.dense = layers.Dense(units)
            self.activation = keras.activations.get(activation)

        def call(self, x):
            return self.activation(self.dense(x))

    return lambda input_dim, units, activation: Model(units, activation)
