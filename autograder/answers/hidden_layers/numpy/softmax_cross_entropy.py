"""What graders know of ``hidden-layers/numpy/softmax_cross_entropy``."""

import math

import numpy as np
import torch
from scipy.special import log_softmax, softmax

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_softmax_cross_entropy(scores, y):
    rows = np.arange(len(y))
    log_p = scores - scores.max(axis=1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    dscores = np.exp(log_p)
    dscores[rows, y] -= 1
    return -log_p[rows, y].mean(), dscores / len(y)


answer = Answer("hidden-layers/numpy/softmax_cross_entropy", plain_softmax_cross_entropy)


@answer.reference
def _(scores, y):
    leaf = tensor(scores)
    loss = torch.nn.functional.cross_entropy(leaf, torch.tensor(y))
    loss.backward()
    return loss.item(), leaf.grad.numpy()


@answer.cases
def _(rng):
    yield (
        "two examples, three classes",
        {"scores": np.array([[2.0, 1.0, 0.0], [0.0, 0.0, 3.0]]), "y": np.array([0, 1])},
    )
    yield "one example", {"scores": draw.normal(rng, 1, 4), "y": np.array([2])}
    scores, y = draw.normal(rng, 6, 5), rng.integers(0, 5, size=6)
    yield "six examples, five classes", {"scores": scores, "y": y}
    yield "scores of 1e4", {"scores": 1e4 * np.sign(scores), "y": y}
    yield "scores of -1e4 and 3", {"scores": np.round(scores) - 1e4, "y": y}


@answer.mistake("The loss is a sum; here it is the mean over the batch.")
def summed(scores, y):
    loss, dscores = plain_softmax_cross_entropy(scores, y)
    return loss * len(y), dscores * len(y)


@answer.mistake("The loss is a mean, so that its gradient has a 1/N too.")
def gradient_without_the_mean(scores, y):
    loss, dscores = plain_softmax_cross_entropy(scores, y)
    return loss, dscores * len(y)


@answer.mistake(
    "exp of a large score overflows. Softmax is the same for scores shifted by a constant: which "
    "shift makes the largest exponent harmless?"
)
def overflows(scores, y):
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    dscores = p.copy()
    dscores[np.arange(len(y)), y] -= 1
    return -np.log(p[np.arange(len(y)), y]).mean(), dscores / len(y)


@answer.mistake(
    "A probability of 0 was patched before the log: the loss of a badly wrong example is then "
    "too small. The log of softmax can be computed without ever forming that 0."
)
def clipped_probabilities(scores, y):
    p = softmax(scores, axis=1)
    _, dscores = plain_softmax_cross_entropy(scores, y)
    return -np.log(np.clip(p[np.arange(len(y)), y], 1e-12, 1)).mean(), dscores


@answer.mistake("The sign is turned round: a loss is minus the log-probability.")
def sign_turned_round(scores, y):
    loss, dscores = plain_softmax_cross_entropy(scores, y)
    return -loss, -dscores


@answer.mistake("dscores lacks the 1 that belongs to the right class.")
def one_hot_not_subtracted(scores, y):
    loss, _ = plain_softmax_cross_entropy(scores, y)
    return loss, softmax(scores, axis=1) / len(y)


@answer.mistake("Normalize over the classes of one example, not over the batch.")
def softmax_over_the_batch(scores, y):
    rows = np.arange(len(y))
    log_p = log_softmax(scores, axis=0)
    dscores = np.exp(log_p)
    dscores[rows, y] -= 1
    return -log_p[rows, y].mean(), dscores / len(y)


@answer.variant
def scipy_and_one_hot():
    def softmax_cross_entropy(scores, y):
        one_hot = np.eye(scores.shape[1])[y]
        loss = -(one_hot * log_softmax(scores, axis=1)).sum() / len(y)
        return loss, (softmax(scores, axis=1) - one_hot) / len(y)

    return softmax_cross_entropy


@answer.variant
def example_by_example():
    def softmax_cross_entropy(scores, y):
        total, dscores = 0.0, np.zeros_like(scores)
        for n, (row, label) in enumerate(zip(scores, y, strict=True)):
            e = np.exp(row - row.max())
            total += math.log(e.sum()) - (row[label] - row.max())
            dscores[n] = e / e.sum()
            dscores[n, label] -= 1
        return float(total) / len(y), dscores / len(y)

    return softmax_cross_entropy
