"""What graders know of ``hidden-layers/numpy/bump_network``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer


def plain_bump_network(a, b, height, steepness):
    return (
        np.array([[steepness, steepness]]),
        np.array([-steepness * a, -steepness * b]),
        np.array([[height], [-height]]),
        np.array([0.0]),
    )


answer = Answer("hidden-layers/numpy/bump_network", plain_bump_network, float32=False)


@answer.cases
def _(rng):
    yield (
        "a bump on [1, 2], height 3",
        {"a": 1.0, "b": 2.0, "height": 3.0, "steepness": 100.0},
    )
    a = float(draw.uniform(rng, -3, 1))
    yield (
        "a hole, of negative height",
        {"a": a, "b": a + 1.5, "height": -0.5, "steepness": 200.0},
    )
    yield (
        "a steep bump across 0",
        {"a": -0.25, "b": 0.5, "height": 1.25, "steepness": 1000.0},
    )


@answer.mistake("The step is not at the edge: w·a + b has to be 0 there, whatever w is.")
def biases_without_the_steepness(a, b, height, steepness):
    W1, _, W2, b2 = plain_bump_network(a, b, height, steepness)
    return W1, np.array([-a, -b]), W2, b2


@answer.mistake("The steps are on the other side of 0: look at the sign of the biases.")
def biases_of_the_wrong_sign(a, b, height, steepness):
    W1, b1, W2, b2 = plain_bump_network(a, b, height, steepness)
    return W1, -b1, W2, b2


@answer.mistake("The second step goes up too; it has to bring the output back to 0.")
def two_steps_up(a, b, height, steepness):
    W1, b1, W2, b2 = plain_bump_network(a, b, height, steepness)
    return W1, b1, np.abs(W2) * np.sign(height), b2


@answer.mistake("The bump has height 1: where does the height come in?")
def height_ignored(a, b, height, steepness):
    return plain_bump_network(a, b, 1.0, steepness)


@answer.mistake("The bump is upside down: which unit should pull up, which down?")
def upside_down(a, b, height, steepness):
    return plain_bump_network(a, b, -height, steepness)


@answer.variant
def a_falling_second_step():
    def bump_network(a, b, height, steepness):
        W1 = np.array([[steepness, -steepness]])
        b1 = np.array([-steepness * a, steepness * b])
        return W1, b1, np.full((2, 1), height), np.array([-height])

    return bump_network


@answer.variant
def units_swapped():
    def bump_network(a, b, height, steepness):
        W1 = np.full((1, 2), steepness)
        return W1, -steepness * np.array([b, a]), height * np.array([[-1.0], [1.0]]), np.zeros(1)

    return bump_network
