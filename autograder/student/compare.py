"""Holds what came back against the reference tensors.

The steps, in this order: it runs, returns the right kind of thing, shape, dtype, finite, values,
and leaves its arguments alone.
"""

from dataclasses import dataclass

import numpy as np

from autograder.student import trees
from autograder.student.exercise import Exercise, Wrong
from autograder.student.observe import Observation, Value
from autograder.student.patterns import find_pattern

STAGES = ("runs", "kind", "shape", "dtype", "finite", "values", "arguments")
FLOAT32_RTOL = 1e-4  # float32 carries 7 digits; sums and cancellation cost some of them
FLOAT32_ATOL = 1e-5
# That a judge looks at in one case: it has more to do than to compare, and nobody should be able to
# keep it busy. Right answers have at most a quarter of it.
MOST_NUMBERS = 1_000_000


@dataclass(frozen=True)
class Tolerance:
    """``|yours - expected| <= atol * max(1, largest |expected|) + rtol * |expected|``."""

    rtol: float
    atol: float

    def allowed(self, expected: np.ndarray) -> np.ndarray:
        magnitude = np.abs(expected.astype(np.float64))
        if not np.isfinite(magnitude).all():
            magnitude = np.where(np.isfinite(magnitude), magnitude, 0.0)
        return self.atol * max(1.0, magnitude.max(initial=0.0)) + self.rtol * magnitude


def tolerance_of(exercise: Exercise, inputs: dict) -> Tolerance:
    """The exercise's own tolerance, or float32's where the case gives float32."""
    return _tolerance(exercise, has_float32(inputs))


def _tolerance(exercise: Exercise, in_float32: bool) -> Tolerance:
    if in_float32:
        return Tolerance(max(exercise.rtol, FLOAT32_RTOL), max(exercise.atol, FLOAT32_ATOL))
    return Tolerance(exercise.rtol, exercise.atol)


def has_float32(inputs: dict) -> bool:
    """Whether any of a case's arrays is float32."""
    return any(array.dtype == np.float32 for array in trees.flatten(inputs)[1])


@dataclass(frozen=True)
class Agreement:
    """The difference that came closest to what is allowed, and what was allowed there."""

    difference: float
    allowed: float

    @property
    def share(self) -> float:
        return self.difference / self.allowed if self.allowed else 0.0


def compare(
    exercise: Exercise, inputs: dict, expected: dict[str, np.ndarray], observed: Observation
) -> Agreement:
    """Hold one observation against the expected outputs (where the exercise has a
    judge, it decides what they are good for).

    Raises
    ------
    Wrong : with the first step that fails and a message that says where and how far off.
    """
    if observed.problem is not None:
        raise observed.problem
    if exercise.judge is not None:
        agreement = _compare_by_judge(exercise, inputs, expected, observed)
    else:
        agreement = _compare_with_reference(exercise, inputs, expected, observed)
    _compare_arguments(exercise, inputs, observed.arguments)
    return agreement


def _compare_with_reference(
    exercise: Exercise, inputs: dict, expected: dict[str, np.ndarray], observed: Observation
) -> Agreement:
    missing = [name for name in expected if name not in observed.outputs]
    if missing:
        raise Wrong("kind", f"{', '.join(missing)} did not come back")
    pairs = [(name, observed.outputs[name], expected[name]) for name in expected]
    float32_allowed = has_float32(inputs)
    tolerance = _tolerance(exercise, float32_allowed)
    for step in (_compare_kind, _compare_shape, _compare_dtype, _compare_finite):
        for name, value, due in pairs:
            step(name, value, due, float32_allowed)
    agreements = [_compare_values(name, value.array, due, tolerance) for name, value, due in pairs]
    return max(agreements, key=lambda agreement: agreement.share)


def _compare_kind(name: str, value: Value, due: np.ndarray, _: bool) -> None:
    if value.kind == "array" or (value.kind == "number" and due.ndim == 0):
        return
    if due.ndim == 0:
        raise Wrong("kind", f"{name} is {_kind(value)}, where a number is due")
    hint = ": np.array(...) makes it one" if value.kind.startswith(("a list", "a tuple")) else ""
    raise Wrong("kind", f"{name} is {_kind(value)}, where a NumPy array is due{hint}")


def _kind(value: Value) -> str:
    return "a single number" if value.kind == "number" else value.kind


def _compare_shape(name: str, value: Value, due: np.ndarray, _: bool) -> None:
    if value.array.shape == due.shape:
        return
    message = f"{name} has shape {value.array.shape}, expected {due.shape}"
    if value.array.shape == due.shape[::-1]:
        message += "\n  pattern    yours has the shape of the transpose"
    raise Wrong("shape", message)


def _compare_dtype(name: str, value: Value, due: np.ndarray, float32_allowed: bool) -> None:
    dtype = value.array.dtype
    if due.dtype.kind == "f":
        least = 4 if float32_allowed else 8
        if dtype.kind == "f" and dtype.itemsize >= least:
            return
        if dtype.kind in "iu" and due.ndim == 0:
            return
        loss = "whole numbers have no decimals" if dtype.kind in "iub" else "digits are lost"
        raise Wrong("dtype", f"{name} is {dtype}, where {due.dtype} is due ({loss})")
    if due.dtype.kind == "b" and dtype.kind != "b":
        raise Wrong("dtype", f"{name} is {dtype}, where booleans are due")
    if due.dtype.kind in "iu" and dtype.kind not in "iu":
        raise Wrong("dtype", f"{name} is {dtype}, where whole numbers (int) are due")


def _compare_finite(name: str, value: Value, due: np.ndarray, _: bool) -> None:
    finite = np.isfinite(value.array)
    if finite.all():
        return
    bad = ~finite & np.isfinite(due)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        raise Wrong(
            "finite",
            f"{_element(name, index)} is {_number(value.array[index])}, expected "
            f"{_number(due[index])} ({_share(bad)} not finite)",
        )


def _compare_values(
    name: str, yours: np.ndarray, due: np.ndarray, tolerance: Tolerance
) -> Agreement:
    if due.size == 0:
        return Agreement(0.0, 0.0)
    if due.dtype.kind != "f":
        tolerance = Tolerance(0.0, 0.0)
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.array(np.abs(yours.astype(np.float64) - due.astype(np.float64)))
    if not np.isfinite(difference).all():
        difference[(yours == due) | (np.isnan(due) & np.isnan(yours))] = 0.0
        difference[np.isnan(difference)] = np.inf
    allowed = np.array(tolerance.allowed(due))
    off = difference > allowed
    if off.any():
        raise Wrong("values", _describe_off(name, yours, due, difference, allowed, off))
    worst = np.argmax(difference / np.where(allowed > 0, allowed, np.inf))
    return Agreement(float(difference.flat[worst]), float(allowed.flat[worst]))


def _describe_off(
    name: str,
    yours: np.ndarray,
    due: np.ndarray,
    difference: np.ndarray,
    allowed: np.ndarray,
    off: np.ndarray,
) -> str:
    worst = np.unravel_index(np.argmax(difference - allowed), due.shape)
    index = tuple(int(i) for i in worst)
    line = f"{_element(name, index)} is {_number(yours[index])}, expected {_number(due[index])}"
    if due.dtype.kind == "f":
        line += f" (off by {difference[index]:.3g}, allowed {allowed[index]:.1g})"
    lines = [line]
    if due.size > 1:
        lines.append(f"  off        {_share(off)} of {name}")
    pattern = find_pattern(yours, due, off)
    if pattern:
        lines.append(f"  pattern    {pattern}")
    return "\n".join(lines)


def _compare_by_judge(
    exercise: Exercise, inputs: dict, expected: dict[str, np.ndarray], observed: Observation
) -> Agreement:
    outputs = {}
    numbers = count_numbers(observed)
    if numbers > MOST_NUMBERS:
        raise Wrong("shape", f"{numbers:,} numbers came back, far more than are due")
    for name, value in observed.outputs.items():
        if value.array is None:
            raise Wrong("kind", f"{name} is {value.kind}, where a NumPy array or a number is due")
        bad = ~np.isfinite(value.array)
        if bad.any():
            raise Wrong("finite", f"{name} holds NaN or infinity ({_share(bad)})")
        outputs[name] = value.array
    reference = (expected,) if exercise.judge_needs_reference else ()
    exercise.judge(inputs, outputs, *reference)
    return Agreement(0.0, 0.0)


def count_numbers(observed: Observation) -> int:
    """The elements of all outputs together."""
    arrays = (value.array for value in observed.outputs.values())
    return sum(array.size for array in arrays if array is not None)


def _compare_arguments(exercise: Exercise, inputs: dict, arguments: trees.Tree) -> None:
    for name, before in inputs.items():
        if not isinstance(arguments, dict) or not trees.equal(before, arguments.get(name)):
            raise Wrong(
                "arguments",
                f"{exercise.name} changed its argument {name}: work on a copy, since the caller "
                "still needs the original",
            )


def _element(name: str, index: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def _number(value: np.generic) -> str:
    if value.dtype.kind in "iub":
        return str(value)
    return f"{float(value):.6g}"


def _share(mask: np.ndarray) -> str:
    return f"{int(mask.sum())} of {mask.size} element{'s' if mask.size != 1 else ''}"
