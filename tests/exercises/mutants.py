"""Random mutation of the sample solutions: which wrong answers do the hidden cases let through?

``make mutants`` (or ``python -m tests.exercises.mutants NAME ...``) breaks the sample solutions in
every way that cosmic-ray's operators and a few of our own know, and prints the share of the
non-equivalent mutants that fail. Mutants that change no result are listed, with the reason, in
``equivalent_mutants.toml``.
"""

import contextlib
import functools
import io
import os
import re
import signal
import sys
import tomllib
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path

import nbformat
import numpy as np

from autograder.answers import load_answer
from autograder.student.exercise import load_exercises
from autograder.student.observe import observe
from autograder.student.references import ReferenceSet
from autograder.student.verdict import reach_verdict

ROOT = Path(__file__).parents[2]
EQUIVALENT = tomllib.loads((Path(__file__).parent / "equivalent_mutants.toml").read_text())
LEAST_SHARE = 0.98
SECONDS = 20  # for one mutant, which may loop for ever
HIDDEN_SEED = 7
CHECK = re.compile(r'check\("([\w/]+)", ([\w, ]+)\)')
# What cosmic-ray doesn't know: the slips of array code.
ARRAY_SLIPS = [
    (r"\.T\b", ""),
    (r"\bmaximum\b", "minimum"),
    (r"\.sum\(", ".mean("),
    (r"\.mean\(", ".sum("),
    (r"\.max\(", ".min("),
    (r"\.var\(", ".std("),
    (r", keepdims=True", ""),
    (r"\bexp\b", "expm1"),
    (r"\blog1p\b", "log"),
    (r"\.copy\(\)", ""),
]


@dataclass(frozen=True)
class Mutant:
    exercise_id: str
    change: str  # the changed lines, "- old" and "+ new"
    killed: bool
    equivalent: str | None  # the reason, if it is known to be


def mutate(source: str) -> Iterator[str]:
    """Every mutant of a cell's source that changes something in its solution region."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    for name in operator_names():
        operator = get_operator(name)
        if operator.arguments():  # those insert random numbers: another score each time
            continue
        occurrence = 0
        while (mutated := mutate_code(source, operator(), occurrence)) is not None:
            yield mutated
            occurrence += 1
    for pattern, replacement in ARRAY_SLIPS:
        for match in re.finditer(pattern, source):
            yield source[: match.start()] + replacement + source[match.end() :]


def solution_region(source: str) -> list[str]:
    inside, lines = False, []
    for line in source.split("\n"):
        if "### BEGIN SOLUTION" in line or "### END SOLUTION" in line:
            inside = not inside
        elif inside:
            lines.append(line)
    return lines


def changed_lines(source: str, mutated: str) -> str:
    return "\n".join(
        line[:2] + line[2:].strip()
        for line in ndiff(solution_region(source), solution_region(mutated))
        if line[0] in "-+"
    )


def mutants_of_exercise(exercise_id: str) -> list[Mutant]:
    """Break one exercise's sample solution in every way, and check each mutant."""
    warnings.simplefilter("ignore")
    cells, source, checks = _cells_of(exercise_id)
    found: dict[str, Mutant] = {}
    for mutated in mutate(source):
        change = changed_lines(source, mutated)
        if not change or change in found:
            continue
        # A cache, say, is the student's affair, until the backward pass gets it.
        killed = any(_fails(*check, cells, source, mutated) for check in checks)
        reason = EQUIVALENT.get(exercise_id, {}).get(change.replace("\n", " "))
        found[change] = Mutant(exercise_id, change, killed, None if killed else reason)
    return list(found.values())


def _cells_of(exercise_id: str) -> tuple[list[str], str, list[tuple[str, list[str]]]]:
    """The notebook's set-up and solution cells, the exercise's own, and the checks that take what
    it defines, its own first: the checked exercise's id, and the names that it takes."""
    exercise = load_exercises()[exercise_id]
    notebook = nbformat.read(ROOT / "solutions" / f"{exercise.notebook}.ipynb", 4)
    cells, source, checks = [], "", {}
    for cell in notebook.cells:
        label = cell.metadata.get("nbgrader", {}).get("grade_id")
        checked = CHECK.match(cell.source)
        if checked:
            checked_id = f"{exercise.notebook}/{checked.group(1).split('/')[-1]}"
            checks[checked_id] = checked.group(2).split(", ")
        elif cell.cell_type == "code" and (label or "import" in cell.source):
            cells.append(cell.source)
            if label == exercise.name:
                source = cell.source
    defined = checks[exercise_id][-1]
    others = [(id, names) for id, names in checks.items() if defined in names and id != exercise_id]
    return cells, source, [(exercise_id, checks[exercise_id]), *others]


@functools.cache
def _hidden_references(exercise_id: str) -> ReferenceSet:
    return load_answer(exercise_id).hidden_references(HIDDEN_SEED)


def _fails(checked_id, names, cells, source, mutated) -> bool:
    exercise, references = load_exercises()[checked_id], _hidden_references(checked_id)

    def out_of_time(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(SECONDS)
    namespace: dict = {}
    quiet = io.StringIO()
    try:
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            for cell in cells:
                exec(mutated if cell == source else cell, namespace)
            functions = tuple(namespace[name] for name in names)
            with np.errstate(all="ignore"):
                seen = [observe(exercise, functions, case.inputs) for case in references.cases]
        return not reach_verdict(exercise, references, seen).passed
    except BaseException:  # a mutant may end in any way; all of them are noticed
        return True
    finally:
        signal.alarm(0)


def main(names: list[str]) -> int:
    exercise_ids = [id for id in load_exercises() if not names or any(n in id for n in names)]
    width = max(map(len, exercise_ids))
    survivors, killed, equivalent = [], 0, 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for exercise_id, mutants in zip(
            exercise_ids, pool.map(mutants_of_exercise, exercise_ids), strict=True
        ):
            alive = [m for m in mutants if not m.killed]
            killed += len(mutants) - len(alive)
            equivalent += sum(m.equivalent is not None for m in alive)
            survivors += [m for m in alive if m.equivalent is None]
            print(f"{exercise_id:{width}}  {len(mutants) - len(alive):4} of {len(mutants)} fail")
    for mutant in survivors:
        print(f"\nsurvives: {mutant.exercise_id}\n{mutant.change}")
    share = killed / (killed + len(survivors))
    print(
        f"\n{killed} mutants fail, {len(survivors)} survive, {equivalent} are equivalent: "
        f"{share:.2%} of the others fail (at least {LEAST_SHARE:.0%} are due)"
    )
    return 0 if share >= LEAST_SHARE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
