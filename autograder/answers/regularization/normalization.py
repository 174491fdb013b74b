"""Batch and layer normalization in PyTorch's operations, and inputs for their cases.

Variances are biased, 1/N, in training and in the running average; PyTorch's layer keeps a running
average of unbiased ones. ``momentum`` is the share of the old, as in Keras; in PyTorch it is that
of the new. Epsilon is added to the variance, inside the root.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from autograder.answers import draw

EPS, MOMENTUM = 1e-5, 0.9


def torch_normalize(x, mean, variance, gamma, beta, eps):
    return gamma * (x - mean) / torch.sqrt(variance + eps) + beta


def torch_batchnorm(x, gamma, beta, running, training, momentum=MOMENTUM, eps=EPS):
    if not training:
        mean, variance = (torch.tensor(running[key], dtype=x.dtype) for key in ("mean", "var"))
    else:
        mean, variance = x.mean(dim=0), x.var(dim=0, correction=0)
    return torch_normalize(x, mean, variance, gamma, beta, eps)


def torch_layernorm(x, gamma, beta, eps=EPS):
    return torch.nn.functional.layer_norm(x, (x.shape[1],), gamma, beta, eps)


def norm_inputs(rng: np.random.Generator, examples: int, features: int) -> dict[str, Any]:
    """Features of different means and spreads; gamma and beta away from 1 and 0."""
    spread = draw.uniform(rng, 0.5, 3, features)
    x = np.round(draw.normal(rng, examples, features) * spread + draw.normal(rng, features), 3)
    gamma = draw.uniform(rng, 0.5, 2, features) * np.where(rng.random(features) < 0.3, -1, 1)
    return {"x": x, "gamma": gamma, "beta": draw.normal(rng, features)}


def batchnorm_inputs(rng, examples, features, training, **options) -> dict[str, Any]:
    running = {"mean": draw.normal(rng, features), "var": draw.uniform(rng, 0.5, 3, features)}
    inputs = norm_inputs(rng, examples, features)
    return inputs | {"running": running, "training": training, "options": options}


def batchnorm_cases(rng: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "training", batchnorm_inputs(rng, 5, 3, True)
    yield "inference", batchnorm_inputs(rng, 4, 3, False)
    yield "training, other settings", batchnorm_inputs(rng, 6, 2, True, momentum=0.75, eps=0.1)
    yield "inference, a larger eps", batchnorm_inputs(rng, 3, 4, False, momentum=0.5, eps=0.2)
    yield "training, as many examples as features", batchnorm_inputs(rng, 4, 4, True)
    # 2.5 is exact, so that deviations from the mean are 0, not rounding times 1/sqrt(eps).
    constant = batchnorm_inputs(rng, 4, 3, True)
    constant["x"][:, 1] = 2.5
    yield "training, a constant feature", constant
    yield "inference, a batch of one", batchnorm_inputs(rng, 1, 3, False)
    yield "training, a batch of one", batchnorm_inputs(rng, 1, 3, True)


def layernorm_cases(rng: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "4 examples, 3 features", norm_inputs(rng, 4, 3) | {"options": {}}
    yield "a larger eps", norm_inputs(rng, 3, 5) | {"options": {"eps": 0.1}}
    yield "as many examples as features", norm_inputs(rng, 4, 4) | {"options": {}}
    yield "a batch of one", norm_inputs(rng, 1, 6) | {"options": {}}
    constant = norm_inputs(rng, 3, 4)
    constant["x"][1] = 2.5
    yield "an example with equal features", constant | {"options": {}}
    large = norm_inputs(rng, 3, 4)
    large["x"] *= 100
    yield "large numbers", large | {"options": {}}
