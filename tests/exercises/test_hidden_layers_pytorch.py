"""What the adequacy of mistakes and variants doesn't show of hidden-layers/pytorch."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograder.answers import autodiff, autodiff_tensorflow, load_answer
from autograder.answers.networks import away_from_kinks, draw_network, join, split
from autograder.student.observe import observe
from autograder.student.parameters import flatten_layers
from autograder.student.verdict import reach_verdict

visible_references = cache(lambda answer: answer.visible_references())


def check(name, *functions):
    """The verdict on the visible cases."""
    answer = load_answer(f"hidden-layers/pytorch/{name}")
    references = visible_references(answer)
    observations = [observe(answer.exercise, functions, case.inputs) for case in references.cases]
    return reach_verdict(answer.exercise, references, observations)


def test_both_frameworks_find_the_same_gradients():
    rng = np.random.default_rng(0)
    x, params = draw_network(rng, 6, 5, 4, 3)
    dout = rng.normal(size=(6, 3))

    def torch_network(x, W1, b1, W2, b2):
        return torch.relu(x @ W1 + b1) @ W2 + b2

    inputs = [x, *flatten_layers(params)]
    _, *by_tensorflow = autodiff_tensorflow.vjp(autodiff_tensorflow.relu_network, inputs, dout)
    by_torch = autodiff.vjp(torch_network, inputs, dout)
    for a, b in zip(by_tensorflow, by_torch, strict=True):
        # Sums of a few dozen terms in another order: some units in the sixteenth digit.
        np.testing.assert_allclose(a, b, rtol=1e-13, atol=1e-13)


def test_networks_are_drawn_away_from_their_kinks():
    x = np.array([[1.0]])
    assert away_from_kinks(x, [(np.array([[1.0]]), np.array([1.0]))] * 2)
    assert not away_from_kinks(x, [(np.array([[1.0]]), np.array([-1.001]))] * 2)
    # The last layer has no ReLU.
    assert away_from_kinks(x, [(np.array([[1.0]]), np.array([-1.0]))])


def test_joining_and_splitting():
    _, params = draw_network(np.random.default_rng(0), 2, 3, 4, 2)
    again = split(join(params), params)
    for a, b in zip(flatten_layers(params), flatten_layers(again), strict=True):
        np.testing.assert_array_equal(a, b)


class Network(nn.Module):
    def __init__(self, input_dim, hidden_units, num_classes):
        super().__init__()
        sizes = [input_dim, *hidden_units, num_classes]
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in pairwise(sizes))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


def test_modules_whose_output_is_something_else():
    class Nothing(Network):
        def forward(self, x):
            return None

    class Array(Network):
        def forward(self, x):
            return super().forward(x).detach().numpy()

    class Pair(Network):
        def forward(self, x):
            return super().forward(x), x

    class FirstColumn(Network):
        def forward(self, x):
            return super().forward(x)[:, 0]

    class NotAModule:
        def __init__(self, *args):
            pass

    modules = (Network, Nothing, Array, Pair, FirstColumn, NotAModule)
    stages = [check("MLP", module).stage for module in modules]
    assert stages == [None, "unsolved", "kind", "kind", "shape", "kind"]


class Function(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W, b):
        ctx.save_for_backward(x, W)
        return x @ W + b

    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return dout @ W.T, x.T @ dout, dout.sum(0)


def test_functions_that_return_something_else():
    class NoOutput(Function):
        @staticmethod
        def forward(ctx, x, W, b):
            return None

    class NoGradients(Function):
        @staticmethod
        def backward(ctx, dout):
            return None, None, None

    class OneGradientMissing(Function):
        @staticmethod
        def backward(ctx, dout):
            return *Function.backward(ctx, dout)[:2], None

    class TwoGradients(Function):
        @staticmethod
        def backward(ctx, dout):
            return Function.backward(ctx, dout)[:2]

    functions = (Function, NoOutput, NoGradients, OneGradientMissing, TwoGradients)
    stages = [check("DenseFunction", function).stage for function in functions]
    assert stages == [None, "unsolved", "unsolved", "kind", "runs"]


@pytest.mark.parametrize("place", range(3))
def test_inputs_that_forward_changes(place):
    class InPlace(Function):
        @staticmethod
        def forward(ctx, *inputs):
            out = Function.forward(ctx, *(tensor.clone() for tensor in inputs))
            inputs[place].add_(1)
            return out

    verdict = check("DenseFunction", InPlace)
    assert verdict.stage == "arguments"
    assert f"argument {'xWb'[place]}" in verdict.message


def test_loading_nothing_is_unsolved():
    assert check("load_dense", lambda linear, W, b: None).stage == "unsolved"


def test_what_load_dense_returns_is_its_own_affair():
    right = load_answer("hidden-layers/pytorch/load_dense").plain[0]

    def load_dense(linear, W, b):
        right(linear, W, b)
        return linear

    assert check("load_dense", load_dense).passed


def test_a_step_without_a_loss_is_unsolved_only_if_nothing_moved():
    right = load_answer("hidden-layers/pytorch/train_step").plain[0]

    def forgets_to_return(*args):
        right(*args)

    assert check("train_step", lambda *args: None).stage == "unsolved"
    assert check("train_step", forgets_to_return).stage == "kind"


def test_the_loss_is_a_float_and_no_tensor():
    right = load_answer("hidden-layers/pytorch/train_step").plain[0]
    assert check("train_step", lambda *args: np.float64(right(*args))).passed
    assert check("train_step", lambda *args: torch.tensor(right(*args))).stage == "kind"
