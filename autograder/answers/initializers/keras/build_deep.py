"""What graders know of ``initializers/keras/build_deep``."""

import keras
import numpy as np
from keras import layers

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.initializers.random_arrays import draw_seed


def fresh(initializer):
    """The initializer, for one layer more: a copy of an instance draws other numbers."""
    if isinstance(initializer, keras.initializers.Initializer):
        return initializer.clone()
    return initializer


def stacked(units, dense_layers):
    return keras.Sequential([keras.Input((units,)), *dense_layers])


def plain_build_deep(depth, units, activation, initializer):
    return stacked(
        units,
        [
            layers.Dense(units, activation=activation, kernel_initializer=fresh(initializer))
            for _ in range(depth)
        ],
    )


answer = Answer("initializers/keras/build_deep", plain_build_deep, float32=False)


def deep_case(rng, depth, units, activation, initializer, **settings):
    params = draw.layers(rng, *([units] * (depth + 1)))
    scale = 1 / np.sqrt(units)
    return {
        "depth": depth,
        "units": units,
        "activation": activation,
        "initializer": initializer,
        "seed": draw_seed(rng),
        "params": [
            (np.float32(scale) * W.astype(np.float32), b.astype(np.float32)) for W, b in params
        ],
        "x": draw.normal(rng, 3, units).astype(np.float32),
        **settings,
    }


@answer.cases
def _(rng):
    yield "three layers, by name", deep_case(rng, 3, 24, "relu", "he_normal")
    yield "two layers, tanh", deep_case(rng, 2, 32, "tanh", "glorot_uniform")
    yield (
        "three layers, an instance",
        deep_case(rng, 3, 24, "relu", "he_uniform", as_instance=True),
    )


@answer.hidden_cases
def _(rng):
    yield "eight layers", deep_case(rng, 8, 16, "tanh", "lecun_normal", as_instance=True)
    yield "one layer", deep_case(rng, 1, 40, "tanh", "glorot_normal")


@answer.mistake(
    "All layers share one initializer object. In Keras an instance draws the same numbers every "
    "time: give each layer a copy of its own."
)
def one_instance_for_all(depth, units, activation, initializer):
    shared = keras.initializers.get(initializer)
    return plain_with(depth, units, activation, lambda: shared)


def plain_with(depth, units, activation, make):
    dense = [
        layers.Dense(units, activation=activation, kernel_initializer=make()) for _ in range(depth)
    ]
    return stacked(units, dense)


@answer.mistake("The seed is set anew for every layer, so that all draw the same numbers.")
def seeded_for_every_layer(depth, units, activation, initializer):
    def make():
        keras.utils.set_random_seed(0)
        return fresh(initializer)

    return plain_with(depth, units, activation, make)


@answer.mistake("The initializer isn't used: without it Keras takes Glorot's uniform one.")
def initializer_ignored(depth, units, activation, initializer):
    return plain_with(depth, units, activation, lambda: "glorot_uniform")


@answer.mistake("The activation is missing.")
def activation_missing(depth, units, activation, initializer):
    return plain_with(depth, units, None, lambda: fresh(initializer))


@answer.mistake("The last of the layers has the activation too.")
def last_layer_without_activation(depth, units, activation, initializer):
    model = plain_build_deep(depth, units, activation, initializer)
    model.layers[-1].activation = keras.activations.linear
    return model


@answer.mistake("There is one layer more than depth: nothing comes after the deep stack.")
def an_output_layer_more(depth, units, activation, initializer):
    return plain_build_deep(depth + 1, units, activation, initializer)


@answer.mistake("There is one layer less than depth.")
def one_layer_less(depth, units, activation, initializer):
    return plain_build_deep(max(depth - 1, 0), units, activation, initializer)


@answer.mistake("The layers have no biases; a dense layer has them unless told otherwise.")
def without_biases(depth, units, activation, initializer):
    dense = [
        layers.Dense(units, activation, use_bias=False, kernel_initializer=fresh(initializer))
        for _ in range(depth)
    ]
    return stacked(units, dense)


@answer.mistake("A softmax follows; nothing comes after the deep stack.")
def softmax_at_the_end(depth, units, activation, initializer):
    model = plain_build_deep(depth, units, activation, initializer)
    model.add(layers.Softmax())
    return model


@answer.variant
def functional():
    def build_deep(depth, units, activation, initializer):
        inputs = h = keras.Input((units,))
        for _ in range(depth):
            if not isinstance(initializer, str):
                made = type(initializer).from_config(initializer.get_config())
            else:
                made = keras.initializers.get(initializer)
            h = layers.Dense(units, kernel_initializer=made)(h)
            h = layers.Activation(activation)(h)
        return keras.Model(inputs, h)

    return build_deep


@answer.variant
def without_an_input_layer():
    def build_deep(depth, units, activation, initializer):
        model = keras.Sequential()
        for _ in range(depth):
            config = keras.initializers.serialize(keras.initializers.get(initializer))
            made = keras.initializers.deserialize(config)
            model.add(layers.Dense(units, activation, kernel_initializer=made))
        return model

    return build_deep
