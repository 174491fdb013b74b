"""Writes the visible reference tensors, which students get, from the answers, which they don't."""

from pathlib import Path

import numpy as np

from autograder.answers import load_answer
from autograder.student import trees
from autograder.student.exercise import load_exercises
from autograder.student.references import (
    VISIBLE,
    ReferenceSet,
    load_references,
    reference_path,
    save_references,
)

# Processors differ in the last bits of a sum, so that stored digits may differ by one. Where a
# mistake ends is computed by its own code, which may be float32's.
SAME_TOLERANCE = 1e-11
SAME_MISTAKE_TOLERANCE = 1e-4


def write_visible_references(folder: Path = VISIBLE) -> list[str]:
    """Write the reference tensors of every exercise; what is up to date keeps its bytes.

    Returns the ids of the exercises whose file was written.
    """
    exercise_ids = list(load_exercises())
    written = [id for id in exercise_ids if not is_up_to_date(id, folder)]
    for exercise_id in written:
        save_references(exercise_id, load_answer(exercise_id).visible_references(), folder)
    known = {reference_path(exercise_id, folder) for exercise_id in exercise_ids}
    for path in set(folder.rglob("*.npz")) - known:
        path.unlink()
    return written


def is_up_to_date(exercise_id: str, folder: Path = VISIBLE) -> bool:
    """Whether an exercise's file holds what its answer says today."""
    if not reference_path(exercise_id, folder).is_file():
        return False
    return same_references(
        load_references(exercise_id, folder), load_answer(exercise_id).visible_references()
    )


def same_references(a: ReferenceSet, b: ReferenceSet) -> bool:
    """Whether two sets agree in everything but the last digits of their numbers."""
    return (
        a.help == b.help
        and len(a.cases) == len(b.cases)
        and all(
            one.label == other.label
            and _same_numbers(one.inputs, other.inputs, SAME_TOLERANCE)
            and _same_numbers(one.expected, other.expected, SAME_TOLERANCE)
            and _same_numbers(one.mistakes, other.mistakes, SAME_MISTAKE_TOLERANCE)
            for one, other in zip(a.cases, b.cases, strict=True)
        )
    )


def _same_numbers(a: trees.Tree, b: trees.Tree, tolerance: float) -> bool:
    (skeleton_a, arrays_a), (skeleton_b, arrays_b) = trees.flatten(a), trees.flatten(b)
    return skeleton_a == skeleton_b and all(
        x.dtype == y.dtype
        and x.shape == y.shape
        and np.allclose(x, y, rtol=tolerance, atol=tolerance, equal_nan=True)
        for x, y in zip(arrays_a, arrays_b, strict=True)
    )


if __name__ == "__main__":
    changed = write_visible_references()
    print(f"{len(changed)} of {len(load_exercises())} reference files written")
    for exercise_id in changed:
        print(f"  {exercise_id}")
