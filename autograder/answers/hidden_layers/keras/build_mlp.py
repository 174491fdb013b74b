"""What graders know of ``hidden-layers/keras/build_mlp``."""

import keras
import numpy as np
import torch
from keras import layers

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_build_mlp(input_dim, hidden_units, num_classes, activation="relu"):
    model = keras.Sequential([keras.Input((input_dim,))])
    for units in hidden_units:
        model.add(layers.Dense(units, activation=activation))
    model.add(layers.Dense(num_classes, activation="softmax"))
    return model


answer = Answer("hidden-layers/keras/build_mlp", plain_build_mlp, float32=False)


@answer.reference
def _(input_dim, hidden_units, num_classes, params, x, activation="relu"):
    h = tensor(x)
    for W, b in params[:-1]:
        h = getattr(torch, activation)(h @ tensor(W) + tensor(b))
    W, b = params[-1]
    probabilities = torch.softmax(h @ tensor(W) + tensor(b), dim=1).detach().numpy()
    return probabilities, probabilities


def mlp_case(rng, examples, input_dim, hidden_units, num_classes):
    params = draw.layers(rng, input_dim, *hidden_units, num_classes)
    # Halved, so that the probabilities are not all 0 or 1, which would hide what is wrong.
    params = [(0.5 * W, 0.5 * b) for W, b in params]
    return {
        "input_dim": input_dim,
        "hidden_units": hidden_units,
        "num_classes": num_classes,
        "params": [(W.astype(np.float32), b.astype(np.float32)) for W, b in params],
        "x": draw.normal(rng, examples, input_dim).astype(np.float32),
    }


# Sizes differ within a case, so that a weight's shape says which layer it belongs to.
@answer.cases
def _(rng):
    yield "one hidden layer", mlp_case(rng, 4, 3, [5], 2)
    yield "two hidden layers, tanh", mlp_case(rng, 5, 4, [6, 3], 2) | {"activation": "tanh"}
    yield "no hidden layer", mlp_case(rng, 4, 3, [], 5)


@answer.graded_cases
def _(rng):
    yield "two hidden layers, a batch of one", mlp_case(rng, 1, 7, [6, 5], 4)
    yield (
        "three hidden layers, sigmoid",
        mlp_case(rng, 3, 2, [5, 4, 6], 3) | {"activation": "sigmoid"},
    )
    yield "no hidden layer", mlp_case(rng, 4, 3, [], 5)


@answer.mistake("These are scores, not probabilities: something is missing after the last layer.")
def no_softmax(input_dim, hidden_units, num_classes, activation="relu"):
    model = keras.Sequential([keras.Input((input_dim,))])
    for units in hidden_units:
        model.add(layers.Dense(units, activation=activation))
    model.add(layers.Dense(num_classes))
    return model


@answer.mistake(
    "A sigmoid looks at each class alone, so that the rows don't sum to 1. Which function makes "
    "one distribution out of all classes?"
)
def sigmoid_output(input_dim, hidden_units, num_classes, activation="relu"):
    model = keras.Sequential([keras.Input((input_dim,))])
    for units in hidden_units:
        model.add(layers.Dense(units, activation=activation))
    model.add(layers.Dense(num_classes, activation="sigmoid"))
    return model


@answer.mistake("The hidden layers are ReLU whatever `activation` says.")
def activation_ignored(input_dim, hidden_units, num_classes, activation="relu"):
    return plain_build_mlp(input_dim, hidden_units, num_classes)


@answer.mistake("The hidden layers have no activation, so they collapse into a single layer.")
def hidden_layers_linear(input_dim, hidden_units, num_classes, activation="relu"):
    return plain_build_mlp(input_dim, hidden_units, num_classes, activation=None)


@answer.mistake(
    "The scores go through the hidden layers' activation before the softmax; they should come to "
    "it as they are."
)
def activation_before_softmax(input_dim, hidden_units, num_classes, activation="relu"):
    model = plain_build_mlp(input_dim, [*hidden_units, num_classes], 1, activation)
    return keras.Sequential([*model.layers[:-1], layers.Softmax()])


@answer.mistake("Softmax is applied twice, which makes every prediction nearly uniform.")
def softmax_twice(input_dim, hidden_units, num_classes, activation="relu"):
    model = plain_build_mlp(input_dim, hidden_units, num_classes, activation)
    model.add(layers.Softmax())
    return model


@answer.mistake("The softmax runs over the batch; each example's classes should sum to 1.")
def softmax_over_the_batch(input_dim, hidden_units, num_classes, activation="relu"):
    model = no_softmax(input_dim, hidden_units, num_classes, activation)
    model.add(layers.Softmax(axis=0))
    return model


@answer.mistake("The last entry of hidden_units has no layer: all of them are hidden layers.")
def last_hidden_layer_missing(input_dim, hidden_units, num_classes, activation="relu"):
    return plain_build_mlp(input_dim, hidden_units[:-1], num_classes, activation)


@answer.mistake("Only the first entry of hidden_units became a layer.")
def only_the_first_hidden_layer(input_dim, hidden_units, num_classes, activation="relu"):
    return plain_build_mlp(input_dim, hidden_units[:1], num_classes, activation)


@answer.mistake(
    "There is a hidden layer of input_dim units too many: the input isn't a layer with weights."
)
def input_as_a_dense_layer(input_dim, hidden_units, num_classes, activation="relu"):
    return plain_build_mlp(input_dim, [input_dim, *hidden_units], num_classes, activation)


@answer.mistake("The layers have no biases.")
def no_biases(input_dim, hidden_units, num_classes, activation="relu"):
    model = keras.Sequential([keras.Input((input_dim,))])
    for units in hidden_units:
        model.add(layers.Dense(units, activation=activation, use_bias=False))
    model.add(layers.Dense(num_classes, activation="softmax", use_bias=False))
    return model


@answer.mistake("The caller's list hidden_units has grown: make a new list instead of appending.")
def hidden_units_extended(input_dim, hidden_units, num_classes, activation="relu"):
    model = plain_build_mlp(input_dim, hidden_units, num_classes, activation)
    hidden_units.append(num_classes)
    return model


@answer.variant
def functional():
    def build_mlp(input_dim, hidden_units, num_classes, activation="relu"):
        inputs = keras.Input(shape=(input_dim,))
        h = inputs
        for units in hidden_units:
            h = layers.Activation(activation)(layers.Dense(units)(h))
        outputs = layers.Softmax()(layers.Dense(num_classes)(h))
        return keras.Model(inputs, outputs)

    return build_mlp


@answer.variant
def without_input_layer():
    def build_mlp(input_dim, hidden_units, num_classes, activation="relu"):
        hidden = [layers.Dense(units, activation) for units in hidden_units]
        return keras.Sequential(
            [layers.Flatten(), *hidden, layers.Dense(num_classes, keras.ops.softmax)]
        )

    return build_mlp


@answer.variant
def output_layer_created_first():
    class Network(keras.Model):
        def __init__(self, hidden_units, num_classes, activation):
            super().__init__()
            self.out = layers.Dense(num_classes)
            self.hidden = [layers.Dense(units) for units in hidden_units]
            self.activation = keras.activations.get(activation)

        def call(self, x):
            for layer in self.hidden:
                x = self.activation(layer(x))
            return keras.activations.softmax(self.out(x))

    def build_mlp(input_dim, hidden_units, num_classes, activation="relu"):
        model = Network(hidden_units, num_classes, activation)
        model.build((None, input_dim))
        model.compile("adam", "sparse_categorical_crossentropy")
        return model

    return build_mlp
