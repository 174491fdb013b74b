"""What graders know of ``regularization/pytorch/l1_term``."""

import numpy as np
import tensorflow as tf
import torch
from torch import nn

from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import vjp
from autograder.answers.regularization.models import SHAPES, parameters_of


def plain_l1_term(model, lam):
    return lam * sum(p.abs().sum() for p in model.parameters() if p.dim() >= 2)


answer = Answer("regularization/pytorch/l1_term", plain_l1_term, float32=False)


@answer.reference
def _(kind, parameters, lam):
    def term(*weights):
        return lam * tf.add_n([tf.reduce_sum(tf.abs(w)) for w in weights if len(w.shape) > 1])

    weights = [array for array in parameters if array.ndim > 1]
    value, *found = vjp(term, weights, np.array(1.0))
    found = iter(found)
    gradients = [next(found) if a.ndim > 1 else np.zeros(a.shape) for a in parameters]
    return {"value": value, **{f"gradient{i}": g for i, g in enumerate(gradients)}}


@answer.cases
def _(rng):
    for kind, lam in zip(SHAPES, (0.5, 0.1, 2.0, 0.25), strict=True):
        inputs = {"kind": kind, "parameters": parameters_of(rng, kind), "lam": lam}
        yield f"a {kind} model" if kind != "embedding" else "an embedding", inputs


@answer.mistake("Biases, or what normalization learns, are in the sum; weights alone are due.")
def all_parameters(model, lam):
    return lam * sum(p.abs().sum() for p in model.parameters())


@answer.mistake(
    "A normalization's gamma is called weight as well, but it has one dimension: not in the sum."
)
def everything_called_weight(model, lam):
    named = model.named_parameters()
    return lam * sum(p.abs().sum() for name, p in named if name.endswith("weight"))


@answer.mistake("Only linear layers are in the sum; convolutions and embeddings have weights too.")
def linear_layers_only(model, lam):
    layers = (module for module in model.modules() if isinstance(module, nn.Linear))
    return lam * sum(layer.weight.abs().sum() for layer in layers)


@answer.mistake("That is the sum of squares, L2; L1 sums absolute values.")
def squares(model, lam):
    return lam * sum(p.square().sum() for p in model.parameters() if p.dim() >= 2)


@answer.mistake("The term is a sum over the weights, not a mean.")
def means(model, lam):
    return lam * sum(p.abs().mean() for p in model.parameters() if p.dim() >= 2)


@answer.mistake("lam is missing.")
def lam_missing(model, lam):
    return sum(p.abs().sum() for p in model.parameters() if p.dim() >= 2)


@answer.mistake(
    "No gradient reaches the weights through .item(), .data, .detach() or no_grad: the term has to "
    "stay in the graph."
)
def detached(model, lam):
    return plain_l1_term(model, lam).detach()


@answer.mistake("The absolute values are missing.")
def without_absolute_values(model, lam):
    return lam * sum(p.sum() for p in model.parameters() if p.dim() >= 2)


@answer.variant
def norms():
    def l1_term(model, lam):
        total = torch.zeros(())
        for p in model.parameters():
            if p.ndim > 1:
                total = total + torch.linalg.vector_norm(p, 1)
        return total * lam

    return l1_term


@answer.variant
def joined():
    def l1_term(model, lam):
        weights = [p.flatten() for _, p in model.named_parameters() if len(p.shape) != 1]
        return nn.functional.l1_loss(
            torch.cat(weights), torch.zeros(sum(map(len, weights))), reduction="sum"
        ).mul(lam)

    return l1_term
