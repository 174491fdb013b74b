"""Every accepted variant passes, every known mistake fails, over many hidden seeds."""

import itertools
import json

import numpy as np
import pytest

from autograder.answers import load_answer
from autograder.answers.visible import is_up_to_date, write_visible_references
from autograder.student.exercise import load_exercises
from autograder.student.observe import observe
from autograder.student.references import load_references
from autograder.student.verdict import reach_verdict

EXERCISE_IDS = list(load_exercises())
HIDDEN_SEEDS = (1, 20, 300)


def verdict_of(answer, functions, references):
    with np.errstate(all="ignore"):
        observations = [
            observe(answer.exercise, functions, case.inputs) for case in references.cases
        ]
    return reach_verdict(answer.exercise, references, observations)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("exercise_id", EXERCISE_IDS)
def test_mistakes_fail_and_variants_pass(exercise_id):
    answer = load_answer(exercise_id)
    assert len(answer.mistakes) >= 3
    assert len(answer.variants) >= 3  # the plain one and two more
    sets = itertools.chain(
        [("visible", answer.visible_references())],
        ((seed, answer.hidden_references(seed)) for seed in HIDDEN_SEEDS),
    )
    for seed, references in sets:
        for name, functions in answer.variants.items():
            verdict = verdict_of(answer, functions, references)
            assert verdict.passed, f"seed {seed}: variant {name} fails: {verdict.message}"
        for mistake in answer.mistakes:
            verdict = verdict_of(answer, mistake.functions, references)
            assert not verdict.passed, f"seed {seed}: mistake {mistake.name} passes"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("exercise_id", EXERCISE_IDS)
def test_visible_mistakes_are_recognized(exercise_id):
    """A student who makes a known mistake reads its sentence, or that of one that looks the same
    on the visible cases."""
    answer = load_answer(exercise_id)
    references = load_references(exercise_id)
    for mistake in answer.mistakes:
        verdict = verdict_of(answer, mistake.functions, references)
        assert verdict.help, f"{mistake.name} gets no sentence: {verdict.message}"


@pytest.mark.parametrize("exercise_id", EXERCISE_IDS)
def test_visible_references_are_fresh(exercise_id):
    assert is_up_to_date(exercise_id), "stale: run `make references`"


def test_references_are_written_the_same_twice(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    write_visible_references(one)
    write_visible_references(two)
    files = sorted(path.relative_to(one) for path in one.rglob("*.npz"))
    assert len(files) == len(EXERCISE_IDS)
    for file in files:
        assert (one / file).read_bytes() == (two / file).read_bytes()


def test_reference_files_hold_no_pickle():
    for exercise_id in EXERCISE_IDS:
        references = load_references(exercise_id)  # allow_pickle=False
        assert references.cases
        json.dumps(references.help)
