"""What graders know of ``regularization/numpy/dropout_mask``.

Dropped by probability, each element for itself: not a fixed number of them.
"""

import numpy as np

from autograder.answers.answer import Answer


def plain_dropout_mask(shape, rate, rng):
    return rng.random(shape) >= rate


answer = Answer("regularization/numpy/dropout_mask", plain_dropout_mask, float32=False)

# Far more than it takes to see a share of 0.3 for 0.7, or rows that are alike.
LARGE, SMALL, SMALL_MASKS = (60, 80), (2, 2), 2000


@answer.cases
def _(rng):
    for label, shape, rate in (
        ("rate 0.3", LARGE, 0.3),
        ("rate 0.5", LARGE, 0.5),
        ("rate 0.8, three axes", (10, 12, 40), 0.8),
        ("rate 0: all are kept", (5, 4), 0.0),
        ("rate 0.99", LARGE, 0.99),
    ):
        yield label, {"shape": shape, "rate": rate, "seed": int(rng.integers(2**31))}
    small = {"shape": SMALL, "rate": 0.5, "seed": int(rng.integers(2**31))}
    yield f"{SMALL_MASKS} small masks", small | {"arrays": SMALL_MASKS}


@answer.hidden_cases
def _(rng):
    rate = float(np.round(rng.uniform(0.1, 0.3), 2))
    inputs = {"shape": (150, 100), "rate": rate, "seed": int(rng.integers(2**31))}
    yield "a large mask", inputs


@answer.mistake("rate is the share that is dropped, and True keeps: here rate is the share kept.")
def rate_kept(shape, rate, rng):
    return rng.random(shape) < rate


@answer.mistake(
    "The mask is one of numbers, scaled already; booleans are due: dropout_forward scales."
)
def scaled_already(shape, rate, rng):
    return (rng.random(shape) >= rate) / (1 - rate)


@answer.mistake("The mask is one of numbers 0 and 1; booleans are due.")
def zeros_and_ones(shape, rate, rng):
    return (rng.random(shape) >= rate).astype(float)


@answer.mistake("The values are compared with normal numbers; those of rng.random are uniform.")
def normal_numbers(shape, rate, rng):
    return rng.normal(size=shape) >= rate


@answer.mistake("All examples drop the same features: draw for each element.")
def one_mask_for_all_rows(shape, rate, rng):
    return np.broadcast_to(rng.random(shape[1:]) >= rate, shape).copy()


@answer.mistake("An example keeps all its features or none: draw for each element.")
def whole_rows(shape, rate, rng):
    first = rng.random((shape[0], *[1] * (len(shape) - 1))) >= rate
    return np.broadcast_to(first, shape).copy()


@answer.mistake("The generator is made inside, always of one seed: use the one that is given.")
def seed_fixed(shape, rate, rng):
    return np.random.default_rng(0).random(shape) >= rate


@answer.mistake(
    "The numbers come from NumPy's global generator, so that nobody can repeat the result: use rng."
)
def global_generator(shape, rate, rng):
    return np.random.rand(*shape) >= rate


@answer.mistake(
    "Always the same number of elements is dropped; each is dropped by chance, for itself."
)
def fixed_number(shape, rate, rng):
    size = int(np.prod(shape))
    mask = np.ones(size, bool)
    mask[rng.permutation(size)[: round(rate * size)]] = False
    return mask.reshape(shape)


@answer.variant
def choice():
    def dropout_mask(shape, rate, rng):
        return rng.choice([True, False], size=shape, p=[1 - rate, rate])

    return dropout_mask


@answer.variant
def binomial():
    return lambda shape, rate, rng: rng.binomial(1, 1 - rate, size=shape).astype(bool)


@answer.variant
def one_by_one():
    def dropout_mask(shape, rate, rng):
        mask = np.empty(shape, dtype=bool)
        for index in np.ndindex(*shape):
            mask[index] = not rng.uniform() < rate
        return mask

    return dropout_mask
