"""How to call what a student writes in ``capstone/keras``: the network of NumPy, in float64."""

import numpy as np

from autograder.student.calling import describe
from autograder.student.exercise import Notebook, Wrong
from autograder.student.networks import (
    draw_first_weights,
    fingerprint_of_first_weights,
    judge_first_weights,
)
from autograder.student.parameters import (
    assign_in_keras,
    flatten_layers,
    require_tensor,
    take_number,
)

notebook = Notebook("capstone/keras")


def make(network_class, layer_sizes, activation, initializer, l2, dropout, params=None, rng=None):
    """A network, with the parameters of the case if there are any, and its weights in their
    order."""
    import keras

    if rng is None:
        rng = np.random.default_rng(0)  # for weights that are replaced
    network = network_class(layer_sizes, activation, initializer, l2, dropout, rng)
    if not isinstance(network, keras.Model):
        raise Wrong("kind", f"Network(...) is {describe(network)}, where a keras.Model is due")
    weights = list(network.trainable_weights)
    if not weights:
        raise Wrong("unsolved", "Network has no weights")
    if params is None:
        return network, weights
    wrong = {str(weight.dtype) for weight in weights} - {"float64"}
    if wrong:
        raise Wrong("dtype", f"the weights are {', '.join(sorted(wrong))}, where float64 is due")
    return network, assign_in_keras(weights, flatten_layers(params), "the network")


@notebook.exercise(
    returns="values next_values other_values values_again biases",
    takes="Network",
    judge=judge_first_weights,
    fingerprint=fingerprint_of_first_weights,
)
def network_initialization(network_class, layer_sizes, activation, initializer, layer, seed):
    def first_params(rng):
        _, weights = make(network_class, layer_sizes, activation, initializer, 0.0, 0.0, rng=rng)
        arrays = [np.array(weight.numpy()) for weight in weights]
        kernels = [array for array in arrays if array.ndim == 2]
        biases = [array for array in arrays if array.ndim == 1]
        if len(kernels) != len(layer_sizes) - 1 or len(biases) != len(kernels):
            raise Wrong(
                "shape",
                f"the network has {len(kernels)} kernels and {len(biases)} biases; "
                f"{len(layer_sizes) - 1} of each are due",
            )
        return list(zip(kernels, biases, strict=True))

    return draw_first_weights(first_params, layer, seed)


@notebook.exercise(returns="scores scores_in_training", takes="Network")
def network_forward(network_class, settings, params, x, masks):
    import tensorflow as tf

    network, _ = make(network_class, **settings, params=params)
    x, masks = tf.constant(x), [tf.constant(mask) for mask in masks]
    outputs = {"scores": network.forward(x)}
    if outputs["scores"] is None:
        raise Wrong("unsolved", "forward returns None")
    outputs["scores_in_training"] = network.forward(x, masks)
    for name, value in outputs.items():
        require_tensor(value, (len(x), settings["layer_sizes"][-1]), name, "keras")
    return outputs


@notebook.exercise(returns="losses params", takes="Network")
def network_training(network_class, settings, params, batches, lr):
    import tensorflow as tf

    network, weights = make(network_class, **settings, params=params)
    losses = []
    for x, y, masks in batches:
        given = () if masks is None else ([tf.constant(mask) for mask in masks],)
        loss = network.step(tf.constant(x), tf.constant(y), lr, *given)
        if loss is None:
            raise Wrong("unsolved", "step returns None")
        losses.append(take_number(loss, "the loss", "keras"))
    outputs = {"losses": np.array(losses)}
    for number, weight in enumerate(weights):
        outputs[f"{'Wb'[number % 2]}{number // 2 + 1}"] = np.array(weight.numpy())
    return outputs
