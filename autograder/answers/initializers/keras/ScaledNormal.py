"""What graders know of ``initializers/keras/ScaledNormal``."""

import math

import keras
import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.initializers.random_arrays import (
    SMALL_LABEL,
    SMALL_SHAPE,
    cases_of_shapes,
    draw_seed,
)
from autograder.answers.initializers.schemes import fans_of
from autograder.student.distributions import TruncatedNormal

# Each takes Keras about a millisecond.
SMALL_ARRAYS = 80


def fan_of(shape, mode):
    fan_in, fan_out = fans_of(shape)
    return {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]


class Scaled(keras.initializers.Initializer):
    """An initializer of a scale and a mode; what it draws is left to ``sample``."""

    def __init__(self, scale, mode):
        self.scale = scale
        self.mode = mode

    def __call__(self, shape, dtype=None):
        return self.sample(tuple(shape), dtype)

    def sample(self, shape, dtype):
        std = math.sqrt(self.scale / fan_of(shape, self.mode))
        return keras.random.normal(shape, stddev=std, dtype=dtype)


class PlainScaledNormal(Scaled):
    pass


answer = Answer("initializers/keras/ScaledNormal", PlainScaledNormal, float32=False)


@answer.cases
def _(rng):
    wide, tall = (80, 200), (200, 80)
    for label, shape, mode, scale in (
        ("fan_in, a tall matrix", tall, "fan_in", 2.0),
        ("fan_out, a tall matrix", tall, "fan_out", 0.5),
        ("fan_avg, a wide matrix", wide, "fan_avg", 3.0),
        ("fan_in, a kernel", (3, 3, 10, 160), "fan_in", 1.5),
    ):
        yield from cases_of_shapes(rng, {label: shape}, scale=scale, mode=mode)
    settings = {"scale": 2.0, "mode": "fan_in", "in_a_layer": True}
    yield from cases_of_shapes(rng, {"as a layer's kernel_initializer": wide}, **settings)
    small = {"shape": SMALL_SHAPE, "scale": 2.0, "mode": "fan_in", "seed": draw_seed(rng)}
    yield SMALL_LABEL, small | {"arrays": SMALL_ARRAYS}


@answer.hidden_cases
def _(rng):
    for mode in ("fan_out", "fan_avg"):
        shapes = {f"{mode}, a kernel": (5, 5, 10, 60)}
        yield from cases_of_shapes(rng, shapes, scale=rng.uniform(0.3, 3), mode=mode)


def mistaken(help):
    """Register a mistake that only draws otherwise; the decorated function is its ``sample``."""

    def register(sample):
        name = sample.__name__
        answer.mistake(help)(type(name, (Scaled,), {"sample": sample}))
        return sample

    return register


def normal(shape, variance, dtype):
    return keras.random.normal(shape, stddev=math.sqrt(variance), dtype=dtype)


@mistaken("mode is not used: fan_in is not always what counts.")
def mode_ignored(self, shape, dtype):
    return normal(shape, self.scale / fan_of(shape, "fan_in"), dtype)


@mistaken("fan_in and fan_out are swapped: Keras' kernels are (in, out).")
def fans_swapped(self, shape, dtype):
    swapped = {"fan_in": "fan_out", "fan_out": "fan_in"}.get(self.mode, self.mode)
    return normal(shape, self.scale / fan_of(shape, swapped), dtype)


@mistaken("fan_avg is the mean of the two fans; you divide by their sum.")
def sum_for_mean(self, shape, dtype):
    fan = fan_of(shape, self.mode) * (2 if self.mode == "fan_avg" else 1)
    return normal(shape, self.scale / fan, dtype)


@mistaken(
    "The window of a convolution is forgotten: a unit of a kernel (kh, kw, in, out) sums over "
    "kh·kw·in numbers."
)
def window_forgotten(self, shape, dtype):
    return normal(shape, self.scale / fan_of(shape[-2:], self.mode), dtype)


@mistaken("scale / fan is the variance; the standard deviation is its root.")
def variance_for_stddev(self, shape, dtype):
    return normal(shape, (self.scale / fan_of(shape, self.mode)) ** 2, dtype)


@mistaken("scale is not used.")
def scale_forgotten(self, shape, dtype):
    return normal(shape, 1 / fan_of(shape, self.mode), dtype)


@mistaken("scale stands outside the root: it scales the variance, not the standard deviation.")
def scale_outside_the_root(self, shape, dtype):
    return normal(shape, self.scale**2 / fan_of(shape, self.mode), dtype)


@mistaken(
    "keras.random.truncated_normal cuts at two standard deviations and doesn't correct what is "
    "lost: divide stddev by 0.8796, or don't cut."
)
def truncated_and_not_corrected(self, shape, dtype):
    std = math.sqrt(self.scale / fan_of(shape, self.mode))
    return keras.random.truncated_normal(shape, stddev=std, dtype=dtype)


@mistaken("The values are uniform; normal ones are due.")
def uniform(self, shape, dtype):
    limit = math.sqrt(3 * self.scale / fan_of(shape, self.mode))
    return keras.random.uniform(shape, -limit, limit, dtype=dtype)


@mistaken(
    "The seed is fixed: every layer that this initializer is made for starts with the same numbers."
)
def seed_fixed(self, shape, dtype):
    std = math.sqrt(self.scale / fan_of(shape, self.mode))
    return keras.random.normal(shape, stddev=std, dtype=dtype, seed=0)


@mistaken(
    "The numbers come from a generator that keras.utils.set_random_seed doesn't know, so that "
    "nobody can repeat the result."
)
def another_generator(self, shape, dtype):
    std = math.sqrt(self.scale / fan_of(shape, self.mode))
    return keras.ops.convert_to_tensor(np.random.default_rng().normal(0, std, shape), "float32")


@answer.variant
def truncated_and_corrected():
    class ScaledNormal(Scaled):
        def sample(self, shape, dtype):
            std = math.sqrt(self.scale / fan_of(shape, self.mode))
            scale = TruncatedNormal(std).scale
            return keras.random.truncated_normal(shape, stddev=scale, dtype=dtype)

    return ScaledNormal


@answer.variant
def on_top_of_keras():
    class ScaledNormal(keras.initializers.VarianceScaling):
        def __init__(self, scale, mode):
            super().__init__(scale=scale, mode=mode, distribution="untruncated_normal")

    return ScaledNormal


@answer.variant
def with_a_seed_of_its_own():
    class ScaledNormal(keras.initializers.Initializer):
        def __init__(self, scale=1.0, mode="fan_in", seed=None):
            self.scale, self.mode = scale, mode
            self.seed = keras.random.SeedGenerator(seed)

        def __call__(self, shape, dtype="float32", **kwargs):
            *window, n_in, n_out = shape
            fans = np.prod(window) * np.array([n_in, n_out])
            fan = dict(zip(("fan_in", "fan_out"), fans, strict=True)).get(self.mode, fans.mean())
            values = keras.random.normal(shape, seed=self.seed, dtype=dtype or "float32")
            return values * float(np.sqrt(self.scale / fan))

    return ScaledNormal
