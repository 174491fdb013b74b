"""What graders know of ``hidden-layers/numpy/count_parameters``."""

import functools
from itertools import pairwise

import numpy as np
import torch

from autograder.answers.answer import Answer


def plain_count_parameters(layer_sizes):
    return sum((n + 1) * m for n, m in pairwise(layer_sizes))


answer = Answer("hidden-layers/numpy/count_parameters", plain_count_parameters, float32=False)


@answer.reference
def _(layer_sizes):
    return sum(parameters_of_a_layer(n_in, n_out) for n_in, n_out in pairwise(layer_sizes))


@functools.lru_cache(64)
def parameters_of_a_layer(n_in, n_out):
    layer = torch.nn.Linear(n_in, n_out, device="meta")  # shapes without storage
    return sum(parameter.numel() for parameter in layer.parameters())


@answer.cases
def _(rng):
    yield "784-128-64-10", {"layer_sizes": [784, 128, 64, 10]}
    yield "one layer, 3-2", {"layer_sizes": [3, 2]}
    yield "one unit a layer", {"layer_sizes": [1, 1, 1, 1]}
    sizes = [int(size) for size in rng.integers(2, 400, size=5)]
    yield "-".join(map(str, sizes)), {"layer_sizes": sizes}


@answer.mistake("Only the weights are counted: every unit has one more parameter.")
def biases_not_counted(layer_sizes):
    return sum(n * m for n, m in pairwise(layer_sizes))


@answer.mistake("The input is given, not computed: it has no biases to learn.")
def biases_for_the_input(layer_sizes):
    return plain_count_parameters(layer_sizes) + layer_sizes[0]


@answer.mistake("The output layer has biases too.")
def no_biases_in_the_output(layer_sizes):
    return plain_count_parameters(layer_sizes) - layer_sizes[-1]


@answer.mistake("The last layer's weights and biases are missing: count every pair.")
def last_layer_missing(layer_sizes):
    return plain_count_parameters(layer_sizes[:-1])


@answer.mistake("One bias a layer is too few: every unit of the layer has its own.")
def one_bias_a_layer(layer_sizes):
    return biases_not_counted(layer_sizes) + len(layer_sizes) - 1


@answer.mistake("These are the units; parameters sit on the connections between them.")
def units_counted(layer_sizes):
    return sum(layer_sizes)


@answer.variant
def loop():
    def count_parameters(layer_sizes):
        total = 0
        for i in range(1, len(layer_sizes)):
            total += layer_sizes[i - 1] * layer_sizes[i]
            total += layer_sizes[i]
        return total

    return count_parameters


@answer.variant
def dot_product():
    def count_parameters(layer_sizes):
        sizes = np.array(layer_sizes)
        return (sizes[:-1] + 1) @ sizes[1:]

    return count_parameters
