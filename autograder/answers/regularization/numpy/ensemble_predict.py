"""What graders know of ``regularization/numpy/ensemble_predict``."""

import numpy as np
import torch

from autograder.answers.answer import Answer

LEAST_MARGIN = 1e-3  # between the two best classes, far more than float32 rounds away


def plain_ensemble_predict(probabilities):
    return probabilities.mean(axis=0).argmax(axis=1)


answer = Answer("regularization/numpy/ensemble_predict", plain_ensemble_predict)


@answer.reference
def _(probabilities):
    mean = torch.from_numpy(np.asarray(probabilities, float)).mean(dim=0)
    return mean.argmax(dim=1).numpy()


def votes(probabilities):
    """The class that most members put first; of several the lowest."""
    classes = np.arange(probabilities.shape[2])
    return (probabilities.argmax(axis=2)[..., None] == classes).sum(axis=0).argmax(axis=1)


def product(probabilities):
    return np.log(probabilities).sum(axis=0).argmax(axis=1)


def surest(probabilities):
    return probabilities.max(axis=0).argmax(axis=1)


def ensemble_case(rng, members, examples, classes, told_apart=()):
    """Probabilities without ties, on which each of the functions ``told_apart`` goes wrong."""
    while True:
        drawn = rng.dirichlet(np.full(classes, 0.7), size=(members, examples))
        drawn = np.round(0.98 * drawn + 0.02 / classes, 4)
        ordered = np.sort(drawn.mean(axis=0), axis=1)
        right = plain_ensemble_predict(drawn)
        if (ordered[:, -1] - ordered[:, -2]).min() > LEAST_MARGIN and all(
            (function(drawn) != right).any() for function in told_apart
        ):
            return {"probabilities": drawn}


@answer.cases
def _(rng):
    wrong = (votes, product, surest)
    yield "3 members, 8 examples, 4 classes", ensemble_case(rng, 3, 8, 4, wrong)
    yield "as many members as examples as classes", ensemble_case(rng, 5, 5, 5, wrong)
    yield "two classes", ensemble_case(rng, 3, 10, 2, (votes,))
    yield "one example", ensemble_case(rng, 4, 1, 3)
    yield "one member", ensemble_case(rng, 1, 4, 3)
    split = np.array([[[0.6, 0.4]], [[0.6, 0.4]], [[0.05, 0.95]]])
    yield "two unsure against one sure", {"probabilities": split}


answer.mistake("That is a majority vote; how sure each member is gets lost. Average first.")(votes)
answer.mistake("That is the product (the geometric mean) of the probabilities; take their mean.")(
    product
)
answer.mistake("The member that is surest decides alone; all have a say, by their mean.")(surest)


@answer.mistake("That is the answer of the first member alone.")
def first_member(probabilities):
    return probabilities[0].argmax(axis=1)


@answer.mistake("These are the mean probabilities; the classes are due.")
def mean_itself(probabilities):
    return probabilities.mean(axis=0)


@answer.mistake("The members are the first axis, (K, N, C); you average over the examples.")
def mean_over_the_examples(probabilities):
    return probabilities.mean(axis=1).argmax(axis=1)


@answer.mistake("The largest is looked for among the examples; it is among the classes.")
def argmax_over_the_examples(probabilities):
    return probabilities.mean(axis=0).argmax(axis=0)


@answer.mistake("That is the least likely class.")
def least_likely(probabilities):
    return probabilities.mean(axis=0).argmin(axis=1)


@answer.variant
def sum_of_members():
    return lambda probabilities: np.argmax(np.einsum("knc->nc", probabilities), axis=-1)


@answer.variant
def example_by_example():
    def ensemble_predict(probabilities):
        K, N, C = probabilities.shape
        classes = np.zeros(N, dtype=int)
        for n in range(N):
            means = [sum(probabilities[k, n, c] for k in range(K)) / K for c in range(C)]
            classes[n] = max(range(C), key=means.__getitem__)
        return classes

    return ensemble_predict
