"""What graders know of ``activations/numpy/softmax_forward``."""

import numpy as np
import torch
from scipy.special import logsumexp, softmax

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_softmax_forward(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    out = e / e.sum(axis=-1, keepdims=True)
    return out, out


def torch_softmax(x):
    return torch.softmax(x, dim=-1)


SOFTMAX_SHAPES = {
    "2 examples, 3 classes": (2, 3),
    "as many examples as classes": (4, 4),
    "one axis": (5,),
    "three axes": (2, 3, 4),
    "three axes of one length": (3, 3, 3),
    "a batch of one": (1, 6),
    "one class": (3, 1),
    "an empty batch": (0, 3),
}


def softmax_inputs(rng):
    for label, shape in SOFTMAX_SHAPES.items():
        yield label, {"x": draw.normal(rng, *shape)}
    yield "in column order", {"x": np.asfortranarray(draw.normal(rng, 4, 3))}
    yield "equal numbers", {"x": np.full((2, 4), 3.0)}
    # Two steps of 1000 would leave nothing to see beside 0 and 1.
    near = draw.normal(rng, 2, 4)
    yield "all near 1000, or all near -1000", {"x": near + np.array([[1000.0], [-1000.0]])}
    far = np.array([[1000.0, -1000.0, 999.0], [0.0, 1000.0, -1000.0], [-500.0, -501.0, -1000.0]])
    yield "1000 and -1000 in one row", {"x": far}


def large_softmax_inputs(rng):
    yield "a large batch", {"x": draw.normal(rng, 64, 500)}


answer = Answer("activations/numpy/softmax_forward", plain_softmax_forward)


@answer.reference
def _(x):
    return torch_softmax(tensor(x)).detach().numpy()


@answer.cases
def _(rng):
    return softmax_inputs(rng)


@answer.hidden_cases
def _(rng):
    return large_softmax_inputs(rng)


@answer.mistake(
    "exp of a large number overflows. Softmax is the same for numbers that are all shifted by a "
    "constant: which shift makes the largest exponent harmless?"
)
def overflows(x):
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True), None


@answer.mistake(
    "The largest number of all is subtracted. A row far below it is left with zeros alone, and "
    "0/0: each row has a largest number of its own."
)
def shifted_by_the_largest_of_all(x):
    e = np.exp(x - x.max(initial=-np.inf))
    return e / e.sum(axis=-1, keepdims=True), None


@answer.mistake("A shift by the mean leaves exponents that overflow; by what should you shift?")
def shifted_by_the_mean(x):
    e = np.exp(x - x.mean(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True), None


@answer.mistake("Normalized along the first axis; the numbers along the last one add up to 1.")
def over_the_first_axis(x):
    return softmax(x, axis=0), None


@answer.mistake("Normalized along axis 1, which isn't always the last one.")
def over_axis_one(x):
    return softmax(x, axis=1), None


@answer.mistake("All numbers together add up to 1 in yours; each row should.")
def over_everything(x):
    return softmax(x) if x.size else x, None


@answer.mistake("The sums lost their axis, and line up with the columns: keepdims keeps it.")
def keepdims_missing(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1), None


@answer.mistake("That is the logarithm of softmax.")
def log_softmax_instead(x):
    return x - logsumexp(x, axis=-1, keepdims=True), None


@answer.mistake("Each number is divided by the sum without having been exponentiated.")
def exponential_missing(x):
    return x / x.sum(axis=-1, keepdims=True), None


@answer.mistake("x itself was changed, and the caller still needs it: work on a copy.")
def x_changed(x):
    x -= x.max(axis=-1, keepdims=True)
    return plain_softmax_forward(x)


@answer.variant
def by_scipy():
    return lambda x: (softmax(x, axis=-1), x)


@answer.variant
def by_logsumexp():
    return lambda x: (np.exp(x - logsumexp(x, axis=-1, keepdims=True)), {"x": x})


@answer.variant
def row_by_row():
    def softmax_forward(x):
        out = np.empty(x.shape)
        for index in np.ndindex(x.shape[:-1]):
            e = np.exp(x[index] - np.max(x[index]))
            out[index] = e / np.sum(e)
        return out, None

    return softmax_forward
