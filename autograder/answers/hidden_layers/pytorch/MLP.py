"""What graders know of ``hidden-layers/pytorch/MLP``."""

from itertools import pairwise

import numpy as np
import torch
from torch import nn

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import relu_network, vjp
from autograder.answers.networks import draw_network
from autograder.student.parameters import flatten_layers


def linear_layers(sizes, bias=True):
    return nn.ModuleList(
        nn.Linear(fan_in, fan_out, bias=bias) for fan_in, fan_out in pairwise(sizes)
    )


class PlainMLP(nn.Module):
    def __init__(self, input_dim, hidden_units, num_classes):
        super().__init__()
        self.layers = linear_layers([input_dim, *hidden_units, num_classes])

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = torch.relu(layer(x))
        return last(x)


answer = Answer("hidden-layers/pytorch/MLP", PlainMLP, float32=False)


@answer.reference
def _(input_dim, hidden_units, num_classes, params, x, dout):
    logits, _, gradient, *_ = vjp(relu_network, [x, *flatten_layers(params)], dout)
    return logits, gradient.T


def mlp_case(rng, examples, input_dim, hidden_units, num_classes):
    x, params = draw_network(rng, examples, input_dim, *hidden_units, num_classes)
    return {
        "input_dim": input_dim,
        "hidden_units": hidden_units,
        "num_classes": num_classes,
        "params": [(W.astype(np.float32), b.astype(np.float32)) for W, b in params],
        "x": x.astype(np.float32),
        "dout": draw.normal(rng, examples, num_classes).astype(np.float32),
    }


# Sizes differ within a case, so that a parameter's shape says which layer it belongs to.
@answer.cases
def _(rng):
    yield "one hidden layer", mlp_case(rng, 4, 3, [5], 2)
    yield "two hidden layers", mlp_case(rng, 5, 4, [6, 3], 2)
    yield "three hidden layers", mlp_case(rng, 3, 2, [5, 4, 6], 3)
    yield "no hidden layer", mlp_case(rng, 4, 3, [], 5)


@answer.hidden_cases
def _(rng):
    yield "a batch of one", mlp_case(rng, 1, 7, [6, 5], 4)


@answer.mistake("The logits went through a ReLU too: after the last layer there is nothing.")
class relu_after_the_last_layer(PlainMLP):
    def forward(self, x):
        return torch.relu(super().forward(x))


@answer.mistake(
    "These are probabilities; logits are due, since PyTorch's cross-entropy applies softmax itself."
)
class softmax_at_the_end(PlainMLP):
    def forward(self, x):
        return torch.softmax(super().forward(x), dim=1)


@answer.mistake(
    "These are log-probabilities; logits are due, since PyTorch's cross-entropy normalizes itself."
)
class log_softmax_at_the_end(PlainMLP):
    def forward(self, x):
        return torch.log_softmax(super().forward(x), dim=1)


@answer.mistake("There is no ReLU between the layers, so they collapse into a single one.")
class no_activation(PlainMLP):
    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


@answer.mistake("Only the first hidden layer has a ReLU; each of them needs one.")
class relu_after_the_first_layer_only(PlainMLP):
    def forward(self, x):
        for number, layer in enumerate(self.layers):
            x = layer(x)
            if number == 0 and len(self.layers) > 1:
                x = torch.relu(x)
        return x


@answer.mistake("The hidden layers' activation is a sigmoid; ReLU is due.")
class sigmoid_in_place_of_relu(PlainMLP):
    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = torch.sigmoid(layer(x))
        return last(x)


@answer.mistake(
    "PyTorch doesn't know of layers in a plain Python list: parameters() leaves them out, and an "
    "optimizer never trains them. There is a list that registers its modules."
)
class layers_in_a_plain_list(PlainMLP):
    def __init__(self, input_dim, hidden_units, num_classes):
        super().__init__(input_dim, hidden_units, num_classes)
        *hidden, self.last = self.layers
        del self.layers
        self.hidden = list(hidden)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.last(x)


@answer.mistake("The last entry of hidden_units has no layer: all of them are hidden layers.")
class last_hidden_layer_missing(PlainMLP):
    def __init__(self, input_dim, hidden_units, num_classes):
        super().__init__(input_dim, hidden_units[:-1], num_classes)


@answer.mistake("Only the first entry of hidden_units became a layer.")
class only_the_first_hidden_layer(PlainMLP):
    def __init__(self, input_dim, hidden_units, num_classes):
        super().__init__(input_dim, hidden_units[:1], num_classes)


@answer.mistake("The layers have no biases.")
class no_biases(PlainMLP):
    def __init__(self, input_dim, hidden_units, num_classes):
        super().__init__(input_dim, hidden_units, num_classes)
        self.layers = linear_layers([input_dim, *hidden_units, num_classes], bias=False)


@answer.mistake("The caller's list hidden_units has grown: make a new list instead of appending.")
class hidden_units_extended(PlainMLP):
    def __init__(self, input_dim, hidden_units, num_classes):
        super().__init__(input_dim, hidden_units, num_classes)
        hidden_units.append(num_classes)


@answer.mistake(
    "The values are right, but the graph is cut on the way (detach, .data, NumPy or no_grad), so "
    "that the layers below the cut never learn."
)
class graph_is_cut(PlainMLP):
    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = torch.relu(layer(x)).detach()
        return last(x)


@answer.variant
def one_sequential():
    class MLP(nn.Module):
        def __init__(self, input_dim, hidden_units, num_classes):
            super().__init__()
            layers, fan_in = [nn.Flatten()], input_dim
            for units in hidden_units:
                layers += [nn.Linear(fan_in, units), nn.ReLU()]
                fan_in = units
            self.net = nn.Sequential(*layers, nn.Linear(fan_in, num_classes))

        def forward(self, x):
            return self.net(x)

    return MLP


@answer.variant
def output_layer_created_first():
    class MLP(nn.Module):
        def __init__(self, input_dim, hidden_units, num_classes):
            super().__init__()
            sizes = [input_dim, *hidden_units]
            self.out = nn.Linear(sizes[-1], num_classes)
            for i in range(len(hidden_units)):
                setattr(self, f"fc{i}", nn.Linear(sizes[i], sizes[i + 1]))
            self.depth = len(hidden_units)

        def forward(self, x):
            for i in range(self.depth):
                x = nn.functional.relu(getattr(self, f"fc{i}")(x))
            return self.out(x)

    return MLP


@answer.variant
def lazy_layers():
    class MLP(nn.Sequential):
        def __init__(self, input_dim, hidden_units, num_classes):
            hidden = [m for units in hidden_units for m in (nn.LazyLinear(units), nn.ReLU())]
            super().__init__(*hidden, nn.LazyLinear(num_classes))

    return MLP
