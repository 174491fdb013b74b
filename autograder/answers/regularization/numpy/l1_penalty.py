"""What graders know of ``regularization/numpy/l1_penalty``."""

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.regularization.penalties import penalty_and_gradient, weights_of_shapes


def plain_l1_penalty(W, lam):
    return lam * np.abs(W).sum(), lam * np.sign(W)


answer = Answer("regularization/numpy/l1_penalty", plain_l1_penalty)


@answer.reference
def _(W, lam):
    return penalty_and_gradient(lambda w: lam * w.abs().sum(), W)


@answer.cases
def _(rng):
    for (label, W), lam in zip(
        weights_of_shapes(rng), (0.5, 0.1, 1.5, 2.0, 0.01, 3.0), strict=True
    ):
        yield label, {"W": W, "lam": lam}
    yield "lam = 0", {"W": np.array([[1.0, -2.0]]), "lam": 0.0}


@answer.mistake("At a weight of exactly 0 the subgradient is 0; yours pushes it to the left.")
def plus_one_at_zero(W, lam):
    return lam * np.abs(W).sum(), lam * np.where(W >= 0, 1.0, -1.0)


@answer.mistake("At a weight of exactly 0 the subgradient is 0; yours pushes it to the right.")
def minus_one_at_zero(W, lam):
    return lam * np.abs(W).sum(), lam * np.where(W > 0, 1.0, -1.0)


@answer.mistake("|W| / W is the sign except at 0, where it is NaN.")
def quotient_for_sign(W, lam):
    with np.errstate(invalid="ignore"):
        return lam * np.abs(W).sum(), lam * np.abs(W) / W


@answer.mistake("There is no ½ in this penalty: no square brings a 2 that it could cancel.")
def half_as_in_l2(W, lam):
    return 0.5 * lam * np.abs(W).sum(), lam * np.sign(W)


@answer.mistake("The sizes are missing: negative weights are subtracted where they should add.")
def absolute_value_missing(W, lam):
    return lam * W.sum(), lam * np.sign(W)


@answer.mistake("That is the gradient of L2. L1 pulls at each weight alike, however large it is.")
def gradient_of_l2(W, lam):
    return lam * np.abs(W).sum(), lam * W


@answer.mistake("lam is missing in the gradient.")
def lam_missing_in_the_gradient(W, lam):
    return lam * np.abs(W).sum(), np.sign(W)


@answer.mistake("The penalty is a sum over the weights, not a mean.")
def mean_for_sum(W, lam):
    return lam * np.abs(W).mean(), lam * np.sign(W) / W.size


@answer.variant
def comparisons():
    def l1_penalty(W, lam):
        sign = (W > 0).astype(float) - (W < 0)
        return float(lam * np.sum(W * sign)), lam * sign

    return l1_penalty


@answer.variant
def norm_of_the_flat_weights():
    return lambda W, lam: (lam * np.linalg.norm(W.ravel(), 1), np.copysign(lam, W) * (W != 0))
