"""What graders know of ``hidden-layers/numpy/mlp_backward``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor, vjp
from autograder.answers.hidden_layers.numpy.mlp_forward import (
    MLP_SIZES,
    mlp_inputs,
    plain_mlp_forward,
    torch_mlp,
)


def plain_mlp_backward(dscores, cache):
    grads, dz = [], dscores
    for number, (h, W, _) in reversed(list(enumerate(cache))):
        grads.insert(0, (h.T @ dz, dz.sum(axis=0)))
        if number > 0:
            dz = dz @ W.T * (cache[number - 1][2] > 0)
    return grads


answer = Answer("hidden-layers/numpy/mlp_backward", plain_mlp_forward, plain_mlp_backward)


@answer.reference
def _(x, params, dscores):
    flat = [array for layer in params for array in layer]
    grads = vjp(lambda *flat: torch_mlp(tensor(x), *flat), flat, dscores)
    return {f"d{'Wb'[i % 2]}{i // 2 + 1}": grad for i, grad in enumerate(grads)}


KINK = 1e-5  # how near to 0 no unit's z comes, unless that is what a case is about


def mlp_inputs_off_the_kinks(rng, batch, sizes):
    """Inputs for which the last bits of a sum never decide whether a unit is on.

    Sums of numbers with two decimals are exactly 0 now and then: in a large network once in some
    fifteen draws, and then two right answers differ.
    """
    while True:
        inputs = mlp_inputs(rng, batch, sizes)
        _, cache = plain_mlp_forward(**inputs)
        if all(np.abs(z).min() > KINK for _, _, z in cache[:-1]):
            return inputs


def with_dscores(rng, inputs):
    shape = len(inputs["x"]), len(inputs["params"][-1][1])
    return inputs | {"dscores": draw.normal(rng, *shape)}


@answer.cases
def _(rng):
    for label, (batch, sizes) in MLP_SIZES.items():
        yield label, with_dscores(rng, mlp_inputs_off_the_kinks(rng, batch, sizes))
    yield (
        "a unit whose z is exactly 0",
        {
            "x": np.array([[1.0, 1.0]]),
            "params": [
                (np.array([[1.0, 1.0], [-1.0, 1.0]]), np.array([0.0, -1.0])),
                (np.array([[2.0], [3.0]]), np.array([0.0])),
            ],
            "dscores": np.array([[1.0]]),
        },
    )


@answer.hidden_cases
def _(rng):
    # 50,000 parameters: half a minute of CPU time to take differences of.
    inputs = mlp_inputs_off_the_kinks(rng, 64, (256, 128, 128, 10))
    yield "a large network", with_dscores(rng, inputs)


@answer.mistake("The ReLU is missing on the way back: units that were off pass nothing.")
def no_relu_backward(dscores, cache):
    grads, dz = [], dscores
    for h, W, _ in reversed(cache):
        grads.insert(0, (h.T @ dz, dz.sum(axis=0)))
        dz = dz @ W.T
    return grads


@answer.mistake("The list is in the order of the computation; params' order is due.")
def last_layer_first(dscores, cache):
    return plain_mlp_backward(dscores, cache)[::-1]


@answer.mistake("The gradient at the scores is final: there is no ReLU after the last layer.")
def relu_backward_at_the_scores(dscores, cache):
    return plain_mlp_backward(dscores * (cache[-1][2] > 0), cache)


@answer.mistake("The ReLU lets through where its *input* was positive, not the gradient.")
def relu_of_the_gradient(dscores, cache):
    grads, dz = [], dscores
    for number, (h, W, _) in reversed(list(enumerate(cache))):
        grads.insert(0, (h.T @ dz, dz.sum(axis=0)))
        if number > 0:
            dz = np.maximum(dz @ W.T, 0)
    return grads


@answer.mistake("A unit whose z is exactly 0 is off: ReLU'(0) is 0 here, as in the frameworks.")
def relu_on_at_zero(dscores, cache):
    grads, dz = [], dscores
    for number, (h, W, _) in reversed(list(enumerate(cache))):
        grads.insert(0, (h.T @ dz, dz.sum(axis=0)))
        if number > 0:
            dz = dz @ W.T * (cache[number - 1][2] >= 0)
    return grads


@answer.mistake("Divided by the batch size once too often: dscores has the loss's 1/N.")
def averaged(dscores, cache):
    return plain_mlp_backward(dscores / len(dscores), cache)


@answer.mistake("The bias gradients aren't summed over the batch.")
def bias_gradients_not_summed(dscores, cache):
    grads, dz = [], dscores
    for number, (h, W, _) in reversed(list(enumerate(cache))):
        grads.insert(0, (h.T @ dz, dz))
        if number > 0:
            dz = dz @ W.T * (cache[number - 1][2] > 0)
    return grads


@answer.variant
def masks_in_the_cache():
    def mlp_forward(x, params):
        inputs, masks, weights = [], [], []
        for W, b in params:
            inputs.append(x)
            weights.append(W)
            x = x @ W + b
            masks.append(x > 0)
            if len(inputs) < len(params):
                x = x * masks[-1]
        return x, (inputs, masks, weights)

    def mlp_backward(dscores, cache):
        inputs, masks, weights = cache
        grads, d = [None] * len(inputs), dscores.copy()
        for layer in range(len(inputs) - 1, -1, -1):
            if layer < len(inputs) - 1:
                d *= masks[layer]
            grads[layer] = [inputs[layer].T @ d, d.sum(0)]
            d = d @ weights[layer].T
        return tuple(grads)

    return mlp_forward, mlp_backward


@answer.variant
def everything_again_from_the_inputs():
    def mlp_forward(x, params):
        return plain_mlp_forward(x, params)[0], (x, params)

    def mlp_backward(dscores, cache):
        return plain_mlp_backward(dscores, plain_mlp_forward(*cache)[1])

    return mlp_forward, mlp_backward
