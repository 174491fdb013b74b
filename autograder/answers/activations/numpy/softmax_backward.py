"""What graders know of ``activations/numpy/softmax_backward``."""

import numpy as np
from scipy.special import softmax

from autograder.answers.activations.elementwise import with_dout
from autograder.answers.activations.numpy.softmax_forward import (
    large_softmax_inputs,
    plain_softmax_forward,
    softmax_inputs,
    torch_softmax,
)
from autograder.answers.answer import Answer
from autograder.answers.autodiff import vjp


def plain_softmax_backward(dout, out):
    return out * (dout - (dout * out).sum(axis=-1, keepdims=True))


answer = Answer("activations/numpy/softmax_backward", plain_softmax_forward, plain_softmax_backward)


@answer.reference
def _(x, dout):
    return vjp(torch_softmax, (x,), dout)[0]


@answer.cases
def _(rng):
    return with_dout(rng, softmax_inputs(rng))


@answer.hidden_cases
def _(rng):
    return with_dout(rng, large_softmax_inputs(rng))


@answer.mistake(
    "That is the Jacobian's diagonal only. In softmax every output depends on every number of its "
    "row."
)
def diagonal_only(dout, out):
    return dout * out * (1 - out)


@answer.mistake("Without dout in it, the sum over a row is 1: sum dout times the output.")
def dout_missing_in_the_sum(dout, out):
    return out * (dout - out.sum(axis=-1, keepdims=True))


@answer.mistake("In the sum, each of dout is weighted by its output.")
def output_missing_in_the_sum(dout, out):
    return out * (dout - dout.sum(axis=-1, keepdims=True))


@answer.mistake("The mean of dout is subtracted; what is due is its sum weighted by the outputs.")
def mean_for_the_weighted_sum(dout, out):
    return out * (dout - dout.mean(axis=-1, keepdims=True))


@answer.mistake("The sum is added; it is subtracted, since probabilities take from each other.")
def sum_added(dout, out):
    return out * (dout + (dout * out).sum(axis=-1, keepdims=True))


@answer.mistake("The output is missing in front: it multiplies the whole.")
def output_missing_in_front(dout, out):
    return dout - (dout * out).sum(axis=-1, keepdims=True)


@answer.mistake("The sum runs along the first axis; softmax lives on the last one.")
def sum_over_the_first_axis(dout, out):
    return out * (dout - (dout * out).sum(axis=0, keepdims=True))


@answer.mistake("The sum runs over everything; each row has its own.")
def sum_over_everything(dout, out):
    return out * (dout - (dout * out).sum())


@answer.mistake("The sums lost their axis, and line up with the columns: keepdims keeps it.")
def keepdims_missing(dout, out):
    return out * (dout - (dout * out).sum(axis=-1))


@answer.mistake("Softmax was applied twice: the cache holds the output already.")
def softmax_of_the_output(dout, out):
    return plain_softmax_backward(dout, softmax(out, axis=-1))


@answer.mistake(
    "That is the gradient of softmax and cross-entropy together; here dout is any gradient."
)
def with_cross_entropy(dout, out):
    return out - dout


@answer.mistake(
    "An array that the caller still needs, dout or one in the cache, was changed in place: make a "
    "new one."
)
def dout_changed(dout, out):
    dout -= (dout * out).sum(axis=-1, keepdims=True)
    return dout * out


@answer.variant
def jacobian():
    def softmax_backward(dout, s):
        J = s[..., :, None] * (np.eye(s.shape[-1]) - s[..., None, :])
        return np.einsum("...i,...ij->...j", dout, J)

    return plain_softmax_forward, softmax_backward


@answer.variant
def row_by_row():
    def softmax_forward(x):
        return softmax(x, axis=-1), {"x": x}

    def softmax_backward(dout, cache):
        s = softmax(cache["x"], axis=-1)
        dx = np.zeros_like(dout)
        for index in np.ndindex(s.shape[:-1]):
            p = s[index]
            dx[index] = (np.diag(p) - np.outer(p, p)) @ dout[index]
        return dx

    return softmax_forward, softmax_backward


@answer.variant
def einsum():
    def softmax_backward(dout, s):
        weighted = np.einsum("...c,...c->...", dout, s)
        return s * dout - s * weighted[..., None]

    return plain_softmax_forward, softmax_backward
