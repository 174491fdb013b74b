"""Grading one notebook: bytes to bytes, with the verdict from this side alone."""

import json
import pickle

import pytest

from autograder.course import grade as grade_module
from autograder.course import workers
from autograder.course.blank import blank_notebook
from autograder.course.engine import result_key
from autograder.course.grade import NOT_RUN, EngineMismatch, Task, grade_notebook, without_marks
from autograder.course.imports import unusual_imports
from autograder.course.release import course_directory
from autograder.sandbox import CheckCell, Limits
from tests.course.course import (
    ASSIGNMENT,
    NOTEBOOK,
    POINTS,
    cell_of,
    make_course,
    new_code,
    solved,
    to_bytes,
    without,
)

NOTEBOOK_ID = f"{ASSIGNMENT}/{NOTEBOOK}"
FULL = POINTS | {"words": None}  # a person gives points for the words
NOTHING = dict.fromkeys(POINTS, 0)


@pytest.fixture(scope="module")
def blank(tmp_path_factory) -> bytes:
    course = make_course(tmp_path_factory.mktemp("blank") / "course")
    return blank_notebook(course_directory(course), ASSIGNMENT, NOTEBOOK)


@pytest.fixture
def task(blank, unboxed):
    def make(content=None, **changes):
        content = solved() if content is None else content
        submission = content if isinstance(content, bytes) else to_bytes(content)
        return Task(NOTEBOOK_ID, submission, blank, b"secret", **changes)

    return make


def outputs_of(graded, name):
    return cell_of(json.loads(graded.notebook), name)["outputs"]


def test_a_right_notebook_earns_everything(task):
    graded = grade_notebook(task())
    assert graded.scores == FULL
    assert [result.outcome for result in graded.exercises] == ["passed", "passed"]
    assert graded.reusable
    assert graded.notes == []
    assert outputs_of(graded, "check_xor_network")[0]["text"].count("✓ xor_network") == 1


def test_a_wrong_one_reads_what_is_wrong(task):
    notebook = solved()
    cell = cell_of(notebook, "count_parameters")
    cell["source"] = cell["source"].replace("(n_in + 1)", "n_in")
    graded = grade_notebook(task(notebook))
    assert graded.scores == FULL | {"check_count_parameters": 0}
    (wrong, _) = graded.exercises
    assert (wrong.outcome, wrong.stage) == ("failed", "values")
    assert wrong.mistake
    (error,) = outputs_of(graded, "check_count_parameters")
    assert error["output_type"] == "error"
    assert "looks like" in "\n".join(error["traceback"])


def test_a_blank_notebook_earns_nothing(task, blank):
    graded = grade_notebook(task(json.loads(blank)))
    assert graded.scores == NOTHING | {"words": 0}
    assert graded.unanswered == {"count_parameters", "xor_network", "words"}


def test_a_missing_cell_costs_its_own_points_only(task):
    graded = grade_notebook(task(without(solved(), "xor_network")))
    assert graded.scores == FULL | {"check_xor_network": 0}
    assert graded.notes == ["missing cells: xor_network"]


def test_extra_cells_run(task):
    notebook = solved()
    cell = cell_of(notebook, "count_parameters")
    at = notebook["cells"].index(cell)
    notebook["cells"].insert(at, new_code("def layer(n_in, n_out): return (n_in + 1) * n_out"))
    cell["source"] = (
        "def count_parameters(sizes): return sum(layer(a, b) for a, b in zip(sizes, sizes[1:]))"
    )
    assert grade_notebook(task(notebook)).scores == FULL


def test_a_cell_to_play_in_runs_if_it_was_touched(task, unboxed):
    graded = grade_notebook(task())
    assert outputs_of(graded, "play")[0]["text"] == NOT_RUN
    assert cell_of(json.loads(graded.notebook), "play")["execution_count"] is None
    notebook = solved()
    cell_of(notebook, "play")["source"] += "  # three inputs"
    graded = grade_notebook(task(notebook))
    assert "NOT_RUN" not in json.dumps(outputs_of(graded, "play"))
    assert cell_of(json.loads(graded.notebook), "play")["execution_count"] == 3
    ran = [[cell.id for cell in job.cells] for job in unboxed.jobs]
    assert ran[1] == ["imports", "count_parameters", "play", *ran[0][2:]]


def test_a_solution_may_build_on_a_cell_to_play_in(task):
    notebook = solved()
    cell = cell_of(notebook, "xor_network")
    cell["source"] = cell["source"].replace("-2.0", "-sizes[1]")
    assert "sizes" in cell["source"]
    assert grade_notebook(task(notebook)).scores == FULL


@pytest.mark.parametrize("word", ["timed out", "out of memory", "crashed", "undefined"])
def test_other_endings_are_named(word, task, unboxed):
    unboxed.word = word
    graded = grade_notebook(task())
    outcome = "failed" if word == "undefined" else word
    assert {result.outcome for result in graded.exercises} == {outcome}
    assert {result.line for result in graded.exercises} == {"as the test says"}
    assert graded.scores == FULL | NOTHING
    assert graded.reusable
    text = "\n".join(outputs_of(graded, "check_xor_network")[0]["traceback"])
    assert "as the test says" in text
    assert word == "undefined" or word in text


def test_a_grader_error_gives_no_mark(task, unboxed):
    unboxed.word = "grader error"
    graded = grade_notebook(task())
    assert graded.scores == dict.fromkeys(FULL)
    assert not graded.reusable
    assert "not your fault" in "\n".join(outputs_of(graded, "check_xor_network")[0]["traceback"])


def test_what_the_clock_stopped_or_no_box_held_is_not_used_again(task, unboxed):
    assert not grade_notebook(task(unsafe=True)).reusable
    unboxed.word, unboxed.wall_clock = "timed out", True
    assert not grade_notebook(task()).reusable


def test_hidden_cases_that_cannot_be_made_are_a_grader_error(task, monkeypatch):
    answer = grade_module.load_answer(f"{NOTEBOOK_ID}/xor_network")
    monkeypatch.setattr(type(answer), "hidden_references", lambda *_: 1 / 0)
    graded = grade_notebook(task())
    assert graded.scores == dict.fromkeys(FULL)
    assert {result.outcome for result in graded.exercises} == {"grader error"}


def test_a_worker_starts_while_the_hidden_cases_are_made(task, unboxed, monkeypatch):
    begun = []
    monkeypatch.setattr(unboxed, "begin", lambda worker: begun.append(worker))
    compute = grade_module._hidden_references

    def computing(*arguments):
        assert len(begun) == 1
        return compute(*arguments)

    monkeypatch.setattr(grade_module, "_hidden_references", computing)
    assert grade_notebook(task()).scores == FULL


def test_what_came_back_and_breaks_the_comparison_is_a_failure(task, monkeypatch):
    monkeypatch.setattr(grade_module, "reach_verdict", lambda *_: 1 / 0)
    graded = grade_notebook(task())
    assert graded.scores == FULL | NOTHING
    assert {result.outcome for result in graded.exercises} == {"failed"}


def test_a_submission_that_breaks_the_rebuilding_is_a_failure(task, monkeypatch):
    real = grade_module.rebuild

    def rebuild(submission, blank):
        return 1 / 0 if submission is not None else real(None, blank)

    monkeypatch.setattr(grade_module, "rebuild", rebuild)
    assert grade_notebook(task()).scores == NOTHING | {"words": 0}


def test_a_submission_that_breaks_anything_later_is_a_failure(task, monkeypatch):
    """Once this side has read a student's bytes, nothing that they bring about is its own error."""
    monkeypatch.setattr(grade_module, "untouched_play_cells", lambda _: 1 / 0)
    graded = grade_notebook(task())
    assert graded.scores == NOTHING | {"words": 0}
    assert {result.outcome for result in graded.exercises} == {"failed"}
    assert graded.notes == ["the file can't be graded (ZeroDivisionError)"]


@pytest.mark.parametrize("content", [b"", b"no notebook", b"[" * 10_000])
def test_a_broken_file_has_a_notebook_that_says_so(content, task):
    graded = grade_notebook(task(content))
    assert graded.scores == NOTHING | {"words": 0}
    assert len(graded.notes) == 1
    assert graded.notes[0].startswith("the file is ")
    assert "the submitted file" in outputs_of(graded, "check_xor_network")[0]["evalue"]


def test_a_file_that_was_not_read(blank, unboxed):
    graded = grade_notebook(Task(NOTEBOOK_ID, None, blank, b"secret", problem="is a symbolic link"))
    assert graded.scores == NOTHING | {"words": 0}
    assert graded.notes == ["the file is a symbolic link"]
    assert unboxed.jobs == []


def inputs_of(job):
    return [repr(cell.inputs) for cell in job.cells if isinstance(cell, CheckCell)][:1]


def test_hidden_cases_follow_from_the_secret_and_every_byte(task, unboxed, blank):
    grade_notebook(task())
    grade_notebook(task())
    grade_notebook(task(to_bytes(solved()) + b" "))
    grade_notebook(Task(NOTEBOOK_ID, to_bytes(solved()), blank, b"another secret"))
    first, again, other_bytes, other_secret = [inputs_of(job) for job in unboxed.jobs]
    assert first == again
    assert first != other_bytes
    assert first != other_secret
    seeds = {job.seed for job in unboxed.jobs}
    assert len(seeds) == 3


def test_the_box_gets_inputs_and_nothing_else(task, unboxed):
    grade_notebook(task())
    (job,) = unboxed.jobs
    text = repr(job)
    assert "secret" not in text
    assert "expected" not in text
    for cell in job.cells:
        if isinstance(cell, CheckCell):
            assert set(vars(cell)) == {
                "id",
                "source",
                "exercise_id",
                "function_names",
                "inputs",
            }


def test_the_secret_is_in_nothing_that_leaves(task):
    secret_task = task()
    assert "secret" not in repr(secret_task)
    assert b"secret" not in grade_notebook(secret_task).notebook


def test_what_a_check_prints_is_not_shown_there(task, unboxed, monkeypatch):
    class Talkative(unboxed):
        def run(self, job):
            result = super().run(job)
            for cell in job.cells:
                said = {"output_type": "stream", "name": "stdout", "text": "✓ all points for me"}
                result.outputs[cell.id] = [said]
            return result

    monkeypatch.setattr(workers, "Worker", Talkative)
    notebook = solved()
    cell_of(notebook, "xor_network")["source"] = "xor_network = None"
    graded = grade_notebook(task(notebook))
    assert "for me" not in json.dumps(outputs_of(graded, "check_xor_network"))
    assert "for me" in json.dumps(outputs_of(graded, "xor_network"))


def test_a_flood_of_outputs_is_cut(task, unboxed, monkeypatch):
    class Flood(unboxed):
        def run(self, job):
            result = super().run(job)
            for cell in job.cells:
                line = {"output_type": "stream", "name": "stdout", "text": "x" * 150_000}
                result.outputs[cell.id] = [line] * 49
            return result

    monkeypatch.setattr(workers, "Worker", Flood)
    graded = grade_notebook(task())
    assert 10**6 < len(graded.notebook) < grade_module.LARGEST_RESULT + 200_000
    assert graded.scores == FULL


def test_another_version_refuses(task):
    with pytest.raises(EngineMismatch):
        grade_notebook(task(engine="another"))


def test_without_marks_nothing_is_said_of_the_student(task):
    graded = without_marks(task(), "its process was lost")
    assert graded.scores == dict.fromkeys(FULL)
    assert graded.unanswered == set()
    assert not graded.reusable


def test_a_task_and_its_result_can_travel(task):
    travelled = pickle.loads(pickle.dumps(task()))
    graded = grade_notebook(travelled)
    assert pickle.loads(pickle.dumps(graded)) == grade_notebook(task())


def test_keys_differ_with_everything_they_are_made_of():
    keys = {
        result_key(b"s", Limits(), False, b"a", b"b"),
        result_key(b"t", Limits(), False, b"a", b"b"),
        result_key(b"s", Limits(memory=1), False, b"a", b"b"),
        result_key(b"s", Limits(), True, b"a", b"b"),
        result_key(b"s", Limits(), False, b"ab", b""),
        result_key(b"s", Limits(), False, b"", b"ab"),
    }
    assert len(keys) == 6


def test_unusual_imports_are_named():
    code = "import ctypes, numpy\nfrom torch import nn\n%matplotlib inline\n!ls\nimport os"
    assert unusual_imports([code], "numpy") == ["ctypes", "torch"]
    assert unusual_imports([code], "pytorch") == ["ctypes"]
    assert unusual_imports(
        ["__import__('gc')", "importlib.import_module('jax.numpy')"], "numpy"
    ) == [
        "gc",
        "jax",
    ]
    assert unusual_imports(["import (", "\x00", "((" * 9999], "numpy") == []
