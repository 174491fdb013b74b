"""What graders know of ``initializers/numpy/activation_gain``."""

import numpy as np
import torch

from autograder.answers.answer import Answer
from autograder.answers.initializers.measures import TORCH_ACTIVATIONS


def plain_activation_gain(f, samples):
    return 1 / np.sqrt(np.mean(f(samples) ** 2))


answer = Answer("initializers/numpy/activation_gain", plain_activation_gain)


@answer.reference
def _(f, samples):
    h = TORCH_ACTIVATIONS[f](torch.tensor(samples, dtype=torch.float64))
    return (h.square().sum() / h.numel()).rsqrt().item()


@answer.cases
def _(rng):
    for f in ("relu", "tanh", "leaky", "softsign"):
        yield f"{f} on 50 normal numbers", {"f": f, "samples": np.round(rng.normal(size=50), 2)}
    yield (
        "the identity on a matrix of mean 1",
        {"f": "identity", "samples": np.round(rng.normal(1, 0.5, size=(6, 4)), 2)},
    )
    yield "sine on two numbers", {"f": "sine", "samples": np.array([0.5, -2.0])}


@answer.hidden_cases
def _(rng):
    for f in ("relu", "tanh"):
        yield f"{f} on 100,000 normal numbers", {"f": f, "samples": rng.normal(size=100_000)}


@answer.mistake(
    "The standard deviation takes the mean away first. What the next layer sees is the second "
    "moment, mean(f(z)²)."
)
def standard_deviation(f, samples):
    return 1 / np.std(f(samples))


@answer.mistake("The square root is missing.")
def without_root(f, samples):
    return 1 / np.mean(f(samples) ** 2)


@answer.mistake("That is the root mean square itself; the gain makes it 1, so it is the inverse.")
def not_inverted(f, samples):
    return np.sqrt(np.mean(f(samples) ** 2))


@answer.mistake("Square first, then take the mean.")
def mean_before_square(f, samples):
    return 1 / abs(np.mean(f(samples)))


@answer.mistake("Sizes are averaged as squares: the mean of |f(z)| is something else.")
def mean_size(f, samples):
    return 1 / np.mean(np.abs(f(samples)))


@answer.mistake("The squares are added up; the mean is due.")
def sum_for_mean(f, samples):
    return 1 / np.sqrt(np.sum(f(samples) ** 2))


@answer.mistake("f is not used: it is f(z) that is squared.")
def without_activation(f, samples):
    return 1 / np.sqrt(np.mean(samples**2))


@answer.mistake("f is applied to the squares; apply it first, then square.")
def square_before_activation(f, samples):
    return 1 / np.sqrt(np.mean(f(samples**2)))


@answer.variant
def by_a_norm():
    return lambda f, samples: np.sqrt(samples.size) / np.linalg.norm(f(samples))


@answer.variant
def number_by_number():
    def activation_gain(f, samples):
        total = sum(float(f(z)) ** 2 for z in samples.ravel())
        return (samples.size / total) ** 0.5

    return activation_gain
