"""What ``agreement.py`` leaves out of hidden-layers/numpy: a loss in fifty digits, and a count."""

import mpmath
import pytest

from autograder.answers import load_answer

ALLOWED = 1e-11


def small_cases(name):
    return list(_small_cases(name))


def _small_cases(name):
    answer = load_answer(f"hidden-layers/numpy/{name}")
    for case in answer.visible_references().cases:
        if "float32" not in case.label:
            yield pytest.param(case, id=case.label)


@pytest.mark.parametrize("case", small_cases("softmax_cross_entropy"))
def test_softmax_cross_entropy_in_fifty_digits(case):
    scores, y = case.inputs["scores"], case.inputs["y"]
    with mpmath.workdps(50):
        total = mpmath.mpf(0)
        for n, row in enumerate(scores):
            weights = [mpmath.exp(mpmath.mpf(score)) for score in row]
            total -= mpmath.log(weights[y[n]] / sum(weights))
            for c, weight in enumerate(weights):
                exact = (weight / sum(weights) - (c == y[n])) / len(y)
                assert abs(case.expected["dscores"][n, c] - exact) < ALLOWED
        assert mpmath.almosteq(total / len(y), float(case.expected["loss"]), ALLOWED)


def test_count_parameters_is_keras_own_count():
    import keras

    for parameter in small_cases("count_parameters"):
        case = parameter.values[0]
        sizes = case.inputs["layer_sizes"]
        model = keras.Sequential([keras.layers.Input((sizes[0],))])
        for units in sizes[1:]:
            model.add(keras.layers.Dense(units))
        assert model.count_params() == case.expected["count"]
