"""What graders know of ``regularization/numpy/l2_penalty``.

With the factor ½, so that the gradient is ``lam * W``; Keras' ``L2`` has none.
"""

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.regularization.penalties import penalty_and_gradient, weights_of_shapes


def plain_l2_penalty(W, lam):
    return 0.5 * lam * np.sum(W**2), lam * W


answer = Answer("regularization/numpy/l2_penalty", plain_l2_penalty)


@answer.reference
def _(W, lam):
    return penalty_and_gradient(lambda w: lam / 2 * (w * w).sum(), W)


@answer.cases
def _(rng):
    for (label, W), lam in zip(
        weights_of_shapes(rng), (0.5, 0.1, 1.5, 2.0, 0.01, 3.0), strict=True
    ):
        yield label, {"W": W, "lam": lam}
    yield "lam = 0", {"W": np.array([[1.0, -2.0]]), "lam": 0.0}


@answer.mistake("The factor ½ is missing in the penalty; the gradient lam·W belongs to half of it.")
def half_missing(W, lam):
    return lam * np.sum(W**2), lam * W


@answer.mistake("The factor ½ is missing: Keras' L2 has none, here penalty and gradient have it.")
def half_missing_in_both(W, lam):
    return lam * np.sum(W**2), 2 * lam * W


@answer.mistake("The gradient still has the ½: the 2 of the square cancels it.")
def half_in_the_gradient(W, lam):
    return 0.5 * lam * np.sum(W**2), 0.5 * lam * W


@answer.mistake("The penalty is a sum over the weights, not a mean.")
def mean_for_sum(W, lam):
    return 0.5 * lam * np.mean(W**2), lam * W / W.size


@answer.mistake("The penalty is the norm itself; it is the norm's square, the sum of squares.")
def norm_for_square(W, lam):
    norm = np.sqrt(np.sum(W**2))
    return 0.5 * lam * norm, 0.5 * lam * W / norm


@answer.mistake("lam is missing in the gradient.")
def lam_missing_in_the_gradient(W, lam):
    return 0.5 * lam * np.sum(W**2), W


@answer.mistake("The gradient points uphill, to larger weights: its sign is turned round.")
def sign_turned_round(W, lam):
    return 0.5 * lam * np.sum(W**2), -lam * W


@answer.variant
def dot_product():
    return lambda W, lam: (lam / 2 * float(np.vdot(W, W)), np.multiply(W, lam))


@answer.variant
def loop():
    def l2_penalty(W, lam):
        total, dW = 0.0, np.zeros(W.shape)
        for index in np.ndindex(W.shape):
            total += float(W[index]) ** 2
            dW[index] = lam * W[index]
        return lam * total / 2, dW

    return l2_penalty
