"""What graders know of ``activations/numpy/dead_unit_fraction``."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer


def plain_dead_unit_fraction(h):
    return (h == 0).all(axis=0).mean()


answer = Answer("activations/numpy/dead_unit_fraction", plain_dead_unit_fraction)


@answer.reference
def _(h):
    return torch.from_numpy(h).eq(0).all(dim=0).double().mean().numpy()


def relu_layer(rng, examples, units, dead):
    """Outputs of a ReLU layer: some units dead, in every other column some zeros, no zero row."""
    h = np.maximum(draw.normal(rng, examples, units), 0)
    h[0], h[1 % examples] = np.abs(draw.normal(rng, units)), 0.0 if examples > 1 else 1.0
    h[:, rng.choice(units, size=dead, replace=False)] = 0
    return h


@answer.cases
def _(rng):
    yield "4 examples, 5 units", {"h": relu_layer(rng, 4, 5, dead=2)}
    yield "as many examples as units", {"h": relu_layer(rng, 8, 8, dead=3)}
    yield "no dead unit", {"h": relu_layer(rng, 6, 4, dead=0)}
    yield "all units dead", {"h": np.zeros((3, 4))}
    yield "a batch of one", {"h": relu_layer(rng, 1, 4, dead=1)}
    yield "negative zeros", {"h": np.array([[0.0, 1.0, -0.0], [-0.0, 0.0, 0.0]])}
    h = relu_layer(rng, 5, 6, dead=1)
    yield "tiny numbers, yet alive", {"h": 1e-12 * h}
    a, b = np.abs(draw.normal(rng, 2))
    h = np.array([[a, -a, 0.0, -b, 0.0], [-a, 0.0, 0.0, -a, 0.0], [0.0, a, 0.0, -b, b]])
    yield "numbers of both signs", {"h": h}


@answer.hidden_cases
def _(rng):
    yield "a large layer", {"h": relu_layer(rng, 200, 1000, dead=int(rng.integers(300, 600)))}


@answer.mistake("The rows are looked at; a unit is a column, with one row for each example.")
def rows_for_columns(h):
    return (h == 0).all(axis=1).mean()


@answer.mistake("That is the share of zeros; a unit is dead only if all of its outputs are 0.")
def share_of_zeros(h):
    return (h == 0).mean()


@answer.mistake("One 0 doesn't make a unit dead: it has to be 0 for every example.")
def any_zero(h):
    return (h == 0).any(axis=0).mean()


@answer.mistake("That is how many they are; the share of all units is due.")
def count_instead_of_share(h):
    return int((h == 0).all(axis=0).sum())


@answer.mistake("That is the share of the units that are alive.")
def share_of_the_living(h):
    return 1 - plain_dead_unit_fraction(h)


@answer.mistake("A sum of 0 isn't enough: positive and negative outputs may cancel.")
def sum_is_zero(h):
    return (h.sum(axis=0) == 0).mean()


@answer.mistake("A negative output isn't 0: such a unit is alive.")
def not_positive(h):
    return (h <= 0).all(axis=0).mean()


@answer.mistake("Small isn't dead: a unit that is 1e-12 still passes gradients.")
def small_counts_as_dead(h):
    return np.isclose(h, 0).all(axis=0).mean()


@answer.mistake("The number of dead units is divided by the examples; the share is of the units.")
def share_of_the_examples(h):
    return (h == 0).all(axis=0).sum() / len(h)


@answer.variant
def not_any():
    return lambda h: 1.0 - np.count_nonzero(h.any(axis=0)) / h.shape[1]


@answer.variant
def largest_absolute_value():
    return lambda h: float(np.mean(np.abs(h).max(axis=0) == 0))


@answer.variant
def unit_by_unit():
    def dead_unit_fraction(h):
        dead = 0
        for unit in h.T:
            dead += all(value == 0 for value in unit)
        return dead / len(h.T)

    return dead_unit_fraction
