"""What a student reads: one clear line for every way an answer can be off."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from autograder import check
from autograder.answers import load_answer
from autograder.answers.hidden_layers.numpy.dense_backward import plain_dense_backward
from autograder.answers.hidden_layers.numpy.dense_forward import plain_dense_forward
from autograder.student.check import CheckFailed
from autograder.student.observe import observe
from autograder.student.verdict import reach_verdict

COLORS = re.compile(r"\x1b\[[\d;]*m")


def message_of(name, *functions) -> str:
    with pytest.raises(CheckFailed) as raised:
        check(name, *functions)
    assert "Traceback" not in str(raised.value)
    return COLORS.sub("", str(raised.value))


def forward_giving(change):
    """A dense_forward whose right output is changed."""
    return lambda x, W, b: (change(plain_dense_forward(x, W, b)[0]), None)


def test_a_right_answer_says_what_was_compared(capsys):
    check("dense_backward", plain_dense_forward, plain_dense_backward)
    printed = " ".join(COLORS.sub("", capsys.readouterr().out).split())
    assert printed.startswith("✓ dense_backward")
    assert "dx, dW, db with the reference" in printed
    assert "a batch of one" in printed


def test_a_misspelt_name_is_told_what_was_meant():
    assert 'Did you mean "dense_backward"' in message_of("dense_bakward", len)


def test_a_name_of_two_notebooks_is_told_both():
    message = message_of("train_step", len)
    assert '"keras/train_step"' in message
    assert '"pytorch/train_step"' in message


def test_too_few_functions_are_told_the_call():
    message = message_of("dense_backward", plain_dense_backward)
    assert 'check("dense_backward", dense_forward, dense_backward)' in message


def test_a_result_instead_of_a_function():
    assert "dense_forward is an array of shape (2,), not a function" in message_of(
        "dense_forward", np.zeros(2)
    )


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (None, "not solved yet"),
        ((None, None), "not solved yet"),
        ((1, 2, 3), "returned 3 values, not the 2 values (out, cache)"),
        (np.zeros(2), "returned an array of shape (2,), not the 2 values (out, cache)"),
        (([1.0, 2.0], None), "out is a list of 2, where a NumPy array is due: np.array(...)"),
        ((torch.zeros(2, 2), None), "out is a PyTorch tensor, where a NumPy array is due"),
        ((3.0, None), "out is a single number, where a NumPy array is due"),
        ((np.array([None, 1]), None), "out is an array of dtype object"),
        ((np.zeros((7, 1)), None), "out has shape (7, 1), expected (2, 2)"),
        (("text", None), "out is a str, where a NumPy array is due"),
    ],
    ids=str,
)
def test_the_wrong_kind_of_thing(returned, expected):
    assert expected in message_of("dense_forward", lambda x, W, b: returned)


def test_wrong_shapes_that_are_transposed_say_so():
    def transposed(x, W, b):
        return plain_dense_forward(x, W, b)[0].T, None

    def square_first(x, W, b):
        return (np.zeros((2, 2)) if x.shape == (2, 3) else transposed(x, W, b)[0]), None

    assert "dense_forward" in message_of("dense_forward", square_first)
    assert "shape of the transpose" in message_of(
        "mlp_forward", lambda x, params: (np.zeros((params[-1][1].size, len(x))), None)
    )


def test_whole_numbers_lose_decimals():
    message = message_of("dense_forward", forward_giving(lambda out: out.astype(int)))
    assert "out is int64, where float64 is due" in message


def test_nan_is_named_with_its_place():
    def with_nan(out):
        out[1, 0] = np.nan
        return out

    message = message_of("dense_forward", forward_giving(with_nan))
    assert "out[1, 0] is nan, expected" in message
    assert "1 of 4 elements not finite" in message


def test_a_changed_argument_is_named():
    def changes_x(x, W, b):
        out = plain_dense_forward(x, W, b)
        x += 1
        return out

    assert "changed its argument x" in message_of("dense_forward", changes_x)


def test_a_changed_cache_is_named():
    def changes_cache(dout, cache):
        grads = plain_dense_backward(dout, cache)
        cache[0][...] = 0
        return grads

    def forward_with_a_copy(x, W, b):
        return plain_dense_forward(x, W, b)[0], (x.copy(), W, b)

    assert "changed the cache" in message_of("dense_backward", forward_with_a_copy, changes_cache)


def test_an_exception_is_one_line_with_its_place_however_long():
    def fails(x, W, b):
        raise ValueError("much too long " * 1000)

    message = message_of("dense_forward", fails)
    assert "ValueError: much too long" in message
    assert "raised in fails" in message
    assert len(message) < 1000


def test_leaving_the_program_is_a_failed_check():
    def leaves(x, W, b):
        raise SystemExit("bye")

    assert "SystemExit: bye" in message_of("dense_forward", leaves)


def test_an_exception_that_cannot_be_printed():
    class Unprintable(Exception):
        def __str__(self):
            raise RuntimeError

    def fails(x, W, b):
        raise Unprintable

    assert "Unprintable" in message_of("dense_forward", fails)


@pytest.mark.parametrize(
    ("change", "pattern"),
    [
        (lambda out: -out, "opposite sign"),
        (lambda out: 2.5 * out, "2.5 times what is expected"),
        (lambda out: out / 4, "divided by 4"),
        (lambda out: out + 3, "3 too large everywhere"),
        (lambda out: np.zeros_like(out), "zero everywhere"),
        (lambda out: out.T.copy() if out.shape == (2, 2) else out, "the transpose"),
    ],
)
def test_a_pattern_is_named(change, pattern):
    message = message_of("dense_forward", forward_giving(change))
    assert pattern in message
    assert "off by" in message


def test_a_known_mistake_gets_its_sentence():
    def not_summed(dout, cache):
        dx, dW, _ = plain_dense_backward(dout, cache)
        return dx, dW, dout

    message = message_of("dense_backward", plain_dense_forward, not_summed)
    assert "db has shape (2, 2), expected (2,)" in message
    assert "looks like The bias gradient isn't summed over the batch" in message


def test_where_nothing_was_computed_no_mistake_is():
    def crashing(x, W, b):
        raise IndexError

    class NotToBeLookedAt(dict):
        def get(self, name):
            raise AssertionError(f"{name} was computed")

    answer = load_answer("hidden-layers/numpy/dense_forward")
    hidden = answer.hidden_references(1)
    cases = [replace(case, mistakes=NotToBeLookedAt()) for case in hidden.cases]
    observed = [observe(answer.exercise, (crashing,), case.inputs) for case in cases]
    verdict = reach_verdict(answer.exercise, replace(hidden, cases=cases), observed)
    assert verdict.stage == "runs" and verdict.mistake is None


def test_stderr_of_a_right_answer_does_not_reach_stderr(capsys):
    def warns(x, W, b):
        print("careful", file=__import__("sys").stderr)
        return plain_dense_forward(x, W, b)

    check("dense_forward", warns)
    assert capsys.readouterr().err == ""


def test_only_numpy_is_imported_to_check_a_numpy_exercise():
    import subprocess
    import sys

    code = (
        "import sys, autograder; "
        "print([m for m in ('torch', 'tensorflow', 'keras', 'sklearn', 'nbgrader', "
        "'autograder.answers') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert printed.strip() == "[]"
