"""From observations to a verdict: passed, or what is wrong and the mistake it looks like."""

from dataclasses import dataclass

import numpy as np

from autograder.student.compare import (
    MOST_NUMBERS,
    Agreement,
    Tolerance,
    compare,
    count_numbers,
    tolerance_of,
)
from autograder.student.exercise import Exercise, Wrong
from autograder.student.observe import Observation
from autograder.student.references import Reference, ReferenceSet

# Fingerprints of random numbers are rounded and never quite the same; see draws.fingerprint.
FINGERPRINT_TOLERANCE = 0.03
NO_EVIDENCE = ("unsolved", "runs")  # stages that say nothing about what was computed


@dataclass(frozen=True)
class Verdict:
    """What a check found out about one exercise."""

    exercise: Exercise
    labels: tuple[str, ...]  # of the cases that were checked
    agreement: Agreement | None = None  # the worst over all cases, if all of them passed
    stage: str | None = None  # the first step that failed
    message: str = ""
    case: Reference | None = None  # the case in which it failed
    mistake: str | None = None
    help: str | None = None

    @property
    def passed(self) -> bool:
        return self.stage is None


def reach_verdict(
    exercise: Exercise, references: ReferenceSet, observations: list[Observation]
) -> Verdict:
    """Hold the observations against the references, case by case.

    Parameters
    ----------
    observations : one for each of ``references.cases``, in their order.
    """
    labels = tuple(case.label for case in references.cases)
    agreements = []
    for case, observed in zip(references.cases, observations, strict=True):
        try:
            agreements.append(compare(exercise, case.inputs, case.expected, observed))
        except Wrong as wrong:
            mistake = _recognize(exercise, references, observations, case)
            return Verdict(
                exercise,
                labels,
                stage=wrong.stage,
                message=str(wrong),
                case=case,
                mistake=mistake,
                help=references.help.get(mistake) if mistake else None,
            )
    worst = max(agreements, key=lambda agreement: agreement.share, default=Agreement(0, 0))
    return Verdict(exercise, labels, agreement=worst)


def _recognize(
    exercise: Exercise,
    references: ReferenceSet,
    observations: list[Observation],
    failed: Reference,
) -> str | None:
    """The known mistake that ends where this does: in every case, or at least in the failed one.

    The same exception alone is no evidence: in some case the outputs have to be the mistake's as
    well, or what this package itself says about them, such as the shapes of a model's weights.
    Where nothing is, as in a notebook that nobody worked on, no mistake needs to be computed.
    """
    if not any(map(_is_evidence, observations)):
        return None
    # The failed case first: whatever ends elsewhere there needn't be computed for the others.
    pairs = sorted(
        zip(references.cases, observations, strict=True), key=lambda pair: pair[0] is not failed
    )
    in_failed_case = None
    for name in references.help:
        everywhere, same_outputs = True, set()
        for case, observed in pairs:
            mistaken = case.mistakes.get(name)
            if observed.problem is not None:
                same_problem = observed.signature == mistaken
                everywhere &= same_problem
                if same_problem and _is_evidence(observed):
                    same_outputs.add(case.label)
            elif isinstance(mistaken, dict) and _same_outputs(exercise, case, mistaken, observed):
                same_outputs.add(case.label)
            else:
                everywhere = False
            if not everywhere and failed.label not in same_outputs:
                break
        if everywhere and same_outputs:
            return name
        if failed.label in same_outputs:
            in_failed_case = in_failed_case or name
    return in_failed_case


def _is_evidence(observed: Observation) -> bool:
    return observed.problem is None or observed.problem.stage not in NO_EVIDENCE


def _same_outputs(
    exercise: Exercise, case: Reference, mistaken: dict[str, np.ndarray], observed: Observation
) -> bool:
    outputs = {name: value.array for name, value in observed.outputs.items()}
    if exercise.fingerprint is not None:
        if count_numbers(observed) > MOST_NUMBERS:
            return False
        return _same_fingerprint(exercise, mistaken, outputs)
    if outputs.keys() != mistaken.keys():
        return False
    tolerance = tolerance_of(exercise, case.inputs)
    return all(_same_array(outputs[name], array, tolerance) for name, array in mistaken.items())


def _same_fingerprint(
    exercise: Exercise, mistaken: dict[str, np.ndarray], outputs: dict[str, np.ndarray | None]
) -> bool:
    if any(array is None for array in outputs.values()):
        return False
    found = exercise.fingerprint(outputs)
    return found.keys() == mistaken.keys() and all(
        found[name].shape == array.shape
        and np.allclose(found[name], array, rtol=0, atol=FINGERPRINT_TOLERANCE)
        for name, array in mistaken.items()
    )


def _same_array(yours: np.ndarray | None, mistaken: np.ndarray, tolerance: Tolerance) -> bool:
    if yours is None or yours.shape != mistaken.shape:
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(yours.astype(float) - mistaken) <= tolerance.allowed(mistaken)
    return bool((close | (yours == mistaken) | (np.isnan(yours) & np.isnan(mistaken))).all())
