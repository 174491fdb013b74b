"""What graders know of ``initializers/numpy/variance_profile``."""

import numpy as np
import torch

from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor
from autograder.answers.initializers.measures import TORCH_ACTIVATIONS, draw_weights


def forward(x, weights, activation):
    """Every layer's input h_{l-1} and weighted sum z_l, and every output h_l."""
    inputs, sums, outputs = [], [], []
    h = x
    for W in weights:
        inputs.append(h)
        sums.append(h @ W)
        h = activation(sums[-1])
        outputs.append(h)
    return inputs, sums, outputs


def gradients(dout, weights, sums, derivative):
    """At every layer's weighted sum, and at its input; first layer first."""
    at_sums, at_inputs = [], []
    for W, z in zip(weights[::-1], sums[::-1], strict=True):
        dz = dout * derivative(z)
        dout = dz @ W.T
        at_sums.insert(0, dz)
        at_inputs.insert(0, dout)
    return at_sums, at_inputs


def stds(arrays):
    return [float(np.std(array)) for array in arrays]


def plain_variance_profile(x, dout, weights, activation, derivative):
    _, sums, outputs = forward(x, weights, activation)
    return stds(outputs), stds(gradients(dout, weights, sums, derivative)[1])


answer = Answer("initializers/numpy/variance_profile", plain_variance_profile)


@answer.reference
def _(x, dout, weights, activation):
    h = tensor(x)
    layer_inputs, outputs = [], []
    for W in weights:
        layer_inputs.append(h)
        h = TORCH_ACTIVATIONS[activation](h @ tensor(W))
        outputs.append(h)
    grads = torch.autograd.grad(h, layer_inputs, torch.tensor(dout, dtype=torch.float64))
    return (
        np.array([h.std(correction=0).item() for h in outputs]),
        np.array([grad.std(correction=0).item() for grad in grads]),
    )


def profile_inputs(rng, examples, sizes, activation, gain=1.5):
    return {
        "x": rng.normal(0.5, 1, size=(examples, sizes[0])),
        "dout": rng.normal(0.2, 1, size=(examples, sizes[-1])),
        "weights": draw_weights(rng, sizes, gain),
        "activation": activation,
    }


@answer.cases
def _(rng):
    yield "two layers, tanh", profile_inputs(rng, 5, (3, 4, 2), "tanh")
    yield "three layers, relu", profile_inputs(rng, 6, (4, 8, 8, 5), "relu")
    yield "three square layers, leaky", profile_inputs(rng, 4, (4, 4, 4, 4), "leaky")
    yield "one layer, sine", profile_inputs(rng, 3, (4, 3), "sine")
    yield "two layers, identity, one example", profile_inputs(rng, 1, (5, 4, 3), "identity")


@answer.hidden_cases
def _(rng):
    yield "twelve layers, softsign", profile_inputs(rng, 50, (40,) * 13, "softsign", gain=2.0)
    yield "ten layers, relu", profile_inputs(rng, 100, (64,) * 11, "relu")


@answer.mistake("The forward list is of the weighted sums z; it should be of what follows, h.")
def sums_for_outputs(x, dout, weights, activation, derivative):
    _, sums, _ = forward(x, weights, activation)
    return stds(sums), plain_variance_profile(x, dout, weights, activation, derivative)[1]


@answer.mistake("The forward list begins with x, h_0; it should begin after the first layer.")
def inputs_for_outputs(x, dout, weights, activation, derivative):
    inputs, _, _ = forward(x, weights, activation)
    return stds(inputs), plain_variance_profile(x, dout, weights, activation, derivative)[1]


@answer.mistake("The backward list is in the order of the backward pass; turn it round.")
def last_layer_first(x, dout, weights, activation, derivative):
    forwards, backwards = plain_variance_profile(x, dout, weights, activation, derivative)
    return forwards, backwards[::-1]


@answer.mistake(
    "The backward list is of the gradients at z; going through W as well, they arrive at the "
    "layer's input."
)
def gradients_at_the_sums(x, dout, weights, activation, derivative):
    _, sums, outputs = forward(x, weights, activation)
    return stds(outputs), stds(gradients(dout, weights, sums, derivative)[0])


@answer.mistake("The derivative is missing on the way back: each layer multiplies by it, at its z.")
def without_derivative(x, dout, weights, activation, derivative):
    _, sums, outputs = forward(x, weights, activation)
    return stds(outputs), stds(gradients(dout, weights, sums, np.ones_like)[1])


@answer.mistake("The derivative is taken at h; it belongs to z, what went into the activation.")
def derivative_at_the_outputs(x, dout, weights, activation, derivative):
    _, _, outputs = forward(x, weights, activation)
    return stds(outputs), stds(gradients(dout, weights, outputs, derivative)[1])


@answer.mistake("These are variances; the standard deviations are their roots.")
def variances(x, dout, weights, activation, derivative):
    found = plain_variance_profile(x, dout, weights, activation, derivative)
    return tuple([std**2 for std in each] for each in found)


@answer.mistake("These are root mean squares; a standard deviation takes the mean away first.")
def root_mean_squares(x, dout, weights, activation, derivative):
    _, sums, outputs = forward(x, weights, activation)
    at_inputs = gradients(dout, weights, sums, derivative)[1]
    return tuple([np.sqrt(np.mean(a**2)) for a in each] for each in (outputs, at_inputs))


@answer.mistake(
    "That is the mean of the units' own standard deviations. One standard deviation of the whole "
    "array is due."
)
def mean_over_units(x, dout, weights, activation, derivative):
    _, sums, outputs = forward(x, weights, activation)
    at_inputs = gradients(dout, weights, sums, derivative)[1]
    return tuple([a.std(axis=0).mean() for a in each] for each in (outputs, at_inputs))


@answer.mistake(
    "The standard deviation is the one that divides by n - 1; np.std divides by n unless told "
    "otherwise."
)
def divided_by_n_minus_one(x, dout, weights, activation, derivative):
    _, sums, outputs = forward(x, weights, activation)
    at_inputs = gradients(dout, weights, sums, derivative)[1]
    return tuple([np.std(a, ddof=1) for a in each] for each in (outputs, at_inputs))


@answer.mistake("The backward list starts from the weights in the wrong order: last layer first.")
def first_weights_first(x, dout, weights, activation, derivative):
    _, sums, outputs = forward(x, weights, activation)
    backwards = []
    for W, z in zip(weights, sums, strict=True):
        dout = (dout * derivative(z)) @ W.T
        backwards.append(float(np.std(dout)))
    return stds(outputs), backwards


@answer.variant
def recursive():
    def variance_profile(x, dout, weights, activation, derivative):
        forwards, backwards = [], []

        def visit(h, layer):
            if layer == len(weights):
                return dout
            z = np.dot(h, weights[layer])
            out = activation(z)
            forwards.append(np.sqrt(np.mean((out - out.mean()) ** 2)))
            gradient = np.einsum("nm,dm->nd", visit(out, layer + 1) * derivative(z), weights[layer])
            backwards.insert(0, np.sqrt(gradient.var()))
            return gradient

        visit(x, 0)
        return np.array(forwards), np.array(backwards[::-1])[::-1]

    return variance_profile


@answer.variant
def two_arrays():
    def variance_profile(x, dout, weights, activation, derivative):
        stds = np.zeros((2, len(weights)))
        hs, zs = [x], []
        for layer, W in enumerate(weights):
            zs.append(np.matmul(hs[-1], W))
            hs.append(activation(zs[-1]))
            stds[0, layer] = np.std(hs[-1])
        for layer in reversed(range(len(weights))):
            dout = weights[layer].dot((dout * derivative(zs[layer])).T).T
            stds[1, layer] = np.std(dout)
        return stds

    return lambda *arguments: tuple(variance_profile(*arguments))
