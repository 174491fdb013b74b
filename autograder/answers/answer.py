"""What graders know of an exercise: reference, cases, known mistakes and accepted variants."""

import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.student import trees
from autograder.student.exercise import Exercise, load_exercises
from autograder.student.observe import observe
from autograder.student.references import Reference, ReferenceSet

Functions = tuple[Callable, ...]
# (label, inputs), or (label, inputs, withheld): what the reference gets and students don't.
Case = tuple[str, dict[str, Any]] | tuple[str, dict[str, Any], dict[str, Any]]
Cases = Callable[[np.random.Generator], Iterable[Case]]

# Reference tensors are stored to so many digits: the last ones depend on the processor.
STORED_DIGITS = 13
# How often a mistake that isn't the same twice is tried: rounded fingerprints of it may agree.
RANDOM_RUNS = 10


@dataclass(frozen=True)
class Mistake:
    """A wrong implementation that students write, and the sentence that helps them."""

    name: str
    help: str
    functions: Functions


class Answer:
    """The private side of one exercise, filled by decorators in its notebook's module.

    Parameters
    ----------
    exercise_id : such as "hidden-layers/numpy/dense_backward".
    plain : a right implementation of each function that the exercise takes. It is the first
        accepted variant, and what a mistake is combined with.
    float32 : whether a case in float32 is added.
    """

    def __init__(self, exercise_id: str, *plain: Callable, float32: bool = True) -> None:
        self.exercise: Exercise = load_exercises()[exercise_id]
        if len(plain) != len(self.exercise.takes):
            raise TypeError(f"{exercise_id} takes {', '.join(self.exercise.takes)}")
        self.plain: Functions = plain
        self.float32 = float32
        self.mistakes: list[Mistake] = []
        self.variants: dict[str, Functions] = {"plain": plain}
        self._reference: Callable[..., Any] | None = None
        self._cases: Cases | None = None
        self._hidden_cases: Cases | None = None
        self._graded_cases: Cases | None = None

    def reference(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Register the computation of the right outputs from a case's inputs, in float64."""
        self._reference = function
        return function

    def cases(self, function: Cases) -> Cases:
        """Register the generator of cases: ``(label, inputs)`` from a random generator.

        A third item holds arguments for the reference alone, such as labels to be predicted.
        """
        self._cases = function
        return function

    def hidden_cases(self, function: Cases) -> Cases:
        """Register cases that only graders use, such as large ones."""
        self._hidden_cases = function
        return function

    def graded_cases(self, function: Cases) -> Cases:
        """Register all cases that graders use, in place of visible and hidden ones: few that tell
        as much, where each of them builds a model."""
        self._graded_cases = function
        return function

    def mistake(self, help: str, of: str | None = None) -> Callable[[Callable], Callable]:
        """Register a wrong implementation of the function called ``of`` (by default, of the
        exercise's last one); its own name is the mistake's name."""
        place = self.exercise.takes.index(of) if of else len(self.exercise.takes) - 1

        def register(function: Callable) -> Callable:
            functions = (*self.plain[:place], function, *self.plain[place + 1 :])
            self.mistakes.append(Mistake(function.__name__, help, functions))
            return function

        return register

    def variant(self, function: Callable[[], Any]) -> Callable[[], Any]:
        """Register another right way: the decorated function returns the exercise's functions."""
        functions = function()
        self.variants[function.__name__] = (
            functions if isinstance(functions, tuple) else (functions,)
        )
        return function

    def visible_references(self) -> ReferenceSet:
        """The cases that students have, the same each time."""
        rng = np.random.default_rng(zlib.crc32(self.exercise.id.encode()))
        return self._references(self._cases(rng), _rounded, dict)

    def hidden_references(self, seed: int) -> ReferenceSet:
        """Fresh cases from a seed, with those that only graders use.

        Where a mistake ends is computed when somebody looks, which nobody does for right answers.
        """
        rng = np.random.default_rng(seed)
        if self._graded_cases is not None:
            cases = list(self._graded_cases(rng))
        else:
            cases = [*self._cases(rng), *(self._hidden_cases(rng) if self._hidden_cases else ())]
        return self._references(cases, np.asarray, lambda mistaken: mistaken)

    def expected(
        self, inputs: dict[str, Any], withheld: dict[str, Any] | None = None
    ) -> dict[str, np.ndarray]:
        """The right outputs for these inputs, unrounded; none where a judge decides instead."""
        if self._reference is None:
            return {}
        returned = self._reference(**trees.copy(inputs), **(withheld or {}))
        if not isinstance(returned, dict):
            values = returned if len(self.exercise.returns) > 1 else (returned,)
            returned = dict(zip(self.exercise.returns, values, strict=True))
        return {name: _in_float64(np.asarray(value)) for name, value in returned.items()}

    def _references(
        self,
        cases: Iterable[Case],
        finish: Callable[[np.ndarray], np.ndarray],
        collect: Callable[[Mapping], Mapping],
    ) -> ReferenceSet:
        cases = list(cases)
        if self.float32:
            label, inputs, *_ = cases[0]
            cases.append((f"{label}, in float32", _as_float32(inputs)))
        references = [
            Reference(
                label,
                inputs,
                {name: finish(value) for name, value in self.expected(inputs, *withheld).items()},
                collect(_Mistaken(self, inputs, finish)),
            )
            for label, inputs, *withheld in cases
        ]
        return ReferenceSet(references, {mistake.name: mistake.help for mistake in self.mistakes})


class _Mistaken(Mapping):
    """Where each mistake ends on these inputs, by its name; computed when it is asked for."""

    def __init__(
        self,
        answer: Answer,
        inputs: dict[str, Any],
        finish: Callable[[np.ndarray], np.ndarray],
    ) -> None:
        self._answer, self._inputs, self._finish = answer, inputs, finish
        self._mistakes = {mistake.name: mistake for mistake in answer.mistakes}
        self._found: dict[str, dict[str, np.ndarray] | str | None] = {}

    def __getitem__(self, name: str) -> dict[str, np.ndarray] | str:
        if name not in self._found:
            self._found[name] = self._try(self._mistakes[name])
        found = self._found[name]
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._mistakes if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _try(self, mistake: Mistake) -> dict[str, np.ndarray] | str | None:
        outputs = self._run(mistake)
        found = self._reduce(outputs)
        # Some mistakes draw from a generator of their own; what they end at is no fingerprint,
        # even if it is the same now and then.
        may_be_random = self._answer.exercise.judge is not None
        if may_be_random and not _same_end(outputs, again := self._run(mistake)):
            others = itertools.chain([again], (self._run(mistake) for _ in range(RANDOM_RUNS)))
            if not all(_same_end(found, self._reduce(other)) for other in others):
                return None
        return found

    def _run(self, mistake: Mistake) -> dict[str, np.ndarray] | str | None:
        with np.errstate(all="ignore"):
            observed = observe(self._answer.exercise, mistake.functions, self._inputs)
        if observed.problem is not None:
            return observed.signature
        if any(value.array is None for value in observed.outputs.values()):
            return None
        return {name: value.array for name, value in observed.outputs.items()}

    def _reduce(
        self, outputs: dict[str, np.ndarray] | str | None
    ) -> dict[str, np.ndarray] | str | None:
        if not isinstance(outputs, dict):
            return outputs
        if self._answer.exercise.fingerprint is not None:
            outputs = self._answer.exercise.fingerprint(outputs)
        return {name: self._finish(_in_float64(array)) for name, array in outputs.items()}


def _same_end(one: Any, other: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return one == other
    return one.keys() == other.keys() and all(
        np.array_equal(one[name], other[name], equal_nan=True) for name in one
    )


def _as_float32(tree: trees.Tree) -> trees.Tree:
    if isinstance(tree, np.ndarray):
        return tree.astype(np.float32) if tree.dtype == np.float64 else tree
    if isinstance(tree, dict):
        return {key: _as_float32(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return type(tree)(_as_float32(item) for item in tree)
    return tree


def _in_float64(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float64, copy=False) if array.dtype.kind == "f" else array


def _rounded(array: np.ndarray) -> np.ndarray:
    """Floating-point values to ``STORED_DIGITS`` significant digits."""
    if array.dtype.kind != "f":
        return array
    array = array.copy()
    regular = np.isfinite(array) & (array != 0)
    with np.errstate(over="ignore"):
        exponent = np.floor(np.log10(np.abs(array[regular])))
    # Scaling in two steps keeps 10**exponent finite for the smallest numbers.
    for_each = STORED_DIGITS - 1 - exponent
    half = np.floor(for_each / 2)
    scaled = array[regular] * 10.0**half * 10.0 ** (for_each - half)
    array[regular] = np.round(scaled) / 10.0**half / 10.0 ** (for_each - half)
    return array
