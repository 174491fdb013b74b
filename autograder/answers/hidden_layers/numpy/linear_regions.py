"""What graders know of ``hidden-layers/numpy/linear_regions``."""

import numpy as np
import torch

from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_linear_regions(W1, b1, lo, hi):
    w = W1.ravel()
    kinks = -b1[w != 0] / w[w != 0]
    return len(np.unique(kinks[(lo < kinks) & (kinks < hi)])) + 1


answer = Answer("hidden-layers/numpy/linear_regions", plain_linear_regions, float32=False)


@answer.reference
def _(W1, b1, lo, hi):
    # The pieces are counted by what autodiff says of the slopes: a generic sum of the units has
    # another slope wherever another set of units is on. Kinks lie on multiples of 1/4 (see cases).
    grid = torch.arange(8 * lo + 0.5, 8 * hi, dtype=torch.float64) / 8
    x = grid[:, None].clone().requires_grad_()
    units = (x @ tensor(W1) + tensor(b1)).relu()
    generic = torch.linspace(1, 2, units.shape[1], dtype=torch.float64) ** 0.5
    (slopes,) = torch.autograd.grad((units @ generic).sum(), x)
    changes = (slopes.diff(dim=0).abs() > 1e-9).sum()
    return int(changes) + 1


def kinked_units(rng, kinks):
    """Units with their kinks at these places; weights are powers of 2, so that -b / w is exact."""
    w = 2.0 ** rng.integers(-1, 3, size=len(kinks)) * rng.choice([-1.0, 1.0], size=len(kinks))
    return {"W1": w[None, :], "b1": -w * np.array(kinks)}


@answer.cases
def _(rng):
    yield "three kinks inside", kinked_units(rng, [-1.0, 0.5, 2.0]) | {"lo": -3.0, "hi": 3.0}
    yield (
        "kinks that coincide",
        kinked_units(rng, [0.5, 0.5, 0.5, 2.25]) | {"lo": -3.0, "hi": 3.0},
    )
    yield (
        "kinks outside and on the ends of the open interval",
        kinked_units(rng, [-2.0, -1.0, 0.25, 1.0, 5.0]) | {"lo": -1.0, "hi": 1.0},
    )
    units = kinked_units(rng, [-0.5, 0.75, 1.5])
    units["W1"][0, 1], units["b1"][1] = 0.0, 1.0
    yield "a unit with weight 0", units | {"lo": -2.0, "hi": 1.0}
    yield (
        "a unit with weight 0 and bias 0",
        {"W1": np.zeros((1, 1)), "b1": np.zeros(1), "lo": -1.0, "hi": 1.0},
    )
    yield (
        "weights of 1",
        {
            "W1": np.array([[1.0, 1.0, -1.0]]),
            "b1": np.array([0.0, -1.5, 1.0]),
            "lo": -1.0,
            "hi": 2.0,
        },
    )
    kinks = rng.choice(np.arange(-16, 17) / 4, size=12)
    yield "twelve units", kinked_units(rng, kinks) | {"lo": -2.0, "hi": 3.0}


@answer.mistake("That is the number of kinks: n kinks cut the line into n + 1 pieces.")
def kinks_counted(W1, b1, lo, hi):
    return plain_linear_regions(W1, b1, lo, hi) - 1


@answer.mistake("Only kinks inside the interval break the line there.")
def interval_ignored(W1, b1, lo, hi):
    return plain_linear_regions(W1, b1, -np.inf, np.inf)


@answer.mistake("Several units can have their kink in one place: it is one kink there.")
def coinciding_kinks_counted_twice(W1, b1, lo, hi):
    w = W1.ravel()
    kinks = -b1[w != 0] / w[w != 0]
    return int(((lo < kinks) & (kinks < hi)).sum()) + 1


@answer.mistake("The interval is open: a kink right on its end breaks nothing inside.")
def interval_closed(W1, b1, lo, hi):
    w = W1.ravel()
    kinks = -b1[w != 0] / w[w != 0]
    return len(np.unique(kinks[(lo <= kinks) & (kinks <= hi)])) + 1


@answer.mistake("A unit with weight 0 is flat: it has no kink anywhere.")
def flat_units_counted(W1, b1, lo, hi):
    w = W1.ravel()
    return plain_linear_regions(W1, b1, lo, hi) + int((w == 0).sum())


@answer.mistake("A kink is where x·w + b is 0: look at its sign again.")
def kinks_mirrored(W1, b1, lo, hi):
    return plain_linear_regions(W1, -b1, lo, hi)


@answer.mistake("That is one piece more than units; look where each unit's kink lies.")
def one_more_than_units(W1, b1, lo, hi):
    return W1.shape[1] + 1


@answer.variant
def a_set_of_kinks():
    def linear_regions(W1, b1, lo, hi):
        kinks = set()
        for w, b in zip(W1[0], b1, strict=True):
            if w != 0 and lo < -b / w < hi:
                kinks.add(round(float(-b / w), 9))
        return 1 + len(kinks)

    return linear_regions


@answer.variant
def sorted_differences():
    def linear_regions(W1, b1, lo, hi):
        with np.errstate(divide="ignore", invalid="ignore"):
            kinks = np.sort(-b1 / W1[0])
        kinks = kinks[np.isfinite(kinks) & (kinks > lo) & (kinks < hi)]
        return np.int64(1 + (len(kinks) > 0) + np.count_nonzero(np.diff(kinks) > 1e-12))

    return linear_regions
