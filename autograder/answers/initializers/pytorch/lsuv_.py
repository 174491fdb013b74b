"""What graders know of ``initializers/pytorch/lsuv_``."""

import copy

import numpy as np
import torch
from torch import nn

from autograder.answers.answer import Answer
from autograder.answers.initializers.measures import TORCH_ACTIVATIONS, draw_weights

TOLERANCE, MOST_STEPS = 0.01, 20


@torch.no_grad()
def scale_layer_by_layer(model, x, measure):
    """Divide each linear layer's weights by what ``measure`` says of (z, next module) until 1."""
    h = x
    for position, layer in enumerate(model):
        if isinstance(layer, nn.Linear):
            following = model[position + 1] if position + 1 < len(model) else nn.Identity()
            for _ in range(MOST_STEPS):
                size = measure(layer(h), following)
                if abs(size - 1) <= TOLERANCE / 2:
                    break
                layer.weight /= size
        h = layer(h)


def plain_lsuv_(model, x):
    scale_layer_by_layer(model, x, lambda z, following: z.std())


answer = Answer("initializers/pytorch/lsuv_", plain_lsuv_, float32=False)


def layer_stds(params, x, activation):
    """The standard deviations of the linear layers' outputs."""
    found, h = [], x
    for W, b in params:
        z = h @ W + b
        found.append(np.std(z))
        h = TORCH_ACTIVATIONS[activation](torch.from_numpy(z)).numpy()
    return found


def lsuv_inputs(rng, examples, sizes, activation, gain, bias):
    """A network whose layers are all clearly off."""
    while True:
        weights = draw_weights(rng, sizes, gain)
        params = [
            (W.astype(np.float32), (bias * rng.normal(size=W.shape[1])).astype(np.float32))
            for W in weights
        ]
        x = rng.normal(0.3, 1, size=(examples, sizes[0])).astype(np.float32)
        if min(abs(std - 1) for std in layer_stds(params, x, activation)) > 0.2:
            return {"params": params, "x": x, "activation": activation}


@answer.cases
def _(rng):
    yield "two layers, relu, no biases", lsuv_inputs(rng, 40, (5, 8, 4), "relu", 4.0, 0.0)
    yield "three layers, tanh", lsuv_inputs(rng, 40, (4, 7, 6, 3), "tanh", 0.2, 0.3)
    yield "three layers, relu", lsuv_inputs(rng, 30, (6, 6, 6, 6), "relu", 0.3, 0.4)
    yield "one layer", lsuv_inputs(rng, 30, (3, 5), "identity", 3.0, 0.5)


@answer.hidden_cases
def _(rng):
    yield "ten layers, relu", lsuv_inputs(rng, 100, (32,) * 11, "relu", 0.5, 0.2)
    yield "six layers, softsign", lsuv_inputs(rng, 80, (20,) * 7, "softsign", 0.3, 0.3)
    yield "tiny weights", lsuv_inputs(rng, 30, (4, 6, 3), "tanh", 1e-5, 0.0)
    twice = lsuv_inputs(rng, 30, (5, 4), "identity", 4.0, 0.0)
    ((W, b),) = twice["params"]
    W = W * np.float32(2.0003 / layer_stds([(W, b)], twice["x"], "identity")[0])
    yield "a standard deviation of two", twice | {"params": [(W, b)]}


@answer.mistake(
    "It is the linear layer's output whose standard deviation should be 1; yours looks at what the "
    "activation makes of it."
)
def std_of_the_activations(model, x):
    scale_layer_by_layer(model, x, lambda z, following: following(z).std())


@answer.mistake(
    "All layers were measured before any was divided. A layer's input changes when the layers "
    "below do: go layer by layer, and on with the new outputs."
)
@torch.no_grad()
def measured_all_at_once(model, x):
    stds, h = [], x
    for layer in model:
        h = layer(h)
        stds.append(h.std())
    for layer, std in zip(model, stds, strict=True):
        if isinstance(layer, nn.Linear):
            layer.weight /= std


@answer.mistake("The last linear layer is left as it was.")
def last_layer_left(model, x):
    last = model[-1]
    weight = last.weight.detach().clone()
    plain_lsuv_(model, x)
    last.weight.data.copy_(weight)


@answer.mistake("You divide by the variance; the standard deviation is its root.")
@torch.no_grad()
def divided_by_the_variance(model, x):
    h = x
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight /= layer(h).var()
        h = layer(h)


@answer.mistake(
    "One division isn't enough where there are biases, which it leaves as they are: repeat it "
    "until the standard deviation is 1."
)
@torch.no_grad()
def divided_once(model, x):
    h = x
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight /= layer(h).std()
        h = layer(h)


@answer.mistake("The output was measured without the bias, which is part of it.")
@torch.no_grad()
def bias_forgotten(model, x):
    h = x
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight /= (h @ layer.weight.T).std()
        h = layer(h)


@answer.mistake("Each unit has standard deviation 1 now; the layer's output as a whole should.")
@torch.no_grad()
def unit_by_unit(model, x):
    h = x
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight /= layer(h).std(dim=0)[:, None]
        h = layer(h)


@answer.mistake("The model that was handed in is as before: change it, not a copy.")
def a_copy(model, x):
    model = copy.deepcopy(model)
    plain_lsuv_(model, x)
    return model


@answer.mistake(
    "The layers hold new parameters now. An optimizer that was made before still has the old ones: "
    "divide them in place."
)
def parameters_replaced(model, x):
    plain_lsuv_(model, x)
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight = nn.Parameter(layer.weight.detach().clone())


@answer.mistake("The parameters don't ask for gradients any more, so that nothing will train them.")
def frozen(model, x):
    plain_lsuv_(model, x)
    model.requires_grad_(False)


@answer.mistake("The weights' own standard deviation is 1 now; that of the outputs is asked for.")
@torch.no_grad()
def std_of_the_weights(model, x):
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight /= layer.weight.std()


@answer.variant
def biases_divided_too():
    @torch.no_grad()
    def lsuv_(model, x):
        for layer in model:
            out = layer(x)
            if isinstance(layer, nn.Linear):
                for parameter in layer.parameters():
                    parameter.div_(out.std())
                out = layer(x)
            x = out
        return model

    return lsuv_


@answer.variant
def orthonormal_first_and_no_biases():
    def lsuv_(model, x):
        for layer in model.modules():
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.zeros_(layer.bias)
        plain_lsuv_(model, x)

    return lsuv_


@answer.variant
def with_hooks():
    def lsuv_(model, x):
        seen = {}
        for layer in [layer for layer in model if isinstance(layer, nn.Linear)]:
            handle = layer.register_forward_hook(lambda _, __, out: seen.update(z=out.detach()))
            for _ in range(50):
                model(x)
                std = seen["z"].numpy().std()
                if abs(std - 1) < 1e-4:
                    break
                layer.weight.data /= float(std)
            handle.remove()

    return lsuv_
