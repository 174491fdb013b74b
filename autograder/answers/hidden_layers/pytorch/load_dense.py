"""What graders know of ``hidden-layers/pytorch/load_dense``."""

import numpy as np
import tensorflow as tf
import torch
from torch import nn

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import relu_network
from autograder.student.exercises.hidden_layers_pytorch import STEP


def plain_load_dense(linear, W, b):
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(W).T)
        linear.bias.copy_(torch.tensor(b))


answer = Answer("hidden-layers/pytorch/load_dense", plain_load_dense)


@answer.reference
def _(W, b, x):
    x, *parameters = (tf.constant(array.astype(np.float64)) for array in (x, W, b))
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        out = relu_network(x, *parameters)
    # The loss is half the mean squared norm of the outputs, whose gradient there is out / N.
    gradients = tape.gradient(out, parameters, out / len(x))
    after = [each - STEP * gradient for each, gradient in zip(parameters, gradients, strict=True)]
    return out.numpy(), relu_network(x, *after).numpy()


def dense_case(rng, fan_in, fan_out, dtype=np.float64):
    return {
        "W": draw.normal(rng, fan_in, fan_out),
        "b": draw.normal(rng, fan_out),
        "x": draw.normal(rng, 4, fan_in).astype(dtype),
    }


@answer.cases
def _(rng):
    yield "three inputs, two outputs", dense_case(rng, 3, 2)
    yield "as many inputs as outputs", dense_case(rng, 3, 3)
    yield "arrays in float64, a layer in float32", dense_case(rng, 2, 4, np.float32)


@answer.mistake("The weights went in as they are: nn.Linear stores (out, in).")
def not_transposed(linear, W, b):
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(W))
        linear.bias.copy_(torch.tensor(b))


@answer.mistake(
    "The weights have the right shape but stand in the wrong places: reshaping doesn't turn rows "
    "into columns."
)
def reshaped(linear, W, b):
    plain_load_dense(linear, W.reshape(W.shape[::-1]).T, b)


@answer.mistake("The bias is still the layer's own: b has to go in as well.")
def bias_forgotten(linear, W, b):
    with torch.no_grad():
        linear.weight.copy_(torch.tensor(W).T)


@answer.mistake("The weight is still the layer's own: W has to go in as well.")
def weight_forgotten(linear, W, b):
    with torch.no_grad():
        linear.bias.copy_(torch.tensor(b))


@answer.mistake(
    "The layer got new parameters in place of its own. An optimizer that was made before still "
    "holds the old ones: write into the parameters that are there."
)
def new_parameters(linear, W, b):
    linear.weight = nn.Parameter(torch.tensor(W.T))
    linear.bias = nn.Parameter(torch.tensor(b))


@answer.mistake("The values are right, but the parameters no longer ask for gradients.")
def frozen(linear, W, b):
    linear.requires_grad_(False)
    linear.weight.copy_(torch.tensor(W).T)
    linear.bias.copy_(torch.tensor(b))


@answer.mistake(
    "The layer now shares its memory with the arrays, so that training it changes them: copy the "
    "numbers."
)
def shared_memory(linear, W, b):
    dtype = linear.weight.dtype
    linear.weight.data = torch.from_numpy(W.T).to(dtype)
    linear.bias.data = torch.from_numpy(b).to(dtype)


@answer.mistake("The numbers were added to what was in the layer; they should take its place.")
def added(linear, W, b):
    with torch.no_grad():
        linear.weight += torch.tensor(W).T
        linear.bias += torch.tensor(b)


@answer.variant
def by_state_dict():
    def load_dense(linear, W, b):
        linear.load_state_dict({"weight": torch.from_numpy(W.T), "bias": torch.from_numpy(b)})
        return linear

    return load_dense


@answer.variant
def through_data():
    def load_dense(linear, W, b):
        linear.weight.data[:] = torch.from_numpy(np.ascontiguousarray(W.T))
        linear.bias.data[:] = torch.from_numpy(b)

    return load_dense


@answer.variant
def element_by_element():
    def load_dense(linear, W, b):
        with torch.no_grad():
            for j in range(W.shape[1]):
                for i in range(W.shape[0]):
                    linear.weight[j, i] = float(W[i, j])
                linear.bias[j] = float(b[j])

    return load_dense
