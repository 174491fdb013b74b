"""What graders know of ``regularization/numpy/shift_images``."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_shift_images(images, dy, dx):
    _, H, W = images.shape
    out = np.zeros_like(images)
    if abs(dy) < H and abs(dx) < W:
        to_rows, from_rows = slice(max(dy, 0), H + min(dy, 0)), slice(max(-dy, 0), H + min(-dy, 0))
        to_cols, from_cols = slice(max(dx, 0), W + min(dx, 0)), slice(max(-dx, 0), W + min(-dx, 0))
        out[:, to_rows, to_cols] = images[:, from_rows, from_cols]
    return out


answer = Answer("regularization/numpy/shift_images", plain_shift_images)


@answer.reference
def _(images, dy, dx):
    # A wide frame of zeros, from which a window is cut.
    _N, H, W = images.shape
    y, x = abs(dy), abs(dx)
    framed = torch.nn.functional.pad(tensor(images), (x, x, y, y))
    return framed[:, y - dy : y - dy + H, x - dx : x - dx + W].detach().numpy()


@answer.cases
def _(rng):
    for label, shape, dy, dx in (
        ("down and right", (2, 4, 5), 1, 2),
        ("up and left", (2, 4, 5), -2, -1),
        ("square images, down and left", (3, 4, 4), 2, -1),
        ("down alone", (2, 3, 3), 1, 0),
        ("right alone", (2, 3, 3), 0, 1),
        ("not at all", (2, 3, 4), 0, 0),
        ("out of sight", (1, 3, 4), 3, 0),
        ("far out of sight", (1, 3, 3), 1, -7),
    ):
        yield label, {"images": draw.normal(rng, *shape), "dy": dy, "dx": dx}


@answer.hidden_cases
def _(rng):
    yield "many images", {"images": draw.normal(rng, 300, 28, 28), "dy": -3, "dx": 5}


def rolled(images, dy, dx):
    return np.roll(images, (dy, dx), axis=(1, 2))


@answer.mistake("What leaves on one side comes in on the other; zeros come in.")
def wraps_round(images, dy, dx):
    return rolled(images, dy, dx)


@answer.mistake("The shift goes up and left; positive is down and right.")
def other_direction(images, dy, dx):
    return plain_shift_images(images, -dy, -dx)


@answer.mistake("Positive dy is down, towards larger row numbers, not up as on a graph's axis.")
def upwards(images, dy, dx):
    return plain_shift_images(images, -dy, dx)


@answer.mistake("dy and dx are swapped: dy moves rows (axis 1), dx columns (axis 2).")
def axes_swapped(images, dy, dx):
    return plain_shift_images(images, dx, dy)


@answer.mistake("The edge's pixels are repeated; zeros come in.")
def edge_repeated(images, dy, dx):
    _, H, W = images.shape
    rows, columns = np.clip(np.arange(H) - dy, 0, H - 1), np.clip(np.arange(W) - dx, 0, W - 1)
    return images[:, rows][:, :, columns]


@answer.mistake("The shift is down only: dx is not used.")
def dx_not_used(images, dy, dx):
    return plain_shift_images(images, dy, 0)


@answer.mistake("The first axis counts the images; you shift along it.")
def along_the_batch(images, dy, dx):
    return np.roll(images, (dy, dx), axis=(0, 1))


@answer.mistake("The images were changed in place; the caller still needs them.")
def in_place(images, dy, dx):
    images[...] = plain_shift_images(images, dy, dx)
    return images


@answer.variant
def roll_and_erase():
    def shift_images(images, dy, dx):
        out = rolled(images, dy, dx)
        _, H, W = images.shape
        y, x = np.arange(H) - dy, np.arange(W) - dx
        out[:, (y < 0) | (y >= H)] = 0
        out[:, :, (x < 0) | (x >= W)] = 0
        return out

    return shift_images


@answer.variant
def matrices_of_shifts():
    def shift_images(images, dy, dx):
        _, H, W = images.shape
        return np.eye(H, k=-dy) @ images @ np.eye(W, k=dx)

    return shift_images


@answer.variant
def padding():
    def shift_images(images, dy, dx):
        _, H, W = images.shape
        y, x = abs(dy), abs(dx)
        framed = np.pad(images, ((0, 0), (y, y), (x, x)))
        return framed[:, y - dy : y - dy + H, x - dx : x - dx + W]

    return shift_images
