"""What graders know of ``regularization/numpy/layernorm_forward``: biased variance, eps inside."""

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor
from autograder.answers.regularization.normalization import (
    layernorm_cases,
    norm_inputs,
    torch_layernorm,
)


def plain_layernorm_forward(x, gamma, beta, eps=1e-5):
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    xhat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * xhat + beta, (xhat, std, gamma)


answer = Answer("regularization/numpy/layernorm_forward", plain_layernorm_forward)


@answer.reference
def _(x, gamma, beta, options):
    return torch_layernorm(tensor(x), tensor(gamma), tensor(beta), **options).detach().numpy()


@answer.cases
def _(rng):
    yield from layernorm_cases(rng)


@answer.hidden_cases
def _(rng):
    yield "a large batch", norm_inputs(rng, 256, 200) | {"options": {}}


def normalized(x, eps, axis=1, ddof=0):
    mean, var = x.mean(axis=axis, keepdims=True), x.var(axis=axis, ddof=ddof, keepdims=True)
    return (x - mean) / np.sqrt(var + eps)


@answer.mistake("The statistics run over the batch; here every example has its own.")
def over_the_batch(x, gamma, beta, eps=1e-5):
    return gamma * normalized(x, eps, axis=0) + beta, None


@answer.mistake("The statistics run over the whole array; every example has its own.")
def over_everything(x, gamma, beta, eps=1e-5):
    return gamma * normalized(x, eps, axis=(0, 1)) + beta, None


@answer.mistake("The variance is unbiased, over D - 1; here it is over D.")
def unbiased_variance(x, gamma, beta, eps=1e-5):
    return gamma * normalized(x, eps, ddof=1) + beta, None


@answer.mistake("eps is added to the standard deviation; it belongs inside the root.")
def eps_outside_the_root(x, gamma, beta, eps=1e-5):
    centered = x - x.mean(axis=1, keepdims=True)
    return gamma * centered / (x.std(axis=1, keepdims=True) + eps) + beta, None


@answer.mistake("The division is by the variance; it is by its root.")
def variance_for_std(x, gamma, beta, eps=1e-5):
    centered = x - x.mean(axis=1, keepdims=True)
    return gamma * centered / (x.var(axis=1, keepdims=True) + eps) + beta, None


@answer.mistake("gamma and beta are missing: the output is only normalized.")
def gamma_and_beta_missing(x, gamma, beta, eps=1e-5):
    return normalized(x, eps), None


@answer.mistake("The mean isn't subtracted.")
def not_centered(x, gamma, beta, eps=1e-5):
    return gamma * x / np.sqrt(x.var(axis=1, keepdims=True) + eps) + beta, None


@answer.mistake("eps is ignored: your 1e-5 stands in its place.")
def eps_fixed(x, gamma, beta, eps=1e-5):
    return plain_layernorm_forward(x, gamma, beta)


@answer.variant
def transposed():
    def layernorm_forward(x, gamma, beta, eps=1e-5):
        columns = x.T - x.mean(axis=1)
        columns = columns / np.sqrt(np.mean(columns**2, axis=0) + eps)
        return columns.T * gamma + beta, None

    return layernorm_forward


@answer.variant
def row_by_row():
    def layernorm_forward(x, gamma, beta, eps=1e-5):
        out = np.empty_like(x)
        for n, row in enumerate(x):
            out[n] = gamma * (row - np.mean(row)) / (np.std(row) ** 2 + eps) ** 0.5 + beta
        return out, x

    return layernorm_forward
