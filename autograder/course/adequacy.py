"""Are the checks good enough? Known mistakes must fail, accepted variants must pass."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from autograder.answers import load_answer
from autograder.answers.answer import Answer, Functions
from autograder.student.exercise import load_exercises
from autograder.student.observe import observe
from autograder.student.references import ReferenceSet
from autograder.student.verdict import reach_verdict

SEEDS = (1, 20, 300)  # of hidden cases


@dataclass
class Adequacy:
    """What the cases of one exercise tell apart, visible ones and several sets of hidden ones."""

    exercise_id: str
    mistakes: int = 0
    variants: int = 0
    survivors: list[str] = field(default_factory=list)  # mistakes that pass somewhere
    rejected: list[str] = field(default_factory=list)  # variants that fail somewhere

    @property
    def is_adequate(self) -> bool:
        return not self.survivors and not self.rejected


def measure_adequacy(pattern: str = "") -> Iterator[Adequacy]:
    """Try every mistake and every variant of the exercises whose id holds ``pattern``."""
    for exercise_id in load_exercises():
        if pattern in exercise_id:
            yield _measure(load_answer(exercise_id))


def _measure(answer: Answer) -> Adequacy:
    sets = [answer.visible_references(), *(answer.hidden_references(seed) for seed in SEEDS)]
    found = Adequacy(answer.exercise.id, len(answer.mistakes), len(answer.variants))
    for mistake in answer.mistakes:
        if any(_passes(answer, mistake.functions, references) for references in sets):
            found.survivors.append(mistake.name)
    for name, functions in answer.variants.items():
        if not all(_passes(answer, functions, references) for references in sets):
            found.rejected.append(name)
    return found


def _passes(answer: Answer, functions: Functions, references: ReferenceSet) -> bool:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        observations = [
            observe(answer.exercise, functions, case.inputs) for case in references.cases
        ]
        return reach_verdict(answer.exercise, references, observations).passed


def table_line(found: Adequacy) -> str:
    """One line of the table."""
    killed = found.mistakes - len(found.survivors)
    passing = found.variants - len(found.rejected)
    line = (
        f"{found.exercise_id:<52} {killed:>3} of {found.mistakes:<3} "
        f"{passing:>3} of {found.variants:<3}"
    )
    if found.survivors:
        line += f"  SURVIVES: {', '.join(found.survivors)}"
    if found.rejected:
        line += f"  REJECTED: {', '.join(found.rejected)}"
    return line


HEADER = f"{'exercise':<52} {'mistakes':>10} {'variants':>10}"
