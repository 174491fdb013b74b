"""The capstone's references agree across frameworks and with complex steps, and its digits can be
learned."""

import numpy as np
import pytest

from autograder.answers.capstone import by_tensorflow, by_torch, unseen_digits
from autograder.answers.capstone.cases import (
    draw_network_case,
    draw_training_case,
    make_settings,
    train_by_reference,
)
from autograder.answers.capstone.numpy.plain import PlainNetwork
from autograder.answers.capstone.unseen_digits import draw_digits
from autograder.student.digits import load_digits
from autograder.student.networks import LEAST_ACCURACY
from autograder.student.parameters import flatten_layers
from tests.exercises.agreement import by_complex_step, complex_cross_entropy, complex_scores

SETTINGS = (
    make_settings([5, 7, 4], "relu", 0.05, 0.5),
    make_settings([4, 6, 5, 3], "tanh", 0.02, 0.2),
)


@pytest.mark.parametrize("settings", SETTINGS)
def test_training_agrees_across_frameworks(settings):
    case = draw_training_case(np.random.default_rng(3), 6, settings, 20, 0.1)
    torchs = train_by_reference(by_torch.objective, **case)
    tensorflows = train_by_reference(by_tensorflow.objective, **case)
    assert torchs.keys() == tensorflows.keys()
    for name, value in torchs.items():
        # 20 steps add up rounding errors of 1e-16 each; training doesn't magnify them much.
        np.testing.assert_allclose(value, tensorflows[name], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("settings", SETTINGS)
def test_gradients_agree_with_complex_steps(settings):
    rng = np.random.default_rng(4)
    inputs = draw_network_case(rng, 4, settings)
    x, params, masks = inputs["x"], inputs["params"], inputs["masks"]
    y = rng.integers(0, settings["layer_sizes"][-1], size=len(x))
    _, grads = by_torch.objective(settings, masks)(params, x, y)

    def objective(*flat):
        squares = sum((W**2).sum() for W in flat[::2])
        scores = complex_scores(x, flat, settings, masks)
        return complex_cross_entropy(scores, y) + settings["l2"] / 2 * squares

    _, *exact = by_complex_step(objective, flatten_layers(params), np.array(1.0))
    for grad, due in zip(flatten_layers(grads), exact, strict=True):
        # A complex step has no truncation error: what is left is rounding.
        np.testing.assert_allclose(grad, due, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("sizes", "activation", "initializer"),
    [([64, 48, 10], "relu", "he_normal"), ([64, 48, 32, 10], "tanh", "glorot_normal")],
)
def test_a_right_network_reads_well_above_the_threshold(sizes, activation, initializer):
    accuracies = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x_train, y_train, x_test, y_test = draw_digits(rng, 300, 200)
        network = PlainNetwork(sizes, activation, initializer, 1e-3, 0.2, rng)
        network.fit(x_train, y_train, 30, 20, 0.3)
        accuracies.append(np.mean(network.predict(x_test) == y_test))
    # 200 digits at 0.89 have a standard deviation of 0.022: 0.82 is three of them away from the
    # mean, and three from the threshold.
    assert min(accuracies) > 0.82 > LEAST_ACCURACY + 0.05


def test_unseen_digits_are_under_other_labels_and_no_image_is_left_as_it_was():
    _x_train, y_train, x_test, y_test = draw_digits(np.random.default_rng(0), 300, 200)
    assert (np.diff(y_train) >= 0).all()
    public = load_digits(size=8)
    images = np.concatenate([public.x_train, public.x_test])
    labels = np.concatenate([public.y_train, public.y_test])
    distances = ((x_test[:, None] - images) ** 2).sum(axis=2)
    assert distances.min() > 0.05
    # The nearest public image is mostly the same digit, which goes by another label here.
    nearest = labels[distances.argmin(axis=1)]
    assert np.mean(nearest == y_test) < 0.5
    assert len({*zip(nearest, y_test, strict=True)}) < 40


def test_other_seeds_permute_labels_otherwise():
    first, second = (draw_digits(np.random.default_rng(seed), 50, 50) for seed in (1, 2))
    assert not np.array_equal(first[3], second[3])
    assert len({*first[1], *second[1], *first[3]}) == unseen_digits.CLASSES
