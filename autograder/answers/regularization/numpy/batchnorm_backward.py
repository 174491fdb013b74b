"""What graders know of ``regularization/numpy/batchnorm_backward``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import vjp
from autograder.answers.regularization.normalization import (
    batchnorm_cases,
    batchnorm_inputs,
    torch_batchnorm,
)
from autograder.answers.regularization.numpy.batchnorm_forward import plain_batchnorm_forward


def plain_batchnorm_backward(dout, cache):
    xhat, std, gamma, training = cache
    dgamma, dbeta = np.sum(dout * xhat, axis=0), np.sum(dout, axis=0)
    dxhat = dout * gamma
    if training:
        dxhat = dxhat - dxhat.mean(axis=0) - xhat * np.mean(dxhat * xhat, axis=0)
    return dxhat / std, dgamma, dbeta


answer = Answer(
    "regularization/numpy/batchnorm_backward", plain_batchnorm_forward, plain_batchnorm_backward
)


@answer.reference
def _(x, gamma, beta, running, training, options, dout):
    def function(x, gamma, beta):
        return torch_batchnorm(x, gamma, beta, running, training, **options)

    return vjp(function, (x, gamma, beta), dout)


def with_dout(rng, inputs):
    return inputs | {"dout": draw.normal(rng, *inputs["x"].shape)}


@answer.cases
def _(rng):
    for label, inputs in batchnorm_cases(rng):
        yield label, with_dout(rng, inputs)


@answer.hidden_cases
def _(rng):
    # Every number of a feature's column depends on every other: differences would take N·D passes.
    yield "a large batch", with_dout(rng, batchnorm_inputs(rng, 256, 200, True))


@answer.mistake(
    "In training the mean and the variance depend on x as well; yours are taken for constants."
)
def statistics_constant_in_training(dout, cache):
    _xhat, std, gamma, _ = cache
    _, dgamma, dbeta = plain_batchnorm_backward(dout, cache)
    return dout * gamma / std, dgamma, dbeta


@answer.mistake(
    "After inference the statistics are constants: the running ones, which x doesn't change."
)
def training_formula_after_inference(dout, cache):
    return plain_batchnorm_backward(dout, (*cache[:3], True))


@answer.mistake("The way through the mean is missing: every element of a column moves it.")
def mean_constant(dout, cache):
    _xhat, std, gamma, training = cache
    dx, dgamma, dbeta = plain_batchnorm_backward(dout, cache)
    return (dx + np.mean(dout * gamma, axis=0) / std if training else dx), dgamma, dbeta


@answer.mistake("The way through the variance is missing: every element of a column moves it.")
def variance_constant(dout, cache):
    xhat, std, gamma, training = cache
    dx, dgamma, dbeta = plain_batchnorm_backward(dout, cache)
    if training:
        dx = dx + xhat * np.mean(dout * gamma * xhat, axis=0) / std
    return dx, dgamma, dbeta


@answer.mistake("The sums over the batch in dx are means: a 1/N is missing.")
def sums_for_means(dout, cache):
    xhat, std, gamma, training = cache
    dx, dgamma, dbeta = plain_batchnorm_backward(dout, cache)
    if training:
        dxhat = dout * gamma
        dx = (dxhat - dxhat.sum(axis=0) - xhat * np.sum(dxhat * xhat, axis=0)) / std
    return dx, dgamma, dbeta


@answer.mistake("gamma is missing in dx.")
def gamma_missing(dout, cache):
    _xhat, _std, gamma, _training = cache
    dx, dgamma, dbeta = plain_batchnorm_backward(dout, cache)
    return dx / gamma, dgamma, dbeta


@answer.mistake("dgamma is the sum of dout times the normalized x, not of dout alone.")
def dgamma_without_xhat(dout, cache):
    dx, _, dbeta = plain_batchnorm_backward(dout, cache)
    return dx, dbeta, dbeta


@answer.mistake("dgamma and dbeta are sums over the batch, not means.")
def parameters_averaged(dout, cache):
    dx, dgamma, dbeta = plain_batchnorm_backward(dout, cache)
    return dx, dgamma / len(dout), dbeta / len(dout)


@answer.mistake("dgamma and dbeta are swapped.")
def parameters_swapped(dout, cache):
    dx, dgamma, dbeta = plain_batchnorm_backward(dout, cache)
    return dx, dbeta, dgamma


@answer.variant
def step_by_step():
    def batchnorm_forward(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        out, _, new = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
        else:
            mean, var = running["mean"], running["var"]
        return out, {"x": x, "mean": mean, "var": var + eps, "gamma": gamma, "t": training}, new

    def batchnorm_backward(dout, cache):
        N = len(dout)
        centered, var = cache["x"] - cache["mean"], cache["var"]
        dxhat = dout * cache["gamma"]
        dx = dxhat * var**-0.5
        if cache["t"]:
            dvar = np.sum(dxhat * centered, axis=0) * -0.5 * var**-1.5
            dmean = -dx.sum(axis=0) - 2 * dvar * centered.mean(axis=0)
            dx = dx + dvar * 2 * centered / N + dmean / N
        return dx, np.sum(dout * centered * var**-0.5, axis=0), dout.sum(axis=0)

    return batchnorm_forward, batchnorm_backward


@answer.variant
def one_formula():
    def batchnorm_backward(dout, cache):
        xhat, std, gamma, training = cache
        dgamma = np.einsum("nd,nd->d", dout, xhat)
        dbeta = np.einsum("nd->d", dout)
        if not training:
            return dout * (gamma / std), dgamma, dbeta
        N = len(dout)
        return gamma / (N * std) * (N * dout - dbeta - xhat * dgamma), dgamma, dbeta

    return plain_batchnorm_forward, batchnorm_backward
