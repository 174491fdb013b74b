"""Cases with the outputs that are right for them, and where each known mistake would end instead.

One ``.npz`` file an exercise, without pickle: the arrays by number, and under ``contents`` a JSON
text that says which is which.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.student import trees

VISIBLE = Path(__file__).parent / "references"


@dataclass(frozen=True)
class Reference:
    """One case: its inputs, the right outputs, and where each known mistake ends: at its own
    outputs, or at a problem (``Observation.signature``)."""

    label: str
    inputs: dict[str, trees.Tree]
    expected: dict[str, np.ndarray]
    mistakes: dict[str, dict[str, np.ndarray] | str]


@dataclass(frozen=True)
class ReferenceSet:
    """The cases of one exercise, and the sentence of help that belongs to each known mistake."""

    cases: list[Reference]
    help: dict[str, str]


def reference_path(exercise_id: str, folder: Path = VISIBLE) -> Path:
    return folder / f"{exercise_id}.npz"


def load_references(exercise_id: str, folder: Path = VISIBLE) -> ReferenceSet:
    """The cases of an exercise; by default the visible ones."""
    with np.load(reference_path(exercise_id, folder), allow_pickle=False) as file:
        contents = json.loads(str(file["contents"]))
        arrays = [file[f"array{number}"] for number in range(len(file.files) - 1)]
    tree = trees.rebuild(contents, arrays)
    return ReferenceSet([Reference(**case) for case in tree["cases"]], tree["help"])


def save_references(exercise_id: str, references: ReferenceSet, folder: Path) -> Path:
    """Write what ``load_references`` reads: the same bytes for the same references."""
    tree = {"cases": [vars(case) for case in references.cases], "help": references.help}
    skeleton, arrays = trees.flatten(tree)
    path = reference_path(exercise_id, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    named = {f"array{number}": array for number, array in enumerate(arrays)}
    np.savez_compressed(path, contents=np.array(json.dumps(skeleton)), **named)
    return path
