"""The references of ``regularization`` that ``agreement.py`` leaves out.

Masks are judged by distribution: fair ones pass, faked ones don't.
"""

import numpy as np
import pytest
import tensorflow as tf

from autograder.answers import load_answer
from autograder.student import masks
from autograder.student.exercise import Wrong

# Two frameworks' sums of a few dozen float64 numbers differ in the last two or three digits.
RTOL, ATOL = 1e-12, 1e-12


def test_global_norm_agrees_with_tensorflow():
    answer = load_answer("regularization/numpy/clip_by_global_norm")
    for case in answer.hidden_references(7).cases:
        grads = [tf.constant(np.asarray(grad, float)) for grad in case.inputs["grads"]]
        clipped, norm = tf.clip_by_global_norm(grads, case.inputs["max_norm"])
        for value, due in zip([norm, *clipped], case.expected.values(), strict=True):
            np.testing.assert_allclose(value, due, rtol=RTOL, atol=ATOL)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_fair_masks_pass(rate):
    for seed in range(5):
        masks.check_masks(np.random.default_rng(seed).random((3, 40, 50)) >= rate, rate)
        masks.check_masks(
            np.random.default_rng(seed).random((1000, 2, 2)) >= rate, rate, small=True
        )


def rows_alike(rng):
    return np.broadcast_to(rng.random((3, 1, 50)) >= 0.3, (3, 40, 50))


def mirrored(rng):
    half = rng.random((3, 40, 25)) >= 0.3
    return np.concatenate([half, half[:, ::-1, ::-1]], axis=2)


def tiled(rng):
    return np.tile(rng.random((3, 20, 50)) >= 0.3, (1, 2, 1))


def drawn_once(rng):
    return np.repeat(rng.random((1, 40, 50)) >= 0.3, 3, axis=0)


def share_of_kept(rng):
    return rng.random((3, 40, 50)) >= 0.7


@pytest.mark.parametrize("fake", [rows_alike, mirrored, tiled, drawn_once, share_of_kept])
def test_faked_masks_fail(fake):
    for seed in range(3):
        with pytest.raises(Wrong):
            masks.check_masks(fake(np.random.default_rng(seed)), 0.3)


def test_a_fixed_number_of_dropped_elements_fails():
    rng = np.random.default_rng(0)
    fixed = rng.permuted(np.tile([True, True, False, False], (2000, 1)), axis=1)
    with pytest.raises(Wrong, match="independent"):
        masks.check_masks(fixed.reshape(2000, 2, 2), 0.5, small=True)
