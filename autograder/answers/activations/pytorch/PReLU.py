"""What graders know of ``activations/pytorch/PReLU``.

Features are on the last axis here; PyTorch's own layer has them on axis 1.
"""

import numpy as np
import tensorflow as tf
import torch
from torch import nn

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import vjp


class PlainPReLU(nn.Module):
    def __init__(self, num_parameters=1, init=0.25):
        super().__init__()
        self.slopes = nn.Parameter(torch.full((num_parameters,), float(init)))

    def forward(self, x):
        return torch.where(x > 0, x, self.slopes * x)


answer = Answer("activations/pytorch/PReLU", PlainPReLU)


@answer.reference
def _(x, slopes, dout, num_parameters=1, init=0.25):
    out, dx, dslopes = vjp(lambda x, a: tf.where(x > 0, x, a * x), (x, slopes), dout)
    # A new parameter holds init in float32.
    start = np.full(slopes.shape, np.float32(init), dtype=np.float64)
    return start, out, dx, dslopes


def prelu_case(rng, shape, **given):
    """Every feature has both signs; slopes may be negative, or larger than 1."""
    x, slopes = draw.normal(rng, *shape), draw.normal(rng, given.get("num_parameters", 1))
    if shape[0] > 1:
        x[0], x[1] = np.abs(x[0]), -np.abs(x[1])
    slopes[0] = 1.5
    x.flat[0] = 1e-3
    return {"x": x, "slopes": slopes, "dout": draw.normal(rng, *shape)} | given


@answer.cases
def _(rng):
    yield "3 features, a slope for each", prelu_case(rng, (4, 3), num_parameters=3)
    yield "3 features, one slope", prelu_case(rng, (4, 3))
    yield "init=0.1", prelu_case(rng, (3, 2), num_parameters=2, init=0.1)
    yield "init=0.5, one slope", prelu_case(rng, (3, 2), init=0.5)
    yield "three axes", prelu_case(rng, (2, 3, 4), num_parameters=4)
    yield "three axes of one length", prelu_case(rng, (3, 3, 3), num_parameters=3)
    yield "a batch of one", prelu_case(rng, (1, 5), num_parameters=5)


@answer.hidden_cases
def _(rng):
    yield "a large batch", prelu_case(rng, (128, 256), num_parameters=256)


@answer.mistake("The slopes belong to the negative side; positive numbers pass as they are.")
class slope_on_the_positive_side(PlainPReLU):
    def forward(self, x):
        return torch.where(x > 0, self.slopes * x, x)


@answer.mistake("init is ignored: the slopes start there, at 0.25 only if it isn't given.")
class init_ignored(PlainPReLU):
    def __init__(self, num_parameters=1, init=0.25):
        super().__init__(num_parameters)


@answer.mistake("The slopes start at random numbers; they start at init.")
class random_start(PlainPReLU):
    def __init__(self, num_parameters=1, init=0.25):
        super().__init__(num_parameters)
        self.slopes = nn.Parameter(torch.linspace(-1, 1, num_parameters + 2)[1:-1])


@answer.mistake("The slopes start at PyTorch's LeakyReLU's 0.01; here the default is 0.25.")
class default_of_leaky_relu(PlainPReLU):
    def __init__(self, num_parameters=1, init=0.01):
        super().__init__(num_parameters, init)


@answer.mistake(
    "The slopes belong to the last axis, the features; yours lie along axis 1, as in nn.PReLU."
)
class slopes_along_axis_one(PlainPReLU):
    def forward(self, x):
        return nn.functional.prelu(x, self.slopes)


@answer.mistake(
    "The larger of x and slope times x is right for slopes below 1 only; learned ones may be above."
)
class maximum(PlainPReLU):
    def forward(self, x):
        return torch.maximum(x, self.slopes * x)


@answer.mistake("The sign is turned round on the negative side.")
class sign_turned_round(PlainPReLU):
    def forward(self, x):
        return torch.where(x > 0, x, -self.slopes * x)


@answer.mistake("All features share the first slope; each has one of its own.")
class first_slope_for_all(PlainPReLU):
    def forward(self, x):
        # Times 0, so that a gradient of 0 still reaches every slope.
        return torch.where(x > 0, x, (self.slopes[0] + 0 * self.slopes) * x)


@answer.mistake("No gradient reaches the slopes through .data or .detach(): they can't learn.")
class detached(PlainPReLU):
    def forward(self, x):
        # Times 0, as above.
        return torch.where(x > 0, x, (self.slopes.detach() + 0 * self.slopes) * x)


@answer.variant
def two_sides():
    class PReLU(nn.Module):
        def __init__(self, num_parameters=1, init=0.25):
            super().__init__()
            self.alpha = nn.Parameter(init * torch.ones(num_parameters))

        def forward(self, x):
            return torch.relu(x) - self.alpha * torch.relu(-x)

    return PReLU


@answer.variant
def clamps():
    class PReLU(nn.Module):
        def __init__(self, num_parameters=1, init=0.25):
            nn.Module.__init__(self)
            self.weight = nn.Parameter(torch.empty(num_parameters).fill_(init))

        def forward(self, x):
            return x.clamp(min=0) + self.weight * x.clamp(max=0)

    return PReLU


@answer.variant
def nn_prelu_with_features_moved():
    class PReLU(nn.Module):
        def __init__(self, num_parameters=1, init=0.25):
            super().__init__()
            self.inner = nn.PReLU(num_parameters, init)

        def forward(self, x):
            return self.inner(x.reshape(-1, x.shape[-1])).reshape(x.shape)

    return PReLU
