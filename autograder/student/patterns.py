"""What a wrong array has to do with the right one, where there is something to see."""

import numpy as np

LIKENESS = 1e-6  # a pattern is named only if it explains the values to six digits


def find_pattern(yours: np.ndarray, due: np.ndarray, off: np.ndarray) -> str | None:
    """A sentence about how ``yours`` differs from ``due``, or None.

    Parameters
    ----------
    yours, due : arrays of one shape.
    off : boolean array, True where they differ by more than is allowed.
    """
    yours, due = yours.astype(np.float64), due.astype(np.float64)
    if not np.isfinite(yours).all() or not np.isfinite(due).all():
        return None
    for search in (_zero, _transposed, _factor, _offset, _shuffled, _border, _sign_of_due):
        pattern = search(yours, due, off)
        if pattern:
            return pattern
    return None


def _alike(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.allclose(a, b, rtol=LIKENESS, atol=LIKENESS * max(1e-300, np.abs(b).max())))


def _zero(yours: np.ndarray, due: np.ndarray, off: np.ndarray) -> str | None:
    if not yours.any():
        return "yours is zero everywhere"
    if yours.size > 1 and np.ptp(yours) == 0:
        return f"every element of yours is {yours.flat[0]:.6g}"
    return None


def _transposed(yours: np.ndarray, due: np.ndarray, off: np.ndarray) -> str | None:
    if due.ndim == 2 and due.shape[0] == due.shape[1] > 1 and _alike(yours, due.T):
        return "yours is the transpose of what is expected"
    return None


def _factor(yours: np.ndarray, due: np.ndarray, off: np.ndarray) -> str | None:
    support = np.abs(due) > LIKENESS * np.abs(due).max()
    if not support.any():
        return None
    factor = float(np.median(yours[support] / due[support]))
    if factor == 0 or not _alike(yours, factor * due):
        return None
    if _alike(np.float64(factor), np.float64(-1.0)):
        return "yours has the opposite sign"
    if due.size == 1:
        whole = round(factor) if abs(factor) >= 1 else round(1 / factor)
        if not 1 < abs(whole) <= 1000 or not _alike(
            np.float64(factor if abs(factor) >= 1 else 1 / factor), np.float64(whole)
        ):
            return None  # any two numbers differ by some factor
    if abs(factor) < 1:
        return f"yours is what is expected, divided by {1 / factor:.6g}"
    return f"yours is {factor:.6g} times what is expected"


def _offset(yours: np.ndarray, due: np.ndarray, off: np.ndarray) -> str | None:
    if due.size < 3:
        return None
    shift = float(np.median(yours - due))
    if shift and _alike(yours - shift, due):
        return f"yours is {abs(shift):.6g} too {'large' if shift > 0 else 'small'} everywhere"
    return None


def _shuffled(yours: np.ndarray, due: np.ndarray, off: np.ndarray) -> str | None:
    if due.size < 3 or not off.any():
        return None
    if _alike(np.sort(yours, axis=None), np.sort(due, axis=None)):
        return "the values are right, but in another order (transposed or reshaped?)"
    return None


def _border(yours: np.ndarray, due: np.ndarray, off: np.ndarray) -> str | None:
    if due.ndim == 0 or off.all() or off.sum() < 2:
        return None
    for axis in range(off.ndim):
        others = tuple(i for i in range(off.ndim) if i != axis)
        rows = off.any(axis=others)
        if rows.sum() == 1 and len(rows) > 2:
            row = int(np.argmax(rows))
            where = {0: "first", len(rows) - 1: "last"}.get(row)
            if where:
                return f"only the {where} index along axis {axis} is off"
    return None


def _sign_of_due(yours: np.ndarray, due: np.ndarray, off: np.ndarray) -> str | None:
    if off.all() or off.sum() < 2:
        return None
    if np.array_equal(off, due < 0):
        return "yours is off exactly where a negative number is expected"
    if np.array_equal(off, due > 0):
        return "yours is off exactly where a positive number is expected"
    if np.array_equal(off, due == 0):
        return "yours is off exactly where zero is expected"
    return None
