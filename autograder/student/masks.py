"""Judges dropout's masks: which elements are kept is drawn for each one, independently.

A mask's element is 0 (dropped) with probability ``rate``, else 1. Less ``1 - rate`` it has mean 0,
and so has the product of two different elements. Summed over pairs of elements a fixed number of
places apart, or over mirror images, such products are the differences of a martingale: given all
earlier elements, the later one of a pair has mean 0, and the product a range of at most
``max(rate, 1 - rate)``. Azuma's inequality with Hoeffding's lemma bounds the sum for every size of
a mask; shares of kept elements are bounded by Chernoff's inequality in its binomial form. The
false-alarm rate is that of ``distributions``.

References: Hoeffding, "Probability inequalities for sums of bounded random variables" (1963);
Azuma, "Weighted sums of certain dependent random variables" (1967).
"""

import math
from collections.abc import Sequence

import numpy as np

from autograder.student import draws
from autograder.student.distributions import ALPHA
from autograder.student.exercise import Wrong


def share_bound(kept: np.ndarray, count: np.ndarray, rate: float) -> np.ndarray:
    """Logarithm of a bound of the p-value of ``kept`` of ``count`` elements (Chernoff)."""
    share = np.asarray(kept, float) / np.maximum(count, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        divergence = sum(
            np.where(part > 0, part * np.log(part / due) if due else np.inf, 0.0)
            for part, due in ((share, 1 - rate), (1 - share, rate))
        )
    return math.log(2) - count * divergence


def products_bound(total: np.ndarray, count: np.ndarray, rate: float) -> np.ndarray:
    """The same for a sum of ``count`` products of two centered elements (Azuma)."""
    largest = max(rate, 1 - rate)
    return math.log(2) - 2 * np.asarray(total) ** 2 / (np.maximum(count, 1) * largest**2)


def _surprising(bound: np.ndarray, places: int) -> bool:
    return bool(np.min(bound, initial=0.0) + math.log(max(places, 1)) < math.log(ALPHA))


def check_masks(
    masks: np.ndarray, rate: float, small: bool = False, seen: np.ndarray | None = None
) -> None:
    """Judge masks by distribution.

    Parameters
    ----------
    masks : (arrays, *shape), True where an element is kept.
    rate : share that is dropped.
    small : whether these are many small masks, each from a generator of its own.
    seen : where something else hides the mask it says False; independent of the masks.

    Raises
    ------
    Wrong : with the first thing that is off.
    """
    seen = np.ones(masks.shape, bool) if seen is None else seen
    kept = masks & seen
    _check_share(kept, seen, rate)
    for axis in range(masks.ndim):
        others = tuple(i for i in range(masks.ndim) if i != axis)
        count, total = seen.sum(axis=others), kept.sum(axis=others)
        bound = share_bound(total, count, rate)
        if _surprising(bound, len(bound)):
            worst = int(np.argmin(bound))
            where = f"index {worst} of axis {axis - 1}" if axis else f"mask {worst}"
            dropped = 1 - total[worst] / count[worst]
            raise Wrong(
                "values",
                f"the mask isn't drawn alike everywhere: of {where}, {dropped:.1%} is dropped, "
                f"expected about {rate:.1%}",
            )
    centered = np.where(seen, masks - (1 - rate), 0.0).reshape(len(masks), -1)
    if small:
        _check_positions(centered, rate)
        centered = centered.reshape(1, -1)
    for first in range(len(centered)):
        for second in range(first, len(centered)):
            _check_pairs(centered[first], centered[second], first == second, rate)


def _check_share(kept: np.ndarray, seen: np.ndarray, rate: float) -> None:
    count, total = int(seen.sum()), int(kept.sum())
    if _surprising(share_bound(np.array([total]), np.array([count]), rate), 1):
        raise Wrong(
            "values",
            f"of {count} elements {1 - total / count:.2%} are dropped, expected {rate:.2%}",
        )


DEPENDENT = "the mask's elements are not independent of each other: "


def _check_positions(centered: np.ndarray, rate: float) -> None:
    """Every pair of places in a small mask, over many of them."""
    first, second = np.triu_indices(centered.shape[1], 1)
    totals = (centered.T @ centered)[first, second]
    bound = products_bound(totals, len(centered), rate)
    if _surprising(bound, len(bound)):
        worst = int(np.argmin(bound))
        raise Wrong(
            "values",
            f"{DEPENDENT}in {len(centered)} small masks, elements {first[worst]} and "
            f"{second[worst]} go together. Is the number of dropped elements fixed?",
        )


def _check_pairs(one: np.ndarray, another: np.ndarray, within: bool, rate: float) -> None:
    """All shifts and all mirror images of a mask in itself or in another one."""
    size = len(one)
    padded = 1 << (2 * size - 1).bit_length()
    spectra = np.fft.rfft(one, padded), np.fft.rfft(another, padded)
    shifted = np.fft.irfft(np.conj(spectra[0]) * spectra[1], padded)
    mirrored = np.fft.irfft(spectra[0] * spectra[1], padded)[: 2 * size - 1]
    centers = np.arange(2 * size - 1)
    pairs = np.minimum(centers, 2 * size - 2 - centers) + 1
    if within:
        # Each pair is met twice; an element in the middle meets itself.
        middle = np.where(centers % 2 == 0, one[centers // 2] ** 2, 0.0)
        shifts = np.arange(1, size)
        totals = [shifted[1:size], (mirrored - middle) / 2]
        counts = [size - shifts, pairs // 2]
    else:
        shifts = np.concatenate([np.arange(size), np.arange(-size + 1, 0)])
        totals, counts = [shifted[shifts], mirrored], [size - np.abs(shifts), pairs]
    bound = np.concatenate(
        [products_bound(t, c, rate) for t, c in zip(totals, counts, strict=True)]
    )
    # A center without pairs has nothing but the transform's rounding.
    bound[np.concatenate(counts) == 0] = 0.0
    if _surprising(bound, len(bound)):
        worst = int(np.argmin(bound))
        where = (
            f"{abs(int(shifts[worst]))} places further on"
            if worst < len(shifts)
            else "at the mirror image"
        )
        whose = "" if within else " in another call's mask"
        raise Wrong("values", f"{DEPENDENT}an element and the one {where}{whose} go together")


def check_generators(outputs: dict[str, np.ndarray], rate: float) -> None:
    """One state gives one mask, other states give others, unless all masks are alike anyway."""
    equal_by_chance = outputs["values"].size * math.log(rate**2 + (1 - rate) ** 2)
    if equal_by_chance < math.log(ALPHA):
        draws.check_generators(outputs)


def judge_applied(
    outputs: dict[str, np.ndarray], x: np.ndarray, dout: np.ndarray, rate: float
) -> None:
    """Judge a dropout layer by what comes out for an ``x`` that is nowhere 0.

    Parameters
    ----------
    outputs : those of ``draws.ONE_ARRAY`` in training, ``inference``, and ``dx`` of the first call.

    Raises
    ------
    Wrong : with the first thing that is off.
    """
    names: Sequence[str] = [*draws.ONE_ARRAY.split(), "inference", "dx"]
    draws.check_arrays(outputs, names, x.shape, 4)
    x, dout = np.asarray(x, float), np.asarray(dout, float)
    _check_equal(outputs["inference"], x, "in inference, the output")
    trained = np.array([outputs[name] for name in draws.ONE_ARRAY.split()], float)
    masks = trained != 0
    for values, mask in zip(trained, masks, strict=True):
        _check_equal(values, x * mask / (1 - rate), "in training, a kept element of the output")
    check_generators(outputs, rate)
    check_masks(masks[:3], rate)
    _check_equal(outputs["dx"], dout * masks[0] / (1 - rate), "the gradient at x")


def _check_equal(yours: np.ndarray, due: np.ndarray, what: str) -> None:
    off = np.abs(np.asarray(yours, float) - due)
    allowed = 1e-5 * np.maximum(1.0, np.abs(due))  # float32 carries seven digits
    if (off > allowed).any():
        index = np.unravel_index(int(np.argmax(off)), off.shape)
        raise Wrong("values", f"{what} is {yours[index]:.6g}, expected {due[index]:.6g}")


def applied_fingerprint(outputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What tells mistakes of a dropout layer apart, whatever was drawn: shares of zeros and mean
    sizes, in training, in inference and of the gradient; which calls are alike; and whether rows
    and columns are."""
    names = [*draws.ONE_ARRAY.split(), "inference", "dx"]
    if any(name not in outputs or not outputs[name].size for name in names):
        return {}
    found = {name: np.asarray(outputs[name], float) for name in names}
    first = found["values"]
    zeros = [np.mean(found[name] == 0) for name in ("values", "inference", "dx")]
    sizes = [
        np.abs(found[name])[found[name] != 0].mean() if found[name].any() else 0.0
        for name in ("values", "inference", "dx")
    ]
    alike = [
        found[name].shape == first.shape and np.array_equal(first == 0, found[name] == 0)
        for name in names[1:]
    ]
    mask = first.reshape(len(first), -1) != 0
    fixed = [bool((mask == mask[:1]).all()), bool((mask == mask[:, :1]).all())]
    return {
        "zeros": np.round(zeros, 2),
        "sizes": np.round(sizes, 2),
        "alike": np.array(alike),
        "fixed": np.array(fixed),
    }
