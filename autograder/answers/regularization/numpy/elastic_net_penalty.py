"""What graders know of ``regularization/numpy/elastic_net_penalty``."""

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.regularization.penalties import penalty_and_gradient, weights_of_shapes


def plain_elastic_net_penalty(W, l1, l2):
    return l1 * np.abs(W).sum() + 0.5 * l2 * np.sum(W**2), l1 * np.sign(W) + l2 * W


answer = Answer("regularization/numpy/elastic_net_penalty", plain_elastic_net_penalty)


@answer.reference
def _(W, l1, l2):
    return penalty_and_gradient(lambda w: l1 * w.abs().sum() + l2 / 2 * w.square().sum(), W)


@answer.cases
def _(rng):
    strengths = ((0.5, 0.25), (0.1, 2.0), (1.5, 0.3), (2.0, 0.7), (0.01, 0.02), (3.0, 1.0))
    for (label, W), (l1, l2) in zip(weights_of_shapes(rng), strengths, strict=True):
        yield label, {"W": W, "l1": l1, "l2": l2}
    yield "l1 alone", {"W": np.array([[1.0, -2.0]]), "l1": 0.5, "l2": 0.0}
    yield "l2 alone", {"W": np.array([[1.0, -2.0]]), "l1": 0.0, "l2": 0.5}


@answer.mistake("The L2 part of the penalty lacks its ½.")
def half_missing(W, l1, l2):
    return l1 * np.abs(W).sum() + l2 * np.sum(W**2), l1 * np.sign(W) + l2 * W


@answer.mistake("The L2 part lacks its ½, in the penalty and in the gradient, as in Keras' L1L2.")
def half_missing_in_both(W, l1, l2):
    return l1 * np.abs(W).sum() + l2 * np.sum(W**2), l1 * np.sign(W) + 2 * l2 * W


@answer.mistake("The ½ belongs to the L2 part alone.")
def half_of_both_parts(W, l1, l2):
    penalty, dW = plain_elastic_net_penalty(W, l1 / 2, l2)
    return penalty, dW


@answer.mistake("l1 and l2 are swapped.")
def strengths_swapped(W, l1, l2):
    return plain_elastic_net_penalty(W, l2, l1)


@answer.mistake("At a weight of exactly 0 the L1 part's subgradient is 0.")
def slope_at_zero(W, l1, l2):
    penalty, dW = plain_elastic_net_penalty(W, l1, l2)
    return penalty, np.where(W == 0, l1, dW)


@answer.mistake("The gradient has the L2 part only.")
def l1_missing_in_the_gradient(W, l1, l2):
    return plain_elastic_net_penalty(W, l1, l2)[0], l2 * W


@answer.mistake(
    "l2 is taken for a share that mixes the two penalties, as scikit-learn's l1_ratio does; here "
    "each strength counts by itself."
)
def mixed_by_a_ratio(W, l1, l2):
    return plain_elastic_net_penalty(W, l1 * (1 - l2), l1 * l2)


@answer.variant
def two_parts():
    def elastic_net_penalty(W, l1, l2):
        sizes = np.abs(W)
        sign = np.divide(W, sizes, out=np.zeros_like(W), where=sizes > 0)
        return np.sum(sizes * (l1 + l2 / 2 * sizes)), sign * (l1 + l2 * sizes)

    return elastic_net_penalty


@answer.variant
def einsum():
    def elastic_net_penalty(W, l1, l2):
        flat = W.ravel()
        penalty = l1 * np.einsum("i->", np.fabs(flat)) + l2 / 2 * np.einsum("i,i->", flat, flat)
        dW = W * l2
        dW += l1 * np.sign(W)
        return penalty, dW

    return elastic_net_penalty
