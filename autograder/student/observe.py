"""Calls a student's functions on one case and takes down what came back, without judging it.

This is the part of a check that runs beside the student's code; in grading that is the sandbox.
"""

import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autograder.student import trees
from autograder.student.calling import describe, unpack
from autograder.student.exercise import Exercise, Wrong

LONGEST_MESSAGE = 300  # characters of a student's own exception that are shown
TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # Keras prints its messages in bold


@dataclass(frozen=True)
class Value:
    """One output: what kind of thing it was, and its numbers if it has any."""

    kind: str  # "array", "number", or a description such as "a list"
    array: np.ndarray | None


@dataclass(frozen=True)
class Observation:
    """What came back from one call: the outputs and the arguments, or the problem instead."""

    outputs: dict[str, Value] = field(default_factory=dict)
    arguments: trees.Tree = None
    problem: Wrong | None = None

    @property
    def signature(self) -> str:
        """What tells one problem from another: an exception's type, or the sentence about it."""
        if self.problem.stage == "runs":
            return str(self.problem).partition(":")[0]
        return str(self.problem)


def observe(exercise: Exercise, functions: Sequence[Callable], inputs: dict) -> Observation:
    """Call the student's functions on a copy of the inputs.

    Only KeyboardInterrupt leaves this function: everything else that the student's code raises is
    an observation.
    """
    arguments = trees.copy(inputs)
    try:
        returned = exercise.call(*functions, **arguments)
        if not isinstance(returned, dict):
            returned = unpack(returned, exercise.returns, exercise.name)
        outputs = {name: take_down(value, exercise.track) for name, value in returned.items()}
    except Wrong as problem:
        return Observation(problem=problem)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit, GeneratorExit and own classes too
        return Observation(problem=Wrong("runs", describe_exception(error)))
    return Observation(outputs, arguments)


def take_down(value: Any, track: str) -> Value:
    """Turn an output into a plain array; a framework's own tensors only in its own notebooks."""
    if type(value) is np.ndarray:
        if value.dtype.kind not in "biuf":
            return Value(f"an array of dtype {value.dtype}", None)
        return Value("array", value)
    if isinstance(value, (bool, int, float, np.generic)):
        array = _as_number(value)
        return Value(describe(value), None) if array is None else Value("number", array)
    own = {"keras": ("tensorflow", "keras"), "pytorch": ("torch",)}.get(track, ())
    if type(value).__module__.split(".")[0] in own:
        array = _tensor_to_array(value)
        if array is not None:
            return Value("array", array)
    return Value(describe(value), None)


def _as_number(value: Any) -> np.ndarray | None:
    try:
        array = np.asarray(value)
    except OverflowError:
        return None
    return array if array.dtype.kind in "biuf" else None


def _tensor_to_array(value: Any) -> np.ndarray | None:
    if hasattr(value, "detach"):  # PyTorch
        value = value.detach().cpu()
    elif hasattr(value, "value") and not hasattr(value, "numpy"):  # a Keras variable
        value = value.value
    try:
        array = np.array(value.numpy())
    except (AttributeError, TypeError, RuntimeError, NotImplementedError):
        return None
    return array if array.dtype.kind in "biuf" else None


def describe_exception(error: BaseException) -> str:
    """An exception in one line: what it says, shortened, and the student's line that raised it."""
    try:
        said = " ".join(TERMINAL_CODES.sub("", str(error)).split())
    except BaseException:  # a student's own __str__
        said = ""
    if len(said) > LONGEST_MESSAGE:
        said = said[:LONGEST_MESSAGE] + " …"
    message = f"{type(error).__name__}: {said}" if said else type(error).__name__
    where = _line_of_student(error)
    return f"{message}{where}"


def _line_of_student(error: BaseException) -> str:
    """The innermost line that stands in a notebook's cell rather than in an installed library."""
    ours = str(Path(__file__).parent)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if "site-packages" in frame.filename or frame.filename.startswith(ours):
            continue
        if "/lib/python" in frame.filename or frame.filename.startswith("<frozen"):
            continue
        line = f": {frame.line.strip()}" if frame.line else ""
        return f"\n  raised in {frame.name}, line {frame.lineno} of its cell{line}"
    return ""
