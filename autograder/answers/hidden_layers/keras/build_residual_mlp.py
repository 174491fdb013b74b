"""What graders know of ``hidden-layers/keras/build_residual_mlp``."""

import keras
import numpy as np
import torch
from keras import layers, ops

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def residual_mlp(input_dim, units, num_classes, join):
    """The network, where ``join(s, r)`` says what the last layer gets."""
    inputs = keras.Input(shape=(input_dim,))
    s = layers.Dense(units, activation="relu")(inputs)
    r = layers.Dense(units)(layers.Dense(units, activation="relu")(s))
    outputs = layers.Dense(num_classes, activation="softmax")(join(s, r))
    return keras.Model(inputs, outputs)


def plain_build_residual_mlp(input_dim, units, num_classes):
    return residual_mlp(input_dim, units, num_classes, lambda s, r: ops.relu(s + r))


answer = Answer("hidden-layers/keras/build_residual_mlp", plain_build_residual_mlp, float32=False)


@answer.reference
def _(input_dim, units, num_classes, params, x):
    (W1, b1), (W2, b2), (W3, b3), (W4, b4) = ((tensor(W), tensor(b)) for W, b in params)
    s = torch.relu(tensor(x) @ W1 + b1)
    r = torch.relu(s @ W2 + b2) @ W3 + b3
    probabilities = torch.softmax(torch.relu(s + r) @ W4 + b4, dim=1).detach().numpy()
    return probabilities, probabilities


def residual_case(rng, examples, input_dim, units, num_classes):
    params = draw.layers(rng, input_dim, units, units, units, num_classes)
    # Halved, so that the probabilities are not all 0 or 1, which would hide what is wrong.
    return {
        "input_dim": input_dim,
        "units": units,
        "num_classes": num_classes,
        "params": [((0.5 * W).astype(np.float32), b.astype(np.float32)) for W, b in params],
        "x": draw.normal(rng, examples, input_dim).astype(np.float32),
    }


# The three sizes differ, so that a weight's shape says which layer it belongs to; the two layers of
# the block come in the order in which the data meets them.
@answer.cases
def _(rng):
    yield "four hidden units", residual_case(rng, 5, 3, 4, 2)
    yield "a batch of one, more inputs than units", residual_case(rng, 1, 6, 3, 4)


@answer.graded_cases
def _(rng):
    yield "sixteen hidden units", residual_case(rng, 8, 10, 16, 5)
    yield "a batch of one, more inputs than units", residual_case(rng, 1, 6, 3, 4)


@answer.mistake("The skip connection is missing: s should be added to r.")
def no_skip_connection(input_dim, units, num_classes):
    return residual_mlp(input_dim, units, num_classes, lambda s, r: ops.relu(r))


@answer.mistake("After the sum there is one more ReLU.")
def no_relu_after_the_sum(input_dim, units, num_classes):
    return residual_mlp(input_dim, units, num_classes, lambda s, r: s + r)


@answer.mistake(
    "r goes through a ReLU before the sum, so that the block can only add and never take away."
)
def relu_before_the_sum(input_dim, units, num_classes):
    return residual_mlp(input_dim, units, num_classes, lambda s, r: ops.relu(s + ops.relu(r)))


@answer.mistake("s and r are multiplied; a residual block adds.")
def multiplied(input_dim, units, num_classes):
    return residual_mlp(input_dim, units, num_classes, lambda s, r: ops.relu(s * r))


@answer.mistake("s and r are put side by side; they should be added, element by element.")
def concatenated(input_dim, units, num_classes):
    return residual_mlp(
        input_dim, units, num_classes, lambda s, r: ops.relu(layers.Concatenate()([s, r]))
    )


@answer.mistake("s and r are averaged; it is their sum that is due.")
def averaged(input_dim, units, num_classes):
    return residual_mlp(
        input_dim, units, num_classes, lambda s, r: ops.relu(layers.Average()([s, r]))
    )


@answer.mistake("These are scores: the last layer's softmax is missing.")
def no_softmax(input_dim, units, num_classes):
    inputs = keras.Input(shape=(input_dim,))
    s = layers.Dense(units, activation="relu")(inputs)
    r = layers.Dense(units)(layers.Dense(units, activation="relu")(s))
    return keras.Model(inputs, layers.Dense(num_classes)(ops.relu(s + r)))


@answer.mistake("Inside the block, between its two layers, a ReLU is missing.")
def block_without_inner_relu(input_dim, units, num_classes):
    inputs = keras.Input(shape=(input_dim,))
    s = layers.Dense(units, activation="relu")(inputs)
    r = layers.Dense(units)(layers.Dense(units)(s))
    return keras.Model(inputs, layers.Dense(num_classes, activation="softmax")(ops.relu(s + r)))


@answer.mistake("s has no ReLU of its own.")
def first_layer_without_relu(input_dim, units, num_classes):
    inputs = keras.Input(shape=(input_dim,))
    s = layers.Dense(units)(inputs)
    r = layers.Dense(units)(layers.Dense(units, activation="relu")(s))
    return keras.Model(inputs, layers.Dense(num_classes, activation="softmax")(ops.relu(s + r)))


@answer.mistake("The skip starts inside the block, at its middle; it should start at s.")
def skip_from_the_middle(input_dim, units, num_classes):
    inputs = keras.Input(shape=(input_dim,))
    s = layers.Dense(units, activation="relu")(inputs)
    middle = layers.Dense(units, activation="relu")(s)
    joined = ops.relu(middle + layers.Dense(units)(middle))
    return keras.Model(inputs, layers.Dense(num_classes, activation="softmax")(joined))


@answer.mistake(
    "One Dense layer is called twice inside the block, so that both places share its weights: make "
    "two of them."
)
def shared_layer(input_dim, units, num_classes):
    inputs = keras.Input(shape=(input_dim,))
    s = layers.Dense(units, activation="relu")(inputs)
    block = layers.Dense(units)
    r = block(ops.relu(block(s)))
    return keras.Model(inputs, layers.Dense(num_classes, activation="softmax")(ops.relu(s + r)))


@answer.variant
def with_layers():
    def build_residual_mlp(input_dim, units, num_classes):
        inputs = layers.Input((input_dim,))
        s = layers.ReLU()(layers.Dense(units)(inputs))
        r = layers.Dense(units)(layers.ReLU()(layers.Dense(units)(s)))
        h = layers.Activation("relu")(layers.Add()([r, s]))
        return keras.Model(inputs=inputs, outputs=layers.Softmax()(layers.Dense(num_classes)(h)))

    return build_residual_mlp


@answer.variant
def layers_created_from_the_end():
    def build_residual_mlp(input_dim, units, num_classes):
        last = layers.Dense(num_classes, activation="softmax")
        second = layers.Dense(units)
        first = layers.Dense(units, activation="relu")
        below = layers.Dense(units, activation="relu")
        inputs = keras.Input((input_dim,))
        s = below(inputs)
        return keras.Model(inputs, last(ops.relu(second(first(s)) + s)))

    return build_residual_mlp


@answer.variant
def nested_models():
    def build_residual_mlp(input_dim, units, num_classes):
        inputs = keras.Input((input_dim,), name="pixels")
        s = layers.Dense(units, "relu")(inputs)
        block = keras.Sequential([layers.Dense(units, "relu"), layers.Dense(units)])
        head = keras.Sequential([layers.ReLU(), layers.Dense(num_classes, "softmax")])
        return keras.Model(inputs, head(layers.add([s, block(s)])))

    return build_residual_mlp


@answer.variant
def subclassed():
    class Residual(keras.Model):
        def __init__(self, units, num_classes):
            super().__init__()
            self.below = layers.Dense(units, activation="relu")
            self.first = layers.Dense(units, activation="relu")
            self.second = layers.Dense(units)
            self.last = layers.Dense(num_classes, activation="softmax")

        def call(self, x):
            s = self.below(x)
            return self.last(ops.relu(s + self.second(self.first(s))))

    def build_residual_mlp(input_dim, units, num_classes):
        return Residual(units, num_classes)

    return build_residual_mlp
