"""How to call what a student writes in ``capstone/numpy``.

All exercises are about one class, ``Network``, and ask for one method after the other.
"""

import numpy as np

from autograder.student import trees
from autograder.student.calling import call_backward, describe, unpack, unpack_layers
from autograder.student.exercise import Notebook, Wrong
from autograder.student.networks import (
    draw_first_weights,
    fingerprint_of_first_weights,
    fingerprint_of_learning,
    judge_first_weights,
    judge_learning,
    name_params,
)
from autograder.student.parameters import take_number

notebook = Notebook("capstone/numpy")


ORDER_EPOCHS = 35  # in which two examples come in one order or the other


def make(network_class, layer_sizes, activation, initializer, l2, dropout, params=None, seed=0):
    """A network, with the parameters of the case if there are any."""
    if not isinstance(network_class, type):
        raise Wrong("kind", f"Network is {describe(network_class)}, where a class is due")
    rng = np.random.default_rng(seed)
    network = network_class(layer_sizes, activation, initializer, l2, dropout, rng)
    if params is not None:
        network.params = trees.copy(params)  # the network's own, to be changed as it likes
    return network


@notebook.exercise(
    returns="values next_values other_values values_again biases",
    takes="Network",
    judge=judge_first_weights,
    fingerprint=fingerprint_of_first_weights,
)
def network_initialization(network_class, layer_sizes, activation, initializer, layer, seed):
    def first_params(rng):
        network = network_class(layer_sizes, activation, initializer, 0.0, 0.0, rng)
        if getattr(network, "params", None) is None:
            raise Wrong("unsolved", "the network's params are None")
        found = name_params(network.params, len(layer_sizes) - 1)
        return [(found[f"W{n}"], found[f"b{n}"]) for n in range(1, len(layer_sizes))]

    return draw_first_weights(first_params, layer, seed)


def forward(network, x, *masks):
    returned = network.forward(x, *masks)
    scores, cache = unpack(returned, ("scores", "cache"), "forward").values()
    if scores is None:
        raise Wrong("unsolved", "forward returns None for scores")
    return scores, cache


@notebook.exercise(returns="scores scores_in_training", takes="Network")
def network_forward(network_class, settings, params, x, masks):
    network = make(network_class, **settings, params=params)
    scores, _ = forward(network, x)
    in_training, _ = forward(network, x, masks)
    return {"scores": scores, "scores_in_training": in_training}


@notebook.exercise(returns="grads", takes="Network")
def network_backward(network_class, settings, params, x, masks, dscores):
    network = make(network_class, **settings, params=params)
    given = () if masks is None else (masks,)
    _, cache = forward(network, x, *given)
    return call_backward(
        network.backward,
        dscores,
        cache,
        lambda grads: unpack_layers(grads, ("dW", "db"), len(params), "backward"),
    )


def train(network, batches, lr):
    """The loss before each step."""
    losses = []
    for x, y, masks in batches:
        loss = network.step(x, y, lr, *(() if masks is None else (masks,)))
        if loss is None:
            raise Wrong("unsolved", "step returns None")
        losses.append(take_number(loss, "the loss", "numpy"))
    return np.array(losses)


@notebook.exercise(returns="losses params", takes="Network")
def network_training(network_class, settings, params, batches, lr):
    network = make(network_class, **settings, params=params)
    losses = train(network, batches, lr)
    return {"losses": losses} | name_params(network.params, len(params))


def fit(network, x, y, epochs, batch_size, lr):
    losses = network.fit(x, y, epochs, batch_size, lr)
    if losses is None:
        raise Wrong("unsolved", "fit returns None")
    return losses


@notebook.exercise(
    returns="labels",
    takes="Network",
    judge=judge_learning,
    fingerprint=fingerprint_of_learning,
    judge_needs_reference=True,
)
def network_accuracy(
    network_class,
    layer_sizes,
    activation,
    initializer,
    l2,
    dropout,
    seed,
    x_train,
    y_train,
    x_test,
    epochs,
    batch_size,
    lr,
    steps,
    copies,
    ordering,
    masking,
):
    network = make(network_class, layer_sizes, activation, initializer, l2, dropout, seed=seed)
    if getattr(network, "params", None) is None:
        raise Wrong("unsolved", "the network's params are None")
    curve = fit(network, x_train, y_train, epochs, batch_size, lr)
    labels = network.predict(x_test)
    if labels is None:
        raise Wrong("unsolved", "predict returns None")
    outputs = {
        "labels": labels,
        "labels_again": network.predict(x_test),
        "curve": np.array(curve, float),
    }
    outputs |= name_params(network.params, len(layer_sizes) - 1, "trained_")

    network = make(network_class, **steps["settings"], params=steps["params"])
    train(network, steps["batches"], steps["lr"])
    outputs |= name_params(network.params, len(steps["params"]), "steps_")

    network = make(network_class, **copies["settings"], params=copies["params"])
    schedule = (copies["epochs"], copies["batch_size"], copies["lr"])
    losses = fit(network, copies["x"], copies["y"], *schedule)
    outputs["fit_losses"] = np.array(losses, float)
    outputs |= name_params(network.params, len(copies["params"]), "fit_")

    outputs["order_before"] = ordering["params"][0][0].copy()
    for name, number in {"1": 1, "2": 2, "3": 3, "4": 4, "1_again": 1}.items():
        network = make(
            network_class,
            **ordering["settings"],
            params=ordering["params"],
            seed=[ordering["seed"], number],
        )
        fit(network, ordering["x"], ordering["y"], 1, 1, ordering["lr"])
        outputs[f"order_{name}"] = np.array(network.params[0][0])
    for number in (1, 2, 3):
        network = make(
            network_class,
            **ordering["settings"],
            params=ordering["params"],
            seed=[ordering["seed"], number],
        )
        fit(network, ordering["x"][:2], ordering["y"][:2], ORDER_EPOCHS, 1, ordering["lr"])
        outputs[f"epochs_{number}"] = np.array(network.params[0][0])

    network = make(
        network_class,
        masking["layer_sizes"],
        "relu",
        "he_normal",
        0.0,
        masking["dropout"],
        params=masking["params"],
        seed=masking["seed"],
    )
    fit(network, masking["x"], masking["y"], 1, len(masking["x"]), masking["lr"])
    outputs["masked_W2"] = np.array(network.params[1][0])
    return outputs
