"""What graders know of ``hidden-layers/numpy/sgd_step``."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_sgd_step(params, grads, lr):
    return [(W - lr * dW, b - lr * db) for (W, b), (dW, db) in zip(params, grads, strict=True)]


answer = Answer("hidden-layers/numpy/sgd_step", plain_sgd_step)


@answer.reference
def _(params, grads, lr):
    leaves = [tensor(array) for layer in params for array in layer]
    for leaf, grad in zip(leaves, (g for layer in grads for g in layer), strict=True):
        leaf.grad = torch.tensor(np.asarray(grad, dtype=np.float64))
    torch.optim.SGD(leaves, lr=lr).step()
    return {f"{'Wb'[i % 2]}{i // 2 + 1}": leaf.detach().numpy() for i, leaf in enumerate(leaves)}


@answer.cases
def _(rng):
    for label, sizes, lr in (
        ("one layer", (2, 2), 0.5),
        ("two layers", (3, 4, 2), 0.1),
        ("a learning rate of 0", (3, 2), 0.0),
        ("a learning rate above 1", (2, 3, 1), 2.0),
    ):
        yield (
            label,
            {"params": draw.layers(rng, *sizes), "grads": draw.layers(rng, *sizes), "lr": lr},
        )


@answer.mistake("That climbs: the gradient points to where the loss grows.")
def uphill(params, grads, lr):
    return plain_sgd_step(params, grads, -lr)


@answer.mistake("The learning rate is missing.")
def no_learning_rate(params, grads, lr):
    return plain_sgd_step(params, grads, 1.0)


@answer.mistake("The biases learn too.")
def biases_unchanged(params, grads, lr):
    return [(W - lr * dW, b) for (W, b), (dW, db) in zip(params, grads, strict=True)]


@answer.mistake("These are the steps; what is due is the parameters after them.")
def steps_alone(params, grads, lr):
    return [(-lr * dW, -lr * db) for dW, db in grads]


@answer.mistake("The learning rate multiplies the gradient, not the weights.")
def learning_rate_on_the_weights(params, grads, lr):
    return [(lr * W - dW, lr * b - db) for (W, b), (dW, db) in zip(params, grads, strict=True)]


@answer.mistake(
    "The arrays of params were changed in place; the caller still needs them: make new ones."
)
def in_place(params, grads, lr):
    for (W, b), (dW, db) in zip(params, grads, strict=True):
        W -= lr * dW
        b -= lr * db
    return params


@answer.variant
def in_place_on_copies():
    def sgd_step(params, grads, lr):
        new = []
        for layer, gradient in zip(params, grads, strict=True):
            layer = [array.copy() for array in layer]
            for array, change in zip(layer, gradient, strict=True):
                array -= lr * change
            new.append(layer)
        return new

    return sgd_step


@answer.variant
def by_index():
    def sgd_step(params, grads, lr):
        out = []
        for i in range(len(params)):
            W = np.add(params[i][0], -lr * grads[i][0])
            b = np.subtract(params[i][1], np.multiply(lr, grads[i][1]))
            out.append((W, b))
        return tuple(out)

    return sgd_step
