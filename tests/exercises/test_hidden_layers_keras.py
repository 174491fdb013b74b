"""What the adequacy of mistakes and variants doesn't show of hidden-layers/keras."""

from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from autograder.answers import load_answer
from autograder.student.exercise import Wrong
from autograder.student.observe import observe
from autograder.student.parameters import match_by_shape, take_number
from autograder.student.verdict import reach_verdict

visible_references = cache(lambda answer: answer.visible_references())


def check(name, *functions):
    """The verdict on the visible cases."""
    answer = load_answer(f"hidden-layers/keras/{name}")
    references = visible_references(answer)
    observations = [observe(answer.exercise, functions, case.inputs) for case in references.cases]
    return reach_verdict(answer.exercise, references, observations)


def build_with(extra_layer):
    """A right ``build_mlp`` but for one more layer after each hidden layer."""

    def build_mlp(input_dim, hidden_units, num_classes, activation="relu"):
        model = keras.Sequential([keras.Input((input_dim,))])
        for units in hidden_units:
            model.add(layers.Dense(units, activation))
            model.add(extra_layer())
        model.add(layers.Dense(num_classes, "softmax"))
        return model

    return build_mlp


def test_dropout_that_nobody_asked_for_shows_in_training():
    assert check("build_mlp", build_with(layers.Identity)).passed
    verdict = check("build_mlp", build_with(lambda: layers.Dropout(0.9)))
    assert verdict.stage == "values"
    assert verdict.message.startswith("probabilities_in_training")


def test_more_weights_than_asked_for():
    verdict = check("build_mlp", build_with(layers.BatchNormalization))
    assert verdict.stage == "shape"
    assert "(5,), (5,), (5,)" in verdict.message


@pytest.mark.parametrize(
    ("build", "stage"),
    [
        (lambda *args, **kwargs: None, "unsolved"),
        (lambda *args, **kwargs: [layers.Dense(2)], "kind"),
        (lambda *args, **kwargs: keras.Sequential, "kind"),
        (lambda *args, **kwargs: 1 / 0, "runs"),
    ],
)
@pytest.mark.parametrize("name", ["build_mlp", "build_residual_mlp"])
def test_something_else_than_a_model(name, build, stage):
    assert check(name, build).stage == stage


def test_a_model_with_two_outputs():
    def build_mlp(input_dim, hidden_units, num_classes, activation="relu"):
        model = build_with(layers.Identity)(input_dim, hidden_units, num_classes, activation)
        return keras.Model(model.inputs, [model.outputs[0], model.outputs[0]])

    assert check("build_mlp", build_mlp).stage == "kind"


class Dense(layers.Layer):
    def __init__(self, units, activation=None):
        super().__init__()
        self.units, self.activation = units, keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))
        self.bias = self.add_weight(shape=(self.units,))

    def call(self, x):
        return self.activation(x @ self.kernel + self.bias)


def test_layers_whose_output_is_something_else():
    class Nothing(Dense):
        def call(self, x):
            return None

    class Array(Dense):
        def call(self, x):
            return super().call(x).numpy()

    class FirstColumn(Dense):
        def call(self, x):
            return super().call(x)[:, 0]

    stages = [check("DenseLayer", layer).stage for layer in (Dense, Nothing, Array, FirstColumn)]
    assert stages == [None, "unsolved", "kind", "shape"]


def test_a_step_without_a_loss_is_unsolved_only_if_nothing_moved():
    right = load_answer("hidden-layers/keras/train_step").plain[0]

    def forgets_to_return(*args):
        right(*args)

    assert check("train_step", lambda *args: None).stage == "unsolved"
    assert check("train_step", forgets_to_return).stage == "kind"


@pytest.mark.parametrize(
    "loss",
    [0.5, np.float32(0.5), np.array(0.5), tf.constant(0.5), keras.Variable(0.5)],
)
def test_a_loss_may_be_any_scalar(loss):
    assert take_number(loss, "the loss", "keras") == 0.5


@pytest.mark.parametrize(
    ("loss", "stage"), [("0.5", "kind"), ([0.5], "kind"), (tf.constant([0.5]), "shape")]
)
def test_a_loss_that_is_none(loss, stage):
    with pytest.raises(Wrong) as raised:
        take_number(loss, "the loss", "keras")
    assert raised.value.stage == stage


def test_parameters_are_known_by_shape_and_among_equals_by_order():
    assert match_by_shape([(2,), (3, 2), (2, 2), (2, 2)], [(3, 2), (2, 2), (2, 2), (2,)], "it") == [
        1,
        2,
        3,
        0,
    ]


@pytest.mark.parametrize("found", [[], [(3, 2)], [(3, 2), (2,), (2,)], [(2, 3), (2,)]])
def test_parameters_of_other_shapes(found):
    with pytest.raises(Wrong) as raised:
        match_by_shape(found, [(3, 2), (2,)], "the model")
    assert raised.value.stage == "shape"
    assert "expected (3, 2), (2,)" in str(raised.value)


def test_an_error_of_keras_comes_without_terminal_codes():
    class OneInputTooMany(keras.Model):
        def call(self, x):
            return keras.Sequential([keras.Input((x.shape[1] + 1,)), layers.Dense(3)])(x)

    def build_mlp(input_dim, hidden_units, num_classes, activation="relu"):
        with pytest.raises(ValueError, match="\x1b"):
            OneInputTooMany()(np.zeros((1, input_dim)))
        return OneInputTooMany()

    verdict = check("build_mlp", build_mlp)
    assert verdict.stage == "runs"
    assert verdict.message.startswith("ValueError")
    assert "\x1b" not in verdict.message
