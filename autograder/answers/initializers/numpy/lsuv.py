"""What graders know of ``initializers/numpy/lsuv``."""

import numpy as np
import torch

from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor
from autograder.answers.initializers.measures import TORCH_ACTIVATIONS, draw_weights


def plain_lsuv(weights, x, activation, tol=0.01, max_iter=10):
    scaled, h = [], x
    for W in weights:
        for _ in range(max_iter):
            std = np.std(h @ W)
            if abs(std - 1) <= tol:
                break
            W = W / std
        scaled.append(W)
        h = activation(h @ W)
    return scaled


answer = Answer("initializers/numpy/lsuv", plain_lsuv)


@answer.reference
def _(weights, x, activation, tol=None, max_iter=None):
    # z is linear in W, so that one division is enough; a second one is by 1 but for rounding.
    h, scaled = tensor(x), {}
    for number, W in enumerate(weights, 1):
        W = tensor(W)
        std = (h @ W).std(correction=0)
        if (std - 1).abs() > (0.01 if tol is None else tol):
            W = W / std
        scaled[f"W{number}"] = W.detach().numpy()
        h = TORCH_ACTIVATIONS[activation](h @ W)
    return scaled


def layer_stds(weights, x, activation):
    """The standard deviations of z that the layers have before they are divided by them."""
    function, h, found = TORCH_ACTIVATIONS[activation], torch.tensor(x), []
    for W in weights:
        z = h @ torch.tensor(W)
        found.append(z.std(correction=0).item())
        h = function(z / found[-1])
    return found


def lsuv_inputs(rng, examples, sizes, activation, gain, **settings):
    """Layers that are all clearly off, so that no rounding decides what is in tolerance."""
    while True:
        weights = draw_weights(rng, sizes, gain)
        x = rng.normal(0.3, 1, size=(examples, sizes[0]))
        stds = np.array(layer_stds(weights, x, activation))
        if (np.abs(stds - 1) > 0.1).all():
            return {"weights": weights, "x": x, "activation": activation, **settings}


@answer.cases
def _(rng):
    yield "two layers, relu", lsuv_inputs(rng, 6, (3, 4, 2), "relu", 3.0)
    yield "three layers, tanh, small weights", lsuv_inputs(rng, 8, (4, 6, 6, 3), "tanh", 0.1)
    yield "one layer, identity", lsuv_inputs(rng, 5, (3, 4), "identity", 2.0)
    inputs = lsuv_inputs(rng, 7, (4, 5, 5, 5), "leaky", 2.5)
    stds = layer_stds(inputs["weights"], inputs["x"], "leaky")
    # The first layer fits almost; then dividing it changes what the others see only a little.
    inputs["weights"][0] = inputs["weights"][0] * 1.006 / stds[0]
    yield "a first layer within the tolerance", inputs
    wide = lsuv_inputs(rng, 6, (3, 4, 4), "tanh", 3.0)
    stds = layer_stds(wide["weights"], wide["x"], "tanh")
    wide["weights"][0] = wide["weights"][0] * 1.3 / stds[0]
    wide["weights"][1] = wide["weights"][1] * 5.0
    yield "a first layer within a tolerance of 0.5", wide | {"tol": 0.5, "max_iter": 3}


@answer.hidden_cases
def _(rng):
    yield "eight layers, relu", lsuv_inputs(rng, 64, (32,) * 9, "relu", 1.0)


@answer.mistake(
    "It is z, before the activation, whose standard deviation should be 1; yours looks at h."
)
def std_of_the_activations(weights, x, activation, tol=0.01, max_iter=10):
    scaled, h = [], x
    for W in weights:
        for _ in range(max_iter):
            std = np.std(activation(h @ W))
            if abs(std - 1) <= tol:
                break
            W = W / std
        scaled.append(W)
        h = activation(h @ W)
    return scaled


@answer.mistake(
    "Later layers were measured with the old weights of the earlier ones. Go on with the new ones: "
    "they decide what comes in."
)
def measured_with_old_weights(weights, x, activation, tol=0.01, max_iter=10):
    scaled, h = [], x
    for W in weights:
        scaled += plain_lsuv([W], h, activation, tol, max_iter)
        h = activation(h @ W)
    return scaled


@answer.mistake("There is no activation between the layers.")
def no_activation_between(weights, x, activation, tol=0.01, max_iter=10):
    return plain_lsuv(weights, x, lambda z: z, tol, max_iter)


@answer.mistake("A layer that is within the tolerance stays as it is.")
def tolerance_ignored(weights, x, activation, tol=0.01, max_iter=10):
    return plain_lsuv(weights, x, activation, 0.0, 1)


@answer.mistake("W is divided by the variance; the standard deviation is its root.")
def divided_by_the_variance(weights, x, activation, tol=0.01, max_iter=10):
    scaled, h = [], x
    for W in weights:
        if abs(np.std(h @ W) - 1) > tol:
            W = W / np.var(h @ W)
        scaled.append(W)
        h = activation(h @ W)
    return scaled


@answer.mistake("W is multiplied by the standard deviation; divide by it.")
def multiplied(weights, x, activation, tol=0.01, max_iter=10):
    scaled, h = [], x
    for W in weights:
        if abs(np.std(h @ W) - 1) > tol:
            W = W * np.std(h @ W)
        scaled.append(W)
        h = activation(h @ W)
    return scaled


@answer.mistake(
    "Every unit is divided by a standard deviation of its own; LSUV has one number a layer."
)
def unit_by_unit(weights, x, activation, tol=0.01, max_iter=10):
    scaled, h = [], x
    for W in weights:
        if abs(np.std(h @ W) - 1) > tol:
            W = W / np.std(h @ W, axis=0)
        scaled.append(W)
        h = activation(h @ W)
    return scaled


@answer.mistake(
    "The weights' own standard deviation is 1 now; it should be that of z = h W, which the inputs "
    "decide as well."
)
def std_of_the_weights(weights, x, activation, tol=0.01, max_iter=10):
    return [W / np.std(W) for W in weights]


@answer.mistake(
    "The standard deviation is the one that divides by n - 1; np.std divides by n unless told "
    "otherwise."
)
def divided_by_n_minus_one(weights, x, activation, tol=0.01, max_iter=10):
    scaled, h = [], x
    for W in weights:
        if abs(np.std(h @ W, ddof=1) - 1) > tol:
            W = W / np.std(h @ W, ddof=1)
        scaled.append(W)
        h = activation(h @ W)
    return scaled


@answer.mistake("Only the first layer is scaled.")
def first_layer_only(weights, x, activation, tol=0.01, max_iter=10):
    return [*plain_lsuv(weights[:1], x, activation, tol, max_iter), *weights[1:]]


@answer.mistake("The arrays that were handed in are changed; return new ones.")
def in_place(weights, x, activation, tol=0.01, max_iter=10):
    scaled = plain_lsuv(weights, x, activation, tol, max_iter)
    for W, new in zip(weights, scaled, strict=True):
        W[...] = new
    return weights


@answer.variant
def on_copies_in_place():
    def lsuv(weights, x, activation, tol=0.01, max_iter=10):
        weights = [W.copy() for W in weights]
        for W in weights:
            steps = 0
            while not 1 - tol < (x @ W).std() < 1 + tol and steps < max_iter:
                W /= (x @ W).std()
                steps += 1
            x = activation(x @ W)
        return weights

    return lsuv


@answer.variant
def from_the_start_each_time():
    def lsuv(weights, x, activation, tol=0.01, max_iter=10):
        scaled = []
        for W in weights:
            h = x
            for earlier in scaled:
                h = activation(h.dot(earlier))
            std = np.sqrt(np.var(h.dot(W)))
            scaled.append(W.copy() if abs(std - 1) < tol else W / std)
        return tuple(scaled)

    return lsuv
