"""What graders know of ``hidden-layers/numpy/mlp_forward``."""

import numpy as np
from scipy.special import softmax

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor
from autograder.answers.hidden_layers.numpy.dense_forward import torch_dense


def plain_mlp_forward(x, params):
    cache, h = [], x
    for number, (W, b) in enumerate(params, 1):
        z = h @ W + b
        cache.append((h, W, z))
        h = z if number == len(params) else np.maximum(z, 0)
    return h, cache


def torch_mlp(x, *flat_params):
    h = x
    for number in range(0, len(flat_params), 2):
        h = torch_dense(h if number == 0 else h.relu(), *flat_params[number : number + 2])
    return h


MLP_SIZES = {
    "one hidden layer": (3, (4, 5, 2)),
    "two hidden layers": (5, (3, 6, 4, 2)),
    "no hidden layer": (4, (3, 2)),
    "four hidden layers of one width": (4, (3, 3, 3, 3, 3, 3)),
    "a batch of one": (1, (4, 5, 3)),
}


def mlp_inputs(rng, batch, sizes):
    return {"x": draw.normal(rng, batch, sizes[0]), "params": draw.layers(rng, *sizes)}


answer = Answer("hidden-layers/numpy/mlp_forward", plain_mlp_forward)


@answer.reference
def _(x, params):
    flat = [tensor(array) for layer in params for array in layer]
    return torch_mlp(tensor(x), *flat).detach().numpy()


@answer.cases
def _(rng):
    for label, (batch, sizes) in MLP_SIZES.items():
        yield label, mlp_inputs(rng, batch, sizes)


@answer.mistake("There is no ReLU between the layers, so that they collapse into one.")
def no_relu_between(x, params):
    for W, b in params:
        x = x @ W + b
    return x, None


@answer.mistake("The last layer gives scores, which may be negative: no ReLU after it.")
def relu_after_the_last_layer(x, params):
    return np.maximum(plain_mlp_forward(x, params)[0], 0), None


@answer.mistake("The biases are missing.")
def no_biases(x, params):
    return plain_mlp_forward(x, [(W, 0 * b) for W, b in params])[0], None


@answer.mistake("The input is data: the first ReLU comes after the first layer.")
def relu_on_the_input(x, params):
    return plain_mlp_forward(np.maximum(x, 0), params)[0], None


@answer.mistake("These are probabilities; scores are what softmax is applied to, later.")
def softmax_applied(x, params):
    return softmax(plain_mlp_forward(x, params)[0], axis=1), None


@answer.variant
def recursive():
    def mlp_forward(x, params):
        (W, b), *rest = params
        z = np.dot(x, W) + b
        return mlp_forward(np.where(z > 0, z, 0), rest) if rest else (z, "nothing")

    return mlp_forward


@answer.variant
def ones_for_the_bias():
    def mlp_forward(x, params):
        hs = [x]
        for W, b in params:
            if len(hs) > 1:
                hs[-1] = (np.abs(hs[-1]) + hs[-1]) / 2
            hs.append(np.column_stack([hs[-1], np.ones(len(x))]) @ np.vstack([W, b]))
        return hs[-1], hs

    return mlp_forward
