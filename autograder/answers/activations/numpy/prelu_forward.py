"""What graders know of ``activations/numpy/prelu_forward``."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.activations.numpy.leaky_relu_forward import plain_leaky_relu_forward
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor

plain_prelu_forward = plain_leaky_relu_forward  # alpha is broadcast along the batch

torch_prelu = torch.nn.functional.prelu

PRELU_SHAPES = {
    "4 examples, 3 units": (4, 3),
    "as many examples as units": (4, 4),
    "a batch of one": (1, 5),
    "one unit": (6, 1),
    "an empty batch": (0, 3),
}


def prelu_inputs(rng):
    """Slopes may be negative, or larger than 1."""
    for label, (examples, units) in PRELU_SHAPES.items():
        x, alpha = draw.normal(rng, examples, units), draw.normal(rng, units)
        if examples > 1:
            # Both signs in every column, so that every slope matters.
            x[0], x[1] = np.abs(x[0]), -np.abs(x[1])
        yield label, {"x": x, "alpha": alpha}
    x = np.array([[-1000.0, 1000.0, -2.0], [1000.0, -1000.0, -1.0]])
    yield "large numbers; slopes 0, 1.5 and 1", {"x": x, "alpha": np.array([0.0, 1.5, 1.0])}
    yield "near zero", {"x": np.array([[1e-4, -1e-4], [-1e-3, 1e-3]]), "alpha": draw.normal(rng, 2)}
    x, alpha = np.asfortranarray(draw.normal(rng, 5, 3)), draw.normal(rng, 3)
    yield "in column order", {"x": x, "alpha": alpha}


def large_prelu_inputs(rng):
    yield "a large batch", {"x": draw.normal(rng, 256, 512), "alpha": draw.normal(rng, 512)}


answer = Answer("activations/numpy/prelu_forward", plain_prelu_forward)


@answer.reference
def _(x, alpha):
    return torch_prelu(tensor(x), tensor(alpha)).detach().numpy()


@answer.cases
def _(rng):
    yield from prelu_inputs(rng)
    x = np.array([[0.0, -0.0, 1.0], [-1.0, 0.0, -0.0]])
    yield "zero and negative zero", {"x": x, "alpha": draw.normal(rng, 3)}


@answer.hidden_cases
def _(rng):
    return large_prelu_inputs(rng)


@answer.mistake("The slopes belong to the negative side; positive numbers pass as they are.")
def slope_on_the_positive_side(x, alpha):
    return np.where(x > 0, alpha * x, x), None


@answer.mistake(
    "The larger of x and alpha x is right for slopes below 1 only; learned ones may be above."
)
def maximum(x, alpha):
    return np.maximum(x, alpha * x), None


@answer.mistake("One slope for all: each unit (each column of x) has its own.")
def one_slope_for_all(x, alpha):
    return np.where(x > 0, x, alpha[0] * x), None


@answer.mistake("That is plain ReLU: negative numbers pass, times their unit's slope.")
def no_leak(x, alpha):
    return np.maximum(x, 0), None


@answer.mistake("A slope multiplies x; yours stands in its place.")
def slope_itself(x, alpha):
    return np.where(x > 0, x, alpha), None


@answer.mistake(
    "With as many examples as units, the slopes line up wrongly: one for each column, not row."
)
def slopes_down_the_batch(x, alpha):
    slopes = alpha[:, None] if len(x) == len(alpha) else alpha
    return np.where(x > 0, x, slopes * x), None


@answer.mistake("The sign is turned round on the negative side: alpha x is due there, as it is.")
def sign_turned_round(x, alpha):
    return np.where(x > 0, x, -alpha * x), None


@answer.mistake("x itself was changed, and the caller still needs it: work on a copy.")
def x_changed(x, alpha):
    x *= np.where(x > 0, 1, alpha)
    return x, None


@answer.variant
def two_sides():
    return lambda x, alpha: (np.maximum(x, 0) + alpha * np.minimum(x, 0), {"x": x})


@answer.variant
def column_by_column():
    def prelu_forward(x, alpha):
        out = x.copy()
        for unit in range(len(alpha)):
            negative = out[:, unit] < 0
            out[negative, unit] *= alpha[unit]
        return out, None

    return prelu_forward


@answer.variant
def slopes_by_mask():
    def prelu_forward(x, alpha):
        slope = np.ones_like(x)
        rows, columns = np.nonzero(x <= 0)
        slope[rows, columns] = alpha[columns]
        return slope * x, (x, slope)

    return prelu_forward
