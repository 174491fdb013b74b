"""What graders know of ``activations/numpy/log_softmax``."""

import numpy as np
import scipy.special
import torch

from autograder.answers.activations.numpy.softmax_forward import (
    large_softmax_inputs,
    softmax_inputs,
)
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_log_softmax(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


answer = Answer("activations/numpy/log_softmax", plain_log_softmax)


@answer.reference
def _(x):
    return torch.log_softmax(tensor(x), dim=-1).detach().numpy()


@answer.cases
def _(rng):
    return softmax_inputs(rng)


@answer.hidden_cases
def _(rng):
    return large_softmax_inputs(rng)


@answer.mistake(
    "Softmax is exactly 0 there, since it is too small for a float, and its logarithm infinite. "
    "The logarithm can be taken by hand first: it undoes exp."
)
def logarithm_of_softmax(x):
    return np.log(scipy.special.softmax(x, axis=-1))


@answer.mistake(
    "A small number added (or clipped to) before the logarithm makes it finite, but not right: "
    "log softmax can be -1000."
)
def patched_zero(x):
    return np.log(np.maximum(scipy.special.softmax(x, axis=-1), 1e-12))


@answer.mistake("exp of a large number overflows: shift each row by its largest number first.")
def overflows(x):
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


@answer.mistake("The shift is forgotten on one side: subtract it from x too, not only in exp.")
def shift_on_one_side_only(x):
    largest = x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x - largest).sum(axis=-1, keepdims=True))


@answer.mistake(
    "The largest number of all is subtracted: a row far below it is left without a sum. Each row "
    "has a largest number of its own."
)
def shifted_by_the_largest_of_all(x):
    shifted = x - x.max(initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@answer.mistake("The sum runs along the first axis; it belongs to the last one.")
def over_the_first_axis(x):
    return scipy.special.log_softmax(x, axis=0)


@answer.mistake("The sum runs along axis 1, which isn't always the last one.")
def over_axis_one(x):
    return scipy.special.log_softmax(x, axis=1)


@answer.mistake("The sign is turned round: logarithms of probabilities are never positive.")
def sign_turned_round(x):
    return -plain_log_softmax(x)


@answer.mistake("The logarithm is the natural one; the other bases differ by a factor.")
def logarithm_to_base_two(x):
    return plain_log_softmax(x) / np.log(2)


@answer.mistake("That is softmax itself; its logarithm is due.")
def softmax_itself(x):
    return scipy.special.softmax(x, axis=-1)


@answer.mistake("The sums lost their axis, and line up with the columns: keepdims keeps it.")
def keepdims_missing(x):
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1))


@answer.mistake("x itself was changed, and the caller still needs it: work on a copy.")
def x_changed(x):
    x -= x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


@answer.variant
def by_scipy():
    return lambda x: scipy.special.log_softmax(x, axis=-1)


@answer.variant
def by_logsumexp():
    return lambda x: x - scipy.special.logsumexp(x, axis=-1, keepdims=True)


@answer.variant
def by_logaddexp():
    return lambda x: x - np.logaddexp.reduce(x, axis=-1, keepdims=True)


@answer.variant
def row_by_row():
    def log_softmax(x):
        out = x.copy()
        for index in np.ndindex(x.shape[:-1]):
            out[index] -= x[index].max()
            out[index] -= np.log(np.sum(np.exp(out[index])))
        return out

    return log_softmax
