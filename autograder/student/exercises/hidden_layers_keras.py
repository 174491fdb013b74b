"""How to call what a student writes in ``hidden-layers/keras``.

Models are left in Keras' own precision, float32, and so are their cases.
"""

import numpy as np

from autograder.student.calling import describe
from autograder.student.exercise import Notebook, Wrong
from autograder.student.parameters import (
    assign_in_keras,
    flatten_layers,
    require_tensor,
    take_number,
)

notebook = Notebook("hidden-layers/keras")


def check_model(model, function: str):
    """The model that a student's function returned.

    Raises
    ------
    Wrong : if it isn't a Keras model.
    """
    import keras

    if model is None:
        raise Wrong("unsolved", f"{function} returns None")
    if not isinstance(model, keras.Model):
        raise Wrong("kind", f"{function} returned {describe(model)}, where a Keras model is due")
    return model


def evaluate(model, x, params) -> dict:
    """The model's outputs at given weights, in inference and in training."""
    if not (model.built and getattr(model, "inputs", None)):
        model(x)  # without an input layer it has no weights before it has seen an input
    assign_in_keras(model.trainable_weights, flatten_layers(params), "the model")
    outputs = {
        "probabilities": model(x, training=False),
        "probabilities_in_training": model(x, training=True),
    }
    for name, value in outputs.items():
        require_tensor(value, (len(x), len(params[-1][1])), name, "keras")
    return outputs


@notebook.exercise(returns="probabilities probabilities_in_training")
def build_mlp(build, input_dim, hidden_units, num_classes, params, x, activation=None):
    keywords = {} if activation is None else {"activation": activation}
    model = check_model(build(input_dim, hidden_units, num_classes, **keywords), "build_mlp")
    return evaluate(model, x, params)


@notebook.exercise(returns="out dx dW db")
def DenseLayer(layer_class, units, x, W, b, dout, activation=None, as_function=False):
    import keras
    import tensorflow as tf

    if as_function:
        activation = getattr(keras.activations, activation)
    layer = layer_class(units) if activation is None else layer_class(units, activation=activation)
    x = tf.convert_to_tensor(x)
    if layer(x) is None:
        raise Wrong("unsolved", "DenseLayer.call returns None")
    weights = list(layer.trainable_weights)
    starts = [weight.numpy() for weight in weights if len(weight.shape) == 2]
    fixed = [tuple(weight.shape) for weight in layer.non_trainable_weights]
    if fixed:
        raise Wrong("values", f"the layer's weight of shape {fixed[0]} isn't trainable")
    kernel, bias = assign_in_keras(weights, [W, b], "the layer")
    if not starts[0].any():
        raise Wrong("values", "at the start, before any training, every element of the kernel is 0")
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = layer(x)
    require_tensor(out, dout.shape, "out", "keras")
    gradients = tape.gradient(out, [x, kernel.value, bias.value], tf.convert_to_tensor(dout))
    named = dict(zip(("x", "the kernel", "the bias"), gradients, strict=True))
    lost = [name for name, gradient in named.items() if gradient is None]
    if lost:
        raise Wrong("values", f"no gradient of the output reaches {', '.join(lost)}")
    return dict(zip(("out", "dx", "dW", "db"), (out, *gradients), strict=True))


@notebook.exercise(returns="probabilities probabilities_in_training")
def build_residual_mlp(build, input_dim, units, num_classes, params, x):
    model = check_model(build(input_dim, units, num_classes), "build_residual_mlp")
    return evaluate(model, x, params)


@notebook.exercise(returns="losses params")
def train_step(step, params, optimizer, batches):
    import keras

    inputs = h = keras.Input((len(params[0][0]),))
    zeros = {"kernel_initializer": "zeros"}  # set below; drawing them would take longer
    for _, b in params[:-1]:
        h = keras.layers.Dense(len(b), activation="relu", **zeros)(h)
    scores = keras.layers.Dense(len(params[-1][1]), **zeros)(h)
    # Not Keras' own softmax: its result remembers the scores, and a loss that takes probabilities
    # for scores would quietly get those instead.
    model = keras.Model(inputs, keras.ops.exp(keras.ops.log_softmax(scores)))
    model.set_weights(flatten_layers(params))
    settings = {name: value for name, value in optimizer.items() if name != "name"}
    chosen = getattr(keras.optimizers, optimizer["name"])(**settings)
    chosen.build(model.trainable_variables)  # a step under tf.function can't create variables
    losses, before = [], model.get_weights()
    for x, y in batches:
        loss = step(model, chosen, x, y)
        if loss is None:
            if not losses and all(map(np.array_equal, before, model.get_weights())):
                raise Wrong("unsolved", "train_step returns None")
            raise Wrong("kind", "train_step returned None, where the loss before the step is due")
        losses.append(take_number(loss, "the loss", "keras"))
    outputs = {"losses": np.array(losses)}
    for number, weight in enumerate(model.get_weights()):
        outputs[f"{'Wb'[number % 2]}{number // 2 + 1}"] = weight
    return outputs
