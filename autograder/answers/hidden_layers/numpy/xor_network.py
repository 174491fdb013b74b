"""What graders know of ``hidden-layers/numpy/xor_network``."""

import numpy as np

from autograder.answers.answer import Answer


def plain_xor_network():
    W1 = np.array([[1.0, 1.0], [1.0, 1.0]])
    return W1, np.array([0.0, -1.0]), np.array([[1.0, -2.0]]), np.array([0.0])


answer = Answer("hidden-layers/numpy/xor_network", plain_xor_network, float32=False)


@answer.cases
def _(rng):
    yield "the four points of XOR", {}


@answer.mistake("That is OR: the point (1, 1) needs something that takes its 1 away again.")
def computes_or():
    W1 = np.array([[1.0, 1.0], [1.0, 1.0]])
    return W1, np.array([0.0, -1.0]), np.array([[1.0, -1.0]]), np.array([0.0])


@answer.mistake("That is AND: the points (0, 1) and (1, 0) should give 1.")
def computes_and():
    W1 = np.array([[1.0, 1.0], [1.0, 1.0]])
    return W1, np.array([-1.0, -1.0]), np.array([[1.0, 0.0]]), np.array([0.0])


@answer.mistake("That is the opposite, XNOR: 1 where the inputs are equal.")
def computes_xnor():
    W1 = np.array([[1.0, 1.0], [1.0, 1.0]])
    return W1, np.array([0.0, -1.0]), np.array([[-1.0, 2.0]]), np.array([1.0])


@answer.mistake("Without a bias both hidden units switch on at the same place, the origin.")
def biases_all_zero():
    W1 = np.array([[1.0, 1.0], [1.0, 1.0]])
    return W1, np.zeros(2), np.array([[1.0, -2.0]]), np.array([0.0])


@answer.variant
def differences():
    def xor_network():
        W1 = np.array([[1.0, -1.0], [-1.0, 1.0]])
        return W1, np.zeros(2), np.array([[1.0, 1.0]]), np.zeros(1)

    return xor_network


@answer.variant
def scaled():
    def xor_network():
        W1 = np.array([[3.0, 3.0], [-5.0, -5.0]])
        return W1, np.array([-3.0, 5.0]), np.array([[-1.0, -0.2]]), np.array([1.0])

    return xor_network
