"""What graders know of ``regularization/numpy/dropout_forward``: inverted dropout."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_dropout_forward(x, rate, mask, training):
    if not training:
        return x, (rate, mask, training)
    return x * mask / (1 - rate), (rate, mask, training)


def torch_dropout(x, rate, mask, training):
    if not training:
        return x * 1
    return torch.where(torch.from_numpy(mask), x / (1 - rate), 0.0)


answer = Answer("regularization/numpy/dropout_forward", plain_dropout_forward)


@answer.reference
def _(x, rate, mask, training):
    return torch_dropout(tensor(x), rate, mask, training).detach().numpy()


def dropout_case(rng, shape, rate, training):
    """Both kinds of elements are there, unless nothing is dropped."""
    mask = rng.random(shape) >= rate
    mask.flat[0] = True
    if rate:
        mask.flat[-1] = False
    x = draw.normal(rng, *shape)
    x.flat[0] = 1.5
    return {"x": x, "rate": rate, "mask": mask, "training": training}


def dropout_cases(rng):
    for label, shape, rate, training in (
        ("training, rate 0.25", (4, 3), 0.25, True),
        ("training, rate 0.8", (3, 4), 0.8, True),
        ("training, rate 0.5", (2, 5), 0.5, True),
        ("inference", (4, 3), 0.25, False),
        ("images", (2, 3, 4), 0.3, True),
        ("a batch of one", (1, 6), 0.4, True),
        ("rate 0", (3, 3), 0.0, True),
        ("an empty batch", (0, 3), 0.25, True),
    ):
        if 0 in shape:
            mask = np.ones(shape, dtype=bool)
            yield label, {"x": np.ones(shape), "rate": rate, "mask": mask, "training": training}
        else:
            yield label, dropout_case(rng, shape, rate, training)


@answer.cases
def _(rng):
    yield from dropout_cases(rng)


@answer.hidden_cases
def _(rng):
    yield "a large batch", dropout_case(rng, (200, 300), 0.15, True)


@answer.mistake("The scaling is missing: what is kept is divided by the share that is kept.")
def not_scaled(x, rate, mask, training):
    return (x * mask if training else x), mask


@answer.mistake(
    "What is kept is divided by rate, which is the share dropped; divide by the share kept."
)
def divided_by_rate(x, rate, mask, training):
    with np.errstate(all="ignore"):
        return (x * mask / np.float64(rate) if training else x), mask


@answer.mistake("What is kept is made smaller; to keep the expectation it has to become larger.")
def multiplied_by_the_share_kept(x, rate, mask, training):
    return (x * mask * (1 - rate) if training else x), mask


@answer.mistake("The mask is applied in inference too; there the input passes as it is.")
def applied_in_inference(x, rate, mask, training):
    return x * mask / (1 - rate), mask


@answer.mistake(
    "That is dropout as it was at first, scaled in inference. Inverted dropout scales in training, "
    "so that inference has nothing to do."
)
def scaled_in_inference(x, rate, mask, training):
    return (x * mask if training else x * (1 - rate)), mask


@answer.mistake("True keeps an element; you drop those.")
def mask_turned_round(x, rate, mask, training):
    return (x * ~mask / (1 - rate) if training else x), mask


@answer.mistake("Training and inference are swapped.")
def swapped(x, rate, mask, training):
    return plain_dropout_forward(x, rate, mask, not training)


@answer.mistake("x was changed in place; the caller still needs it.")
def in_place(x, rate, mask, training):
    if training:
        x *= mask
        x /= 1 - rate
    return x, mask


@answer.variant
def where():
    def dropout_forward(x, rate, mask, training):
        out = np.where(mask, x / (1 - rate), 0.0) if training else x.copy()
        return out, {"mask": mask}

    return dropout_forward


@answer.variant
def indexing():
    def dropout_forward(x, rate, mask, training):
        scale = np.ones(x.shape)
        if training:
            scale = np.zeros(x.shape)
            scale[mask] = 1 / (1 - rate)
        return scale * x, scale

    return dropout_forward
