"""What graders know of ``regularization/numpy/batchnorm_forward``.

Frameworks differ in the running variance and in momentum; see ``normalization``.
"""

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor
from autograder.answers.regularization.normalization import (
    MOMENTUM,
    batchnorm_cases,
    batchnorm_inputs,
    torch_batchnorm,
)


def forward_with(x, gamma, beta, mean, var, eps, training):
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    return gamma * xhat + beta, (xhat, std, gamma, training)


def average(running, mean, var, momentum):
    new = {"mean": mean, "var": var}
    return {key: momentum * running[key] + (1 - momentum) * new[key] for key in new}


def plain_batchnorm_forward(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    if not training:
        mean, var = running["mean"], running["var"]
        return *forward_with(x, gamma, beta, mean, var, eps, training), running
    mean, var = x.mean(axis=0), x.var(axis=0)
    out, cache = forward_with(x, gamma, beta, mean, var, eps, training)
    return out, cache, average(running, mean, var, momentum)


answer = Answer("regularization/numpy/batchnorm_forward", plain_batchnorm_forward)


@answer.reference
def _(x, gamma, beta, running, training, options):
    x, gamma, beta = tensor(x), tensor(gamma), tensor(beta)
    out = torch_batchnorm(x, gamma, beta, running, training, **options)
    new = {key: np.asarray(value, float) for key, value in running.items()}
    if training:
        share = 1 - options.get("momentum", MOMENTUM)
        batch = {"mean": x.mean(dim=0), "var": x.var(dim=0, correction=0)}
        for key, value in batch.items():
            new[key] = new[key] + share * (value.detach().numpy() - new[key])
    return out.detach().numpy(), new["mean"], new["var"]


@answer.cases
def _(rng):
    yield from batchnorm_cases(rng)


@answer.hidden_cases
def _(rng):
    yield "a large batch", batchnorm_inputs(rng, 256, 200, True)
    yield "momentum below one half", batchnorm_inputs(rng, 5, 3, True, momentum=0.3)


@answer.mistake("The variance is unbiased, over N - 1; here it is the mean of squares, over N.")
def unbiased_variance(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    if not training:
        return plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
    mean = x.mean(axis=0)
    var = np.sum((x - mean) ** 2, axis=0) / max(len(x) - 1, 1)
    out, cache = forward_with(x, gamma, beta, mean, var, eps, training)
    return out, cache, average(running, mean, var, momentum)


@answer.mistake(
    "The running variance averages unbiased variances, as PyTorch's does; here biased ones."
)
def running_variance_unbiased(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    out, cache, new = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
    if training:
        var = x.var(axis=0) * len(x) / max(len(x) - 1, 1)
        new = average(running, x.mean(axis=0), var, momentum)
    return out, cache, new


@answer.mistake(
    "momentum is the share of the old average here, as in Keras; you use it for the new, as "
    "PyTorch does."
)
def momentum_swapped(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    return plain_batchnorm_forward(x, gamma, beta, running, training, 1 - momentum, eps)


@answer.mistake("The running statistics change in inference; they change in training only.")
def updated_in_inference(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    out, cache, _ = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
    return out, cache, average(running, x.mean(axis=0), x.var(axis=0), momentum)


@answer.mistake("Inference normalizes with the batch's statistics; the running ones are due.")
def batch_statistics_in_inference(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    out, cache, new = plain_batchnorm_forward(x, gamma, beta, running, True, momentum, eps)
    return out, cache, new if training else running


@answer.mistake("Training normalizes with the running statistics; the batch's own are due.")
def running_statistics_in_training(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    out, cache, _ = plain_batchnorm_forward(x, gamma, beta, running, False, momentum, eps)
    new = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)[2]
    return out, cache, new


@answer.mistake("The running statistics stay as they are in training; they have to follow.")
def running_not_updated(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    out, cache, _ = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
    return out, cache, running


@answer.mistake("eps is added to the standard deviation; it belongs inside the root.")
def eps_outside_the_root(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    _, cache, new = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
    mean, var = (x.mean(0), x.var(0)) if training else (running["mean"], running["var"])
    return gamma * (x - mean) / (np.sqrt(var) + eps) + beta, cache, new


@answer.mistake("The statistics run over the features of an example; that is layer normalization.")
def over_the_features(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    out, cache, new = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
    if training:
        mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
        out = gamma * (x - mean) / np.sqrt(var + eps) + beta
    return out, cache, new


@answer.mistake("The division is by the variance; it is by its root.")
def variance_for_std(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    _, cache, new = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
    mean, var = (x.mean(0), x.var(0)) if training else (running["mean"], running["var"])
    return gamma * (x - mean) / (var + eps) + beta, cache, new


@answer.mistake("gamma and beta are missing: the output is only normalized.")
def gamma_and_beta_missing(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    _, cache, new = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
    return cache[0], cache, new


@answer.mistake("The dict that was given is changed; a new one is due.")
def running_in_place(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    out, cache, new = plain_batchnorm_forward(x, gamma, beta, running, training, momentum, eps)
    running.update(new)
    return out, cache, running


@answer.variant
def moments_by_hand():
    def batchnorm_forward(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        new = {key: value.copy() for key, value in running.items()}
        if training:
            mean = np.einsum("nd->d", x) / len(x)
            centered = x - mean
            var = np.einsum("nd,nd->d", centered, centered) / len(x)
            new["mean"] += (1 - momentum) * (mean - new["mean"])
            new["var"] += (1 - momentum) * (var - new["var"])
        else:
            mean, var = running["mean"], running["var"]
        out = (x - mean) * (gamma * (var + eps) ** -0.5) + beta
        return out, {}, new

    return batchnorm_forward


@answer.variant
def feature_by_feature():
    def batchnorm_forward(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        out = np.empty_like(x)
        new = {"var": np.array(running["var"]), "mean": np.array(running["mean"])}
        for d in range(x.shape[1]):
            mean, var = running["mean"][d], running["var"][d]
            if training:
                mean, var = np.mean(x[:, d]), np.std(x[:, d]) ** 2
                new["mean"][d] = momentum * running["mean"][d] + (1 - momentum) * mean
                new["var"][d] = momentum * running["var"][d] + (1 - momentum) * var
            out[:, d] = beta[d] + gamma[d] * (x[:, d] - mean) / np.sqrt(var + eps)
        return [out, None, new]

    return batchnorm_forward
