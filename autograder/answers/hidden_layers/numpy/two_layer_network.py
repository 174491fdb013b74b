"""What graders know of ``hidden-layers/numpy/two_layer_network``."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_two_layer_network(x, W1, b1, W2, b2):
    h = np.maximum(W1 @ x + b1, 0)
    return h, np.maximum(W2 @ h + b2, 0)


answer = Answer("hidden-layers/numpy/two_layer_network", plain_two_layer_network)


@answer.reference
def _(x, W1, b1, W2, b2):
    x, W1, b1, W2, b2 = map(tensor, (x, W1, b1, W2, b2))
    h = torch.nn.functional.linear(x, W1, b1).relu()
    y = torch.nn.functional.linear(h, W2, b2).relu()
    return h.detach().numpy(), y.detach().numpy()


@answer.cases
def _(rng):
    yield (
        "the numbers of the worked example",
        {
            "x": np.array([1.0, 2.0]),
            "W1": np.array([[1.0, -1.0], [2.0, 1.0], [-1.0, 1.0]]),
            "b1": np.array([0.0, -1.0, 0.5]),
            "W2": np.array([[1.0, 2.0, -1.0], [-1.0, -1.0, 1.0]]),
            "b2": np.array([0.5, 1.0]),
        },
    )
    for D, H, M in (3, 4, 2), (4, 4, 4), (1, 6, 1):
        # Of several units and outputs, some should be on and some off.
        yield (
            f"{D} inputs, {H} hidden units, {M} outputs",
            {
                "x": draw.normal(rng, D),
                "W1": draw.normal(rng, H, D),
                "b1": draw.normal(rng, H),
                "W2": draw.normal(rng, M, H),
                "b2": draw.normal(rng, M),
            },
        )
    yield (
        "all units off, then one output on by its bias",
        {
            "x": np.array([1.0, 1.0]),
            "W1": -np.eye(2),
            "b1": np.array([-1.0, -0.5]),
            "W2": np.eye(2),
            "b2": np.array([2.0, -2.0]),
        },
    )


@answer.mistake("The hidden layer is linear here: what happens to a negative W1 x + b1?")
def no_relu_in_the_hidden_layer(x, W1, b1, W2, b2):
    h = W1 @ x + b1
    return h, np.maximum(W2 @ h + b2, 0)


@answer.mistake("The output layer of this network has a ReLU too; yours can be negative.")
def no_relu_in_the_output_layer(x, W1, b1, W2, b2):
    h = np.maximum(W1 @ x + b1, 0)
    return h, W2 @ h + b2


@answer.mistake("There is no ReLU in yours: without one, two layers are just one.")
def no_relu_at_all(x, W1, b1, W2, b2):
    h = W1 @ x + b1
    return h, W2 @ h + b2


@answer.mistake("Each layer adds its bias before the ReLU; the biases are missing.")
def biases_missing(x, W1, b1, W2, b2):
    h = np.maximum(W1 @ x, 0)
    return h, np.maximum(W2 @ h, 0)


@answer.mistake("The bias belongs inside the ReLU: it shifts where a unit switches on.")
def bias_after_the_relu(x, W1, b1, W2, b2):
    h = np.maximum(W1 @ x, 0) + b1
    return h, np.maximum(W2 @ h, 0) + b2


@answer.mistake(
    "W1 is (H, D) here, one row a hidden unit: x @ W1 takes its columns instead of its rows."
)
def weights_transposed(x, W1, b1, W2, b2):
    h = np.maximum(x @ W1 + b1, 0)
    return h, np.maximum(h @ W2 + b2, 0)


@answer.variant
def einsum():
    def two_layer_network(x, W1, b1, W2, b2):
        h = np.einsum("hd,d->h", W1, x) + b1
        h[h < 0] = 0
        y = np.einsum("mh,h->m", W2, h) + b2
        return h, y * (y > 0)

    return two_layer_network


@answer.variant
def loops():
    def layer(x, W, b):
        z = [sum(w * xi for w, xi in zip(row, x, strict=True)) for row in W]
        return np.array([max(0.0, float(zi + bi)) for zi, bi in zip(z, b, strict=True)])

    def two_layer_network(x, W1, b1, W2, b2):
        h = layer(x, W1, b1)
        return [h, layer(h, W2, b2)]

    return two_layer_network
