"""What graders know of ``regularization/keras/build_regularized_mlp``."""

import keras
from keras import layers

from autograder.answers.answer import Answer


def network(input_dim, num_classes, parts):
    return keras.Sequential(
        [keras.Input((input_dim,)), *parts, layers.Dense(num_classes, "softmax")]
    )


def plain_build_regularized_mlp(input_dim, num_classes, first=0.5, second=0.3):
    parts = [
        layers.Dense(256, "relu"),
        layers.Dropout(first),
        layers.Dense(128, "relu"),
        layers.Dense(64, "relu"),
        layers.Dropout(second),
    ]
    return network(input_dim, num_classes, parts)


answer = Answer(
    "regularization/keras/build_regularized_mlp", plain_build_regularized_mlp, float32=False
)


@answer.cases
def _(rng):
    for label, input_dim, num_classes in (
        ("20 inputs, 65 classes", 20, 65),
        ("784 inputs, 40 classes", 784, 40),
    ):
        seed = int(rng.integers(2**31))
        yield label, {"input_dim": input_dim, "num_classes": num_classes, "seed": seed}


@answer.mistake("The two rates are swapped: 0.5 comes first.")
def rates_swapped(input_dim, num_classes):
    return plain_build_regularized_mlp(input_dim, num_classes, 0.3, 0.5)


@answer.mistake("The second dropout's rate is 0.3, the share that is dropped; yours drops 0.7.")
def second_rate_kept(input_dim, num_classes):
    return plain_build_regularized_mlp(input_dim, num_classes, 0.5, 0.7)


@answer.mistake("There is no dropout.")
def no_dropout(input_dim, num_classes):
    return plain_build_regularized_mlp(input_dim, num_classes, 0.0, 0.0)


@answer.mistake("The second dropout is missing, the one behind the layer of 64 units.")
def second_dropout_missing(input_dim, num_classes):
    return plain_build_regularized_mlp(input_dim, num_classes, 0.5, 0.0)


@answer.mistake("The first dropout stands behind the layer of 128 units; it belongs before that.")
def first_dropout_too_late(input_dim, num_classes):
    parts = [
        layers.Dense(256, "relu"),
        layers.Dense(128, "relu"),
        layers.Dropout(0.5),
        layers.Dense(64, "relu"),
        layers.Dropout(0.3),
    ]
    return network(input_dim, num_classes, parts)


@answer.mistake("The input is dropped; the first dropout belongs behind the layer of 256 units.")
def input_dropped(input_dim, num_classes):
    parts = [
        layers.Dropout(0.5),
        layers.Dense(256, "relu"),
        layers.Dense(128, "relu"),
        layers.Dense(64, "relu"),
        layers.Dropout(0.3),
    ]
    return network(input_dim, num_classes, parts)


@answer.mistake("The hidden layers have no ReLU.")
def no_relu(input_dim, num_classes):
    parts = [
        layers.Dense(256),
        layers.Dropout(0.5),
        layers.Dense(128),
        layers.Dense(64),
        layers.Dropout(0.3),
    ]
    return network(input_dim, num_classes, parts)


@answer.mistake("The layer of 128 units is missing.")
def layer_missing(input_dim, num_classes):
    parts = [
        layers.Dense(256, "relu"),
        layers.Dropout(0.5),
        layers.Dense(64, "relu"),
        layers.Dropout(0.3),
    ]
    return network(input_dim, num_classes, parts)


@answer.mistake("These are scores; a softmax is due at the end.")
def no_softmax(input_dim, num_classes):
    model = plain_build_regularized_mlp(input_dim, num_classes)
    model.layers[-1].activation = keras.activations.linear
    return model


@answer.variant
def functional():
    def build_regularized_mlp(input_dim, num_classes):
        inputs = h = keras.Input((input_dim,))
        for units, rate in ((256, 0.5), (128, 0), (64, 0.3)):
            h = layers.Dropout(rate)(layers.ReLU()(layers.Dense(units)(h)))
        return keras.Model(inputs, layers.Softmax()(layers.Dense(num_classes)(h)))

    return build_regularized_mlp


@answer.variant
def subclass():
    class Network(keras.Model):
        def __init__(self, num_classes):
            super().__init__()
            self.hidden = [layers.Dense(units) for units in (256, 128, 64)]
            self.drop1, self.drop2 = layers.Dropout(0.5), layers.Dropout(0.3)
            self.out = layers.Dense(num_classes, activation="softmax")

        def call(self, x, training=False):
            # ReLU commutes with dropout: what is kept stays on its side of 0.
            x = keras.ops.relu(self.drop1(self.hidden[0](x), training=training))
            x = keras.ops.relu(self.hidden[1](x))
            x = keras.ops.relu(self.hidden[2](x))
            return self.out(self.drop2(x, training=training))

    return lambda input_dim, num_classes: Network(num_classes)
