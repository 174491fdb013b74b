"""How to call what a student writes in ``initializers/numpy``."""

import math

import numpy as np

from autograder.student import draws
from autograder.student.calling import describe, unpack
from autograder.student.distributions import Distribution, Normal, TruncatedNormal, Uniform
from autograder.student.exercise import Notebook, Wrong

notebook = Notebook("initializers/numpy")


@notebook.exercise(returns="fan_in fan_out")
def compute_fans(fans, shape):
    return fans(shape)


@notebook.exercise(returns="values")
def zeros(initializer, shape):
    return initializer(shape)


@notebook.exercise(returns="values")
def constant(initializer, shape, value):
    return initializer(shape, value)


# ---- random functions, judged by distribution


@notebook.exercise(
    returns=draws.ONE_ARRAY,
    judge=draws.by_distribution(lambda inputs: [Normal(inputs["stddev"])]),
    fingerprint=draws.fingerprint,
)
def random_normal(initializer, shape, stddev, seed, arrays=None):
    return draws.call_with_generators(
        lambda rng: initializer(shape, stddev, rng), seed, arrays, "random_normal"
    )


@notebook.exercise(
    returns=draws.ONE_ARRAY,
    judge=draws.by_distribution(lambda inputs: [Uniform(inputs["limit"])]),
    fingerprint=draws.fingerprint,
)
def random_uniform(initializer, shape, limit, seed, arrays=None):
    return draws.call_with_generators(
        lambda rng: initializer(shape, limit, rng), seed, arrays, "random_uniform"
    )


@notebook.exercise(
    returns=draws.ONE_ARRAY,
    judge=draws.by_distribution(lambda inputs: [TruncatedNormal(inputs["stddev"])]),
    fingerprint=draws.fingerprint,
)
def truncated_normal(initializer, shape, stddev, seed, arrays=None):
    return draws.call_with_generators(
        lambda rng: initializer(shape, stddev, rng), seed, arrays, "truncated_normal"
    )


def distributions_of_variance(variance: float, uniform: bool = False) -> list[Distribution]:
    """What a scheme of this variance may draw from: a normal may be cut and corrected."""
    std = math.sqrt(variance)
    return [Uniform(math.sqrt(3) * std)] if uniform else [Normal(std), TruncatedNormal(std)]


def scheme_distributions(scheme: str, fan_in: float, fan_out: float) -> list[Distribution]:
    """The distributions that are right for "he_normal", "glorot_uniform" …"""
    kind, shape = scheme.split("_")
    variance = {"lecun": 1 / fan_in, "glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in}[kind]
    return distributions_of_variance(variance, shape == "uniform")


def judged_fans(shape: tuple[int, ...]) -> tuple[int, int]:
    *window, n_in, n_out = shape
    return math.prod(window) * n_in, math.prod(window) * n_out


def add_scheme(scheme: str) -> None:
    def call(initializer, shape, seed, arrays=None):
        return draws.call_with_generators(lambda rng: initializer(shape, rng), seed, arrays, scheme)

    notebook.exercise(
        returns=draws.ONE_ARRAY,
        judge=draws.by_distribution(
            lambda inputs: scheme_distributions(scheme, *judged_fans(inputs["shape"]))
        ),
        name=scheme,
        fingerprint=draws.fingerprint,
    )(call)


SCHEMES = ("lecun_normal", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform")
for each in SCHEMES:
    add_scheme(each)


# A product of two matrices of unit columns in float64 is off by a few ulps a term; float32 needs
# more. What a mistake is off by is of the size of gain² itself.
ORTHONORMAL = {8: 1e-9, 4: 1e-4}


def judge_orthogonal(inputs: dict, outputs: dict) -> None:
    """The shorter side's vectors are orthonormal, times the gain; whatever else is random."""
    shape, gain = tuple(inputs["shape"]), inputs["gain"]
    draws.check_arrays(outputs, draws.ONE_ARRAY.split(), shape, 8)
    for name in draws.ONE_ARRAY.split():
        check_orthonormal(np.asarray(outputs[name], float), gain, ORTHONORMAL[8])
    draws.check_generators(outputs)
    check_not_shuffled(outputs)


def check_orthonormal(matrix: np.ndarray, gain: float, tolerance: float) -> None:
    """Raises Wrong unless the shorter side's vectors are orthonormal, times the gain."""
    rows, columns = matrix.shape
    side = "rows" if rows < columns else "columns"
    vectors = matrix if rows < columns else matrix.T
    with np.errstate(over="ignore", invalid="ignore"):
        gram = vectors @ vectors.T
    lengths = np.sqrt(np.diag(gram))
    off = np.abs(lengths - gain)
    if not off.max() <= tolerance * gain:
        worst = int(np.argmax(off))
        raise Wrong(
            "values",
            f"of shape {matrix.shape}, one of the {side} has length {lengths[worst]:.6g}, "
            f"expected the gain, {gain:.6g}",
        )
    between = np.abs(gram - np.diag(np.diag(gram)))
    if not between.max(initial=0.0) <= tolerance * gain**2:
        i, j = np.unravel_index(np.argmax(between), between.shape)
        raise Wrong(
            "values",
            f"of shape {matrix.shape}, {side} {i} and {j} have the inner product "
            f"{gram[i, j]:.4g}, expected 0",
        )


def check_not_shuffled(outputs: dict) -> None:
    """Raises Wrong if two generators give one set of numbers, in other places or of other signs.

    The sizes of a random rotation's elements are new numbers in every draw, whatever sign
    convention the decomposition has.
    """
    sizes = [np.sort(np.abs(outputs[name]), axis=None) for name in ("values", "other_values")]
    if sizes[0].size > 1 and np.allclose(*sizes, rtol=draws.SAME, atol=0):
        raise Wrong(
            "values",
            "two generators gave the same numbers in other places or with other signs: the whole "
            "rotation has to be random",
        )


# All inner products of a longer side's rows would fill the memory; no case is half as long.
LARGEST_SIDE = 1000


def orthogonal_fingerprint(outputs: dict) -> dict[str, np.ndarray]:
    """What ``draws.fingerprint`` says of randomness, and the lengths and inner products of rows
    and columns."""
    found = draws.fingerprint(outputs)
    if "features" in found:
        matrix = np.asarray(outputs["values"], float)
        del found["features"]  # a small matrix's moments differ from draw to draw
        if matrix.ndim == 2 and max(matrix.shape) <= LARGEST_SIDE:
            with np.errstate(all="ignore"):
                grams = [side @ side.T for side in (matrix, matrix.T)]
                found["lengths"] = np.round([np.sqrt(np.diag(gram).mean()) for gram in grams], 3)
                found["orthogonal"] = np.array(
                    [bool(np.allclose(gram, np.diag(np.diag(gram)))) for gram in grams]
                )
    return found


@notebook.exercise(
    returns=draws.ONE_ARRAY, judge=judge_orthogonal, fingerprint=orthogonal_fingerprint
)
def orthogonal(initializer, shape, gain, seed):
    return draws.call_with_generators(
        lambda rng: initializer(shape, gain, rng), seed, None, "orthogonal"
    )


# ---- measuring


def leaky(z):
    return np.where(z > 0, z, 0.1 * z)


# Functions and their derivatives at z. A case names one, since cases hold no functions.
ACTIVATIONS = {
    "identity": (lambda z: z, np.ones_like),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(z.dtype)),
    "leaky": (leaky, lambda z: np.where(z > 0, 1.0, 0.1).astype(z.dtype)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sine": (np.sin, np.cos),
    "softsign": (lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2),
}


@notebook.exercise(returns="gain")
def activation_gain(gain, f, samples):
    return gain(ACTIVATIONS[f][0], samples)


@notebook.exercise(returns="forward_stds backward_stds")
def variance_profile(profile, x, dout, weights, activation):
    function, derivative = ACTIVATIONS[activation]
    names = ("forward_stds", "backward_stds")
    returned = profile(x, dout, weights, function, derivative)
    found = unpack(returned, names, "variance_profile")
    return {
        name: as_numbers(stds, len(weights), f"variance_profile's {name}")
        for name, stds in found.items()
    }


def as_numbers(values, layers: int, what: str) -> np.ndarray:
    """One number a layer, from a list or an array.

    Raises
    ------
    Wrong : if it is neither, or not as many.
    """
    if not isinstance(values, (list, tuple, np.ndarray)):
        raise Wrong("kind", f"{what} is {describe(values)}, where a list or an array is due")
    if np.shape(values) != (layers,):
        raise Wrong(
            "shape",
            f"{what} has shape {np.shape(values)}, where one number a layer is due, ({layers},)",
        )
    return np.array([float(value) for value in values])


@notebook.exercise(returns="weights")
def lsuv(initializer, weights, x, activation, tol=None, max_iter=None):
    given = {"tol": tol, "max_iter": max_iter}
    keywords = {name: value for name, value in given.items() if value is not None}
    returned = initializer(weights, x, ACTIVATIONS[activation][0], **keywords)
    if returned is None:
        raise Wrong("unsolved", "lsuv returns None")
    if not isinstance(returned, (list, tuple)):
        raise Wrong("kind", f"lsuv returned {describe(returned)}, where a list of arrays is due")
    if len(returned) != len(weights):
        raise Wrong(
            "kind",
            f"lsuv returned a list of {len(returned)}, where the network has {len(weights)} layers",
        )
    return {f"W{number}": W for number, W in enumerate(returned, 1)}
