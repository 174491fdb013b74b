"""Calls random functions with generators of known states, and judges the numbers that come back.

Two kinds of cases:

- *a large array*: drawn once (``values``), again from where that left the generator
  (``next_values``), from a generator with another seed (``other_values``), and once more from the
  first state (``values_again``);
- *many small arrays*, each from a generator of its own (``many_values``). What a sample is forced
  to have exactly, such as its own mean or spread, is invisible in a large array and plain in an
  array of two numbers.

Moments alone are easily faked, so that the numbers also have to be independent of each other. This
is judged by signs: for independent values with a distribution that is symmetric around 0, the signs
are fair coins; so are the bits that say whether a value's size is above the median size; and so is
the product of two different coins, however they are paired. A sum of such products is therefore
bounded by Hoeffding's inequality, for each pairing: every value with the one k places further on,
for all k, and every value with its mirror image around every center, both within an array and
between two of them. That finds rows that repeat, columns that cancel, arrays that are mirrored,
tiled or drawn once and shuffled around, and numbers that are spread too evenly.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.student.calling import describe
from autograder.student.distributions import (
    ALPHA,
    Distribution,
    allowed_std,
    distance_bound,
    distribution_distance,
    signs_bound,
)
from autograder.student.exercise import Wrong

ONE_ARRAY = "values next_values other_values values_again"
SAME = 1e-6  # relative: what two runs of one computation may differ by
EDGE = 1e-3  # relative: how far beyond its edge a distribution may reach if a constant is rounded
FINGERPRINT_DIGITS = 3

# ---- calling


def call_with_generators(
    draw: Callable[[np.random.Generator], Any], seed: int, arrays: int | None, function: str
) -> dict[str, Any]:
    """The arrays that a function draws from NumPy's generators.

    Parameters
    ----------
    draw : from a generator to an array.
    arrays : how many small arrays to draw; None for one large array and its companions.
    """
    if arrays is not None:
        drawn = (draw(np.random.default_rng([seed, number])) for number in range(arrays))
        return {"many_values": stack(drawn, function)}
    rng = np.random.default_rng(seed)
    return solved(
        {
            "values": draw(rng),
            "next_values": draw(rng),
            "other_values": draw(np.random.default_rng([seed, 1])),
            "values_again": draw(np.random.default_rng(seed)),
        },
        function,
    )


def solved(found: dict[str, Any], function: str) -> dict[str, Any]:
    """Raises Wrong if the function returned nothing."""
    if found["values"] is None:
        raise Wrong("unsolved", f"{function} returns None")
    return found


def call_after_seeding(
    draw: Callable[[], Any],
    set_seed: Callable[[int], Any],
    seed: int,
    arrays: int | None,
    function: str,
) -> dict[str, Any]:
    """The arrays that a function draws from a framework's global generator.

    Parameters
    ----------
    draw : from nothing to a NumPy array.
    set_seed : sets the framework's generators.
    """
    set_seed(seed)
    if arrays is not None:
        return {"many_values": stack((draw() for _ in range(arrays)), function)}
    found = {"values": draw(), "next_values": draw()}
    set_seed(seed + 1)
    found["other_values"] = draw()
    set_seed(seed)
    return solved(found | {"values_again": draw()}, function)


def stack(arrays: Any, function: str) -> np.ndarray:
    """Small arrays of one shape in one large array, the first axis counting them.

    Raises
    ------
    Wrong : if they aren't arrays of one shape.
    """
    found: list[np.ndarray] = []
    for array in arrays:
        if array is None:
            raise Wrong("unsolved", f"{function} returns None")
        if type(array) is not np.ndarray:
            raise Wrong(
                "kind", f"{function} returned {describe(array)}, where a NumPy array is due"
            )
        if found and array.shape != found[0].shape:
            raise Wrong(
                "shape",
                f"{function} returned an array of shape {array.shape} after one of shape "
                f"{found[0].shape}, for the same arguments",
            )
        found.append(array)
    return np.stack(found)


# ---- judging

Accepted = Callable[[dict], Sequence[Distribution]]


def by_distribution(
    accepted: Accepted, shape: Callable[[dict], tuple] | None = None, least_bytes: int = 8
) -> Callable[[dict, dict], None]:
    """A judge of an exercise that draws random numbers.

    Parameters
    ----------
    accepted : from a case's inputs to the distributions that are right; one of them has to be met.
    shape : from a case's inputs to the shape of one array; by default the input ``shape``.
    least_bytes : of a floating-point number: 8 for float64, 4 where float32 is right as well.
    """

    def judge(inputs: dict, outputs: dict) -> None:
        """Mean, spread and shape of the distribution, and whether the numbers are independent."""
        due = tuple(inputs["shape"] if shape is None else shape(inputs))
        judge_draws(outputs, due, inputs.get("arrays"), accepted(inputs), least_bytes)

    return judge


def judge_draws(
    outputs: dict[str, np.ndarray],
    shape: tuple[int, ...],
    arrays: int | None,
    accepted: Sequence[Distribution],
    least_bytes: int = 8,
) -> None:
    """Judge what ``call_with_generators`` or ``call_after_seeding`` returned.

    Raises
    ------
    Wrong : with the first thing that is off.
    """
    if arrays is not None:
        check_arrays(outputs, ("many_values",), (arrays, *shape), least_bytes)
        sample = np.array(outputs["many_values"], float)
        check_sample(sample, accepted, small=True)
    else:
        names = tuple(ONE_ARRAY.split())
        check_arrays(outputs, names, shape, least_bytes)
        check_generators(outputs)
        sample = np.array([outputs[name] for name in names[:3]], float)
        check_sample(sample, accepted, small=False)


def check_arrays(
    outputs: dict[str, np.ndarray], names: Sequence[str], shape: tuple[int, ...], least_bytes: int
) -> None:
    """Shape and dtype of every array."""
    missing = [name for name in names if name not in outputs]
    if missing:
        raise Wrong("kind", f"{', '.join(missing)} did not come back")
    for name in names:
        array = outputs[name]
        if array.shape != shape:
            yours, due = (s if name != "many_values" else s[1:] for s in (array.shape, shape))
            raise Wrong("shape", f"the array has shape {yours}, expected {due}")
    for name in names:
        dtype = outputs[name].dtype
        if dtype.kind != "f" or dtype.itemsize < least_bytes:
            due = "float64" if least_bytes == 8 else "float32"
            raise Wrong("dtype", f"the array is {dtype}, where {due} is due")


def check_generators(outputs: dict[str, np.ndarray]) -> None:
    """One state gives one result, and other states give others."""
    first, following, other, again = (
        np.asarray(outputs[name], float) for name in ONE_ARRAY.split()
    )
    if not _same(first, again):
        raise Wrong(
            "values",
            "the same state of the generator gave other values the second time: every random "
            "number has to come from it",
        )
    if _same(first, other):
        raise Wrong(
            "values", "two generators with different seeds gave the same values: is theirs used?"
        )
    if _same(first, following):
        raise Wrong(
            "values",
            "two calls in a row gave the same values: the generator has to move on with every call",
        )


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=SAME, atol=SAME * np.abs(b).max(initial=0.0)))


def check_sample(sample: np.ndarray, accepted: Sequence[Distribution], small: bool) -> None:
    """Whether the numbers are independent and from one of the distributions.

    Parameters
    ----------
    sample : (arrays, *shape).
    small : whether these are many small arrays, rather than a few large ones.
    """
    problems = []
    for distribution in accepted:
        try:
            check_one_distribution(sample, distribution, small)
            return
        except Wrong as problem:
            problems.append(problem)
    raise problems[_closest(sample, accepted)]


def _closest(sample: np.ndarray, accepted: Sequence[Distribution]) -> int:
    """Which of the distributions was meant, to judge by how far the values reach."""
    with np.errstate(all="ignore"):
        reach = np.abs(sample).max() / np.sqrt(np.mean(sample**2))
    reaches = [min(distribution.largest / distribution.std, 4.0) for distribution in accepted]
    return int(np.argmin([abs(reach - each) for each in reaches]))


def check_one_distribution(sample: np.ndarray, distribution: Distribution, small: bool) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        _check_support(sample, distribution)
        _check_moments(sample, distribution)
        _check_ties(sample)
        _check_shape_of_distribution(sample, distribution)
        _check_slices(sample, distribution)
        _check_independence(sample, distribution, small)


def _surprising(bound: np.ndarray, places: int = 1) -> bool:
    # Written so that a NaN, from sums that overflow, is a surprise too.
    return not np.min(bound) + math.log(places) >= math.log(ALPHA)


def _check_support(sample: np.ndarray, distribution: Distribution) -> None:
    worst = sample.flat[np.argmax(np.abs(sample))]
    if abs(worst) > distribution.largest * (1 + EDGE):
        raise Wrong(
            "values",
            f"one element is {worst:.6g}, where all should lie in "
            f"±{distribution.largest:.6g}{_scale_of(sample, distribution)}",
        )


def _scale_of(sample: np.ndarray, distribution: Distribution) -> str:
    """How far the spread is off, if it is off at all."""
    std = math.sqrt(np.mean(sample**2))
    if not _surprising(distribution.mean_square_bound(std**2, sample.size)):
        return ""
    ratio = (std / distribution.std) ** 2
    return (
        f"\n  spread     standard deviation {std:.4g}, expected {distribution.std:.4g}: "
        f"{_times(ratio)} the variance"
    )


def _times(ratio: float) -> str:
    return f"{ratio:.3g} times" if ratio >= 1 or ratio == 0 else f"1/{1 / ratio:.3g} of"


def _check_moments(sample: np.ndarray, distribution: Distribution) -> None:
    mean, count = float(np.mean(sample)), sample.size
    if _surprising(distribution.mean_bound(mean, count)):
        raise Wrong("values", f"the mean of {count} values is {mean:.4g}, expected about 0")
    mean_square = float(np.mean(sample**2))
    if _surprising(distribution.mean_square_bound(mean_square, count)):
        low, high = allowed_std(distribution, count)
        std = math.sqrt(mean_square)
        raise Wrong(
            "values",
            f"the standard deviation of {count} values is {std:.4g}, expected "
            f"{distribution.std:.4g} (by chance {low:.4g} to {high:.4g})\n"
            f"  pattern    yours has {_times(mean_square / distribution.std**2)} the variance",
        )


# In float64 values of a continuous distribution hardly ever coincide; in float32, of 10**5 normal
# values about one in 200 does. A pool that is drawn from again and again has far more.
MOST_TIES = 0.05


def _check_ties(sample: np.ndarray) -> None:
    ties = sample.size - len(np.unique(sample))
    if ties > MOST_TIES * sample.size:
        raise Wrong(
            "values",
            f"{ties} of {sample.size} values occurred before: random numbers of a continuous "
            "distribution hardly ever repeat",
        )


def _check_shape_of_distribution(sample: np.ndarray, distribution: Distribution) -> None:
    distance = distribution_distance(distribution.cdf(sample))
    if _surprising(distance_bound(distance, sample.size)):
        std = distribution.std
        inside = float(np.mean(np.abs(sample) < std))
        due = float(np.diff(distribution.cdf(np.array([-std, std])))[0])
        raise Wrong(
            "values",
            f"the values are not spread as in a {distribution.name} distribution of standard "
            f"deviation {std:.4g}\n  spread     {inside:.1%} lie within one standard deviation, "
            f"expected {due:.1%}; the largest is {np.abs(sample).max():.4g}",
        )


def _check_slices(sample: np.ndarray, distribution: Distribution) -> None:
    """Mean and spread of every index along every axis: no row may be larger than the others."""
    for axis in range(sample.ndim):
        length = sample.shape[axis]
        if length < 2:
            continue
        others = tuple(i for i in range(sample.ndim) if i != axis)
        count = sample.size // length
        means, squares = np.mean(sample, axis=others), np.mean(sample**2, axis=others)
        for values, bound, what in (
            (means, distribution.mean_bound(means, count), "mean"),
            (squares, distribution.mean_square_bound(squares, count), "mean square"),
        ):
            if _surprising(bound, length):
                index = int(np.argmin(bound))
                where = f"index {index} of axis {axis - 1}" if axis else f"array {index}"
                overall = 0.0 if what == "mean" else distribution.std**2
                raise Wrong(
                    "values",
                    f"the values are not spread alike everywhere: the {what} of {where} is "
                    f"{values[index]:.4g}, expected about {overall:.4g}",
                )


DEPENDENT = "the values are not independent of each other: "


def _check_independence(sample: np.ndarray, distribution: Distribution, small: bool) -> None:
    flat = sample.reshape(len(sample), -1)
    signs = np.where(flat < 0, -1.0, 1.0)
    sizes = np.where(np.abs(flat) < distribution.median_size, -1.0, 1.0)
    for coins, what in ((signs, "sign"), (sizes, "size")):
        if small:
            _check_positions(coins, what)
            coins = coins.reshape(1, -1)
        size = coins.shape[1]
        padded = 1 << (2 * size - 1).bit_length()
        spectra = np.fft.rfft(coins, padded)
        rows = list(spectra)
        for i, one in enumerate(rows):
            for another in rows[i:]:
                _check_alignment(one, another, size, what, sample.shape)


def _check_positions(coins: np.ndarray, what: str) -> None:
    """Every pair of places in a small array, over many arrays."""
    places = coins.shape[1]
    first, second = np.triu_indices(places, 1)
    if not len(first):
        return
    totals = (coins.T @ coins)[first, second]
    bound = signs_bound(totals, len(coins))
    if _surprising(bound, len(first)):
        worst = int(np.argmin(bound))
        raise Wrong(
            "values",
            f"{DEPENDENT}in {len(coins)} small arrays, the {what}s of elements {first[worst]} and "
            f"{second[worst]} go together with a correlation of {totals[worst] / len(coins):.2f}",
        )


def _check_alignment(
    one: np.ndarray, another: np.ndarray, size: int, what: str, shape: tuple[int, ...]
) -> None:
    """All shifts and all mirror images of a row of coins, in itself or in another row.

    Parameters
    ----------
    one, another : Fourier transforms of two rows of coins, each padded with zeros to at least
        twice its length; the same object for a row in itself.
    size : number of coins in a row.
    """
    within = one is another
    # shifted[k] is the sum of one[i] * another[i + k] (k from -(size - 1), at the end, upwards).
    shifted = np.rint(np.fft.irfft(np.conj(one) * another))
    # mirrored[c] is the sum of one[i] * another[c - i].
    mirrored = np.rint(np.fft.irfft(one * another))[: 2 * size - 1]
    centers = np.arange(2 * size - 1)
    pairs = np.minimum(centers, 2 * size - 2 - centers) + 1
    if within:
        # Each pair is met twice, and the value in the middle meets itself, which is no coincidence.
        middle = pairs % 2
        shifts = np.arange(1, size)
        totals = [shifted[1:size], (mirrored - middle) / 2]
        counts = [size - shifts, (pairs - middle) // 2]
    else:
        shifts = np.concatenate([np.arange(size), np.arange(-size + 1, 0)])
        totals = [shifted[shifts], mirrored]
        counts = [size - np.abs(shifts), pairs]
    bounds = np.concatenate(list(map(signs_bound, totals, counts)))
    if len(bounds) and _surprising(bounds, len(bounds)):
        worst = int(np.argmin(bounds))
        correlation = np.concatenate(totals)[worst] / np.concatenate(counts)[worst]
        if worst < len(shifts):
            shift = abs(int(shifts[worst]))
            where = f"{shift} places further on" if shift else "at the same place"
        else:
            where = "at its mirror image"
        whose = "" if within else " in another array"
        raise Wrong(
            "values",
            f"{DEPENDENT}the {what} of an element of an array of shape {shape[1:]} and that of "
            f"the element {where}{whose} go together with a correlation of {correlation:.2f}",
        )


# ---- recognizing


def fingerprint(outputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A few numbers in which two samples of one distribution agree and those of known mistakes
    differ, so that a mistake is recognized by them.

    Numbers that don't come from the generator are different in every run: of these only that is
    kept.
    """
    if "many_values" in outputs:
        sample = np.asarray(outputs["many_values"], float)
        if not sample.size:
            return {}
        return {"shape": np.array(sample.shape), "features": _features(sample)}
    names = ONE_ARRAY.split()
    if not all(name in outputs and outputs[name].size for name in names):
        return {}
    found = {name: np.asarray(outputs[name], float) for name in names}
    first = found["values"]
    shape = np.array(first.shape)
    if any(array.shape != first.shape for array in found.values()):
        return {"shape": shape}
    repeats = _same(first, found["values_again"])
    if not repeats:
        return {"shape": shape, "repeats": np.array(False)}
    return {
        "shape": shape,
        "repeats": np.array(True),
        "moves": np.array(
            [not _same(first, found[name]) for name in ("other_values", "next_values")]
        ),
        "features": _features(first[None]),
    }


def _features(sample: np.ndarray) -> np.ndarray:
    """Of an array (arrays, *shape): logarithm of the root mean square; mean, mean size and largest
    size (up to 3, beyond which it is chance), all relative to it; share of values at the very edge;
    correlation of neighbors along the last two axes."""
    with np.errstate(all="ignore"):
        rms = np.sqrt(np.mean(sample**2))
        scaled = sample / rms
        sizes = np.abs(scaled)
        correlations = [_neighbors(scaled, axis) for axis in range(sample.ndim)[-2:]]
        reach = sizes.max(initial=0.0)
        edge = np.mean(sizes > reach * (1 - 1e-6))
        values = [np.log(rms), scaled.mean(), sizes.mean(), min(reach, 3.0), edge, *correlations]
        values = np.clip(np.nan_to_num(values, posinf=1e3, neginf=-1e3), -1e3, 1e3)
    return np.round(values, FINGERPRINT_DIGITS)


def _neighbors(scaled: np.ndarray, axis: int) -> float:
    if scaled.shape[axis] < 2:
        return 0.0
    one = np.take(scaled, range(1, scaled.shape[axis]), axis)
    return float(np.mean(one * np.take(scaled, range(scaled.shape[axis] - 1), axis)))
