"""Digits that nobody has seen: real ones, each turned, shifted, scaled and made noisy by chance,
and under other labels.

The set they come from is public, and every installation of scikit-learn holds it with its labels.
What is measured here can't be looked up there: which digit is called by which label is drawn anew
for every case, and no image is left as it was.
"""

import numpy as np
from scipy.ndimage import affine_transform

from autograder.student.digits import load_digits

CLASSES = 10
TURN = np.deg2rad(7.0)  # at most, in either direction
SHIFT = 0.3  # of a pixel, at most, in each direction
SCALE = 0.05  # larger or smaller, at most
NOISE = 0.03  # standard deviation, where ink is 1


def draw_digits(
    rng: np.random.Generator, train: int, test: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """``x_train (train, 64), y_train, x_test (test, 64), y_test``; the training images come sorted
    by label, so that a network learns from them only if it shuffles them."""
    digits = load_digits(size=8)
    images = np.concatenate([digits.x_train, digits.x_test]).reshape(-1, 8, 8)
    labels = rng.permutation(CLASSES)[np.concatenate([digits.y_train, digits.y_test])]
    chosen = rng.choice(len(images), size=train + test, replace=False)
    x = np.array([distort(images[number], rng) for number in chosen]).reshape(len(chosen), -1)
    y = labels[chosen]
    order = np.argsort(y[:train], kind="stable")
    return x[:train][order], y[:train][order], x[train:], y[train:]


def distort(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The image ``(8, 8)``, turned, scaled and shifted, with noise; two decimals, in [0, 1]."""
    angle = rng.uniform(-TURN, TURN)
    size = 1 + rng.uniform(-SCALE, SCALE)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) / size
    center = (np.array(image.shape) - 1) / 2
    offset = center - turn @ (center + rng.uniform(-SHIFT, SHIFT, size=2))
    moved = affine_transform(image, turn, offset, order=1)
    return np.round(np.clip(moved + rng.normal(0, NOISE, image.shape), 0, 1), 2)
