"""What graders know of ``regularization/numpy/layernorm_backward``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import vjp
from autograder.answers.regularization.normalization import (
    layernorm_cases,
    norm_inputs,
    torch_layernorm,
)
from autograder.answers.regularization.numpy.layernorm_forward import plain_layernorm_forward


def plain_layernorm_backward(dout, cache):
    xhat, std, gamma = cache
    dxhat = dout * gamma
    mean = dxhat.mean(axis=1, keepdims=True)
    along = np.mean(dxhat * xhat, axis=1, keepdims=True)
    return (dxhat - mean - xhat * along) / std, np.sum(dout * xhat, axis=0), dout.sum(axis=0)


answer = Answer(
    "regularization/numpy/layernorm_backward", plain_layernorm_forward, plain_layernorm_backward
)


@answer.reference
def _(x, gamma, beta, options, dout):
    return vjp(lambda *leaves: torch_layernorm(*leaves, **options), (x, gamma, beta), dout)


def with_dout(rng, inputs):
    return inputs | {"dout": draw.normal(rng, *inputs["x"].shape)}


@answer.cases
def _(rng):
    for label, inputs in layernorm_cases(rng):
        yield label, with_dout(rng, inputs)


@answer.hidden_cases
def _(rng):
    yield "a large batch", with_dout(rng, norm_inputs(rng, 256, 200) | {"options": {}})


@answer.mistake("Mean and variance depend on x as well; yours are taken for constants.")
def statistics_constant(dout, cache):
    _xhat, std, gamma = cache
    _, dgamma, dbeta = plain_layernorm_backward(dout, cache)
    return dout * gamma / std, dgamma, dbeta


@answer.mistake("The way through the mean is missing: every feature of an example moves it.")
def mean_constant(dout, cache):
    _xhat, std, gamma = cache
    dx, dgamma, dbeta = plain_layernorm_backward(dout, cache)
    return dx + np.mean(dout * gamma, axis=1, keepdims=True) / std, dgamma, dbeta


@answer.mistake("The way through the variance is missing: every feature of an example moves it.")
def variance_constant(dout, cache):
    xhat, std, gamma = cache
    dx, dgamma, dbeta = plain_layernorm_backward(dout, cache)
    along = np.mean(dout * gamma * xhat, axis=1, keepdims=True)
    return dx + xhat * along / std, dgamma, dbeta


@answer.mistake(
    "The means in dx run over the batch, as in batch normalization; here over features."
)
def means_over_the_batch(dout, cache):
    xhat, std, gamma = cache
    _, dgamma, dbeta = plain_layernorm_backward(dout, cache)
    dxhat = dout * gamma
    dx = (dxhat - dxhat.mean(axis=0) - xhat * np.mean(dxhat * xhat, axis=0)) / std
    return dx, dgamma, dbeta


@answer.mistake(
    "gamma differs from feature to feature, so that it can't be left out of the means in dx."
)
def gamma_outside_the_means(dout, cache):
    xhat, std, gamma = cache
    _, dgamma, dbeta = plain_layernorm_backward(dout, cache)
    along = np.mean(dout * xhat, axis=1, keepdims=True)
    return gamma * (dout - dout.mean(axis=1, keepdims=True) - xhat * along) / std, dgamma, dbeta


@answer.mistake("gamma and beta are shared by the examples: their gradients are summed over these.")
def parameters_not_summed(dout, cache):
    dx, _, _ = plain_layernorm_backward(dout, cache)
    return dx, dout * cache[0], dout


@answer.mistake("dgamma and dbeta are summed over the features; it is over the examples.")
def parameters_over_the_features(dout, cache):
    dx, _, _ = plain_layernorm_backward(dout, cache)
    return dx, np.sum(dout * cache[0], axis=1), dout.sum(axis=1)


@answer.mistake("dgamma is the sum of dout times the normalized x, not of dout alone.")
def dgamma_without_xhat(dout, cache):
    dx, _, dbeta = plain_layernorm_backward(dout, cache)
    return dx, dbeta, dbeta


@answer.variant
def step_by_step():
    def layernorm_forward(x, gamma, beta, eps=1e-5):
        return plain_layernorm_forward(x, gamma, beta, eps)[0], (x, gamma, eps)

    def layernorm_backward(dout, cache):
        x, gamma, eps = cache
        D = x.shape[1]
        centered = x - x.mean(axis=1, keepdims=True)
        inverse = 1 / np.sqrt(np.mean(centered**2, axis=1, keepdims=True) + eps)
        dxhat = gamma * dout
        dvar = -0.5 * inverse**3 * np.sum(dxhat * centered, axis=1, keepdims=True)
        dcentered = dxhat * inverse + 2 / D * dvar * centered
        dx = dcentered - dcentered.mean(axis=1, keepdims=True)
        return dx, np.einsum("nd,nd->d", dout, centered * inverse), dout.sum(0)

    return layernorm_forward, layernorm_backward


@answer.variant
def row_by_row():
    def layernorm_backward(dout, cache):
        xhat, std, gamma = cache
        D = xhat.shape[1]
        dx, dgamma, dbeta = np.zeros_like(xhat), np.zeros(D), np.zeros(D)
        for n in range(len(dout)):
            h, g = xhat[n], dout[n] * gamma
            dx[n] = (np.eye(D) - 1 / D - np.outer(h, h) / D) @ g / std[n]
            dgamma += dout[n] * h
            dbeta += dout[n]
        return dx, dgamma, dbeta

    return plain_layernorm_forward, layernorm_backward
