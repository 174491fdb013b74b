"""What graders know of ``activations/pytorch/Maxout``."""

import tensorflow as tf
import torch
from torch import nn

from autograder.answers import draw
from autograder.answers.activations.numpy.maxout_forward import (
    MAXOUT_SHAPES,
    draw_maxout,
    large_maxout_inputs,
)
from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import vjp


class PlainMaxout(nn.Module):
    def __init__(self, in_features, out_features, pieces):
        super().__init__()
        self.W = nn.Parameter(torch.randn(in_features, out_features, pieces))
        self.b = nn.Parameter(torch.zeros(out_features, pieces))

    def pieces(self, x):
        return torch.einsum("nd,dmk->nmk", x, self.W) + self.b

    def forward(self, x):
        return self.pieces(x).max(dim=2).values


answer = Answer("activations/pytorch/Maxout", PlainMaxout)


@answer.reference
def _(x, W, b, dout):
    def maxout(x, W, b):
        return tf.reduce_max(tf.einsum("nd,dmk->nmk", x, W) + b, axis=2)

    return vjp(maxout, (x, W, b), dout)


def with_dout(rng, inputs):
    return inputs | {"dout": draw.normal(rng, len(inputs["x"]), len(inputs["b"]))}


@answer.cases
def _(rng):
    for label, shape in MAXOUT_SHAPES.items():
        yield label, with_dout(rng, draw_maxout(rng, *shape))


@answer.hidden_cases
def _(rng):
    for label, inputs in large_maxout_inputs(rng):
        yield label, with_dout(rng, inputs)


@answer.mistake("The bias is missing: each piece has one of its own.")
class bias_missing(PlainMaxout):
    def pieces(self, x):
        # Times 0, so that a gradient of 0 still reaches it.
        return torch.einsum("nd,dmk->nmk", x, self.W) + 0 * self.b


@answer.mistake("The bias comes too late: it may decide which piece is the largest.")
class bias_after_the_maximum(PlainMaxout):
    def forward(self, x):
        largest = torch.einsum("nd,dmk->nmk", x, self.W).max(dim=2).values
        return largest + self.b.max(dim=1).values


@answer.mistake("The pieces are added up; only the largest of them counts.")
class sum_of_the_pieces(PlainMaxout):
    def forward(self, x):
        return self.pieces(x).sum(dim=2)


@answer.mistake("The pieces are averaged; only the largest of them counts.")
class mean_of_the_pieces(PlainMaxout):
    def forward(self, x):
        return self.pieces(x).mean(dim=2)


@answer.mistake("Maxout may be negative: there is no ReLU after the maximum.")
class relu_after_the_maximum(PlainMaxout):
    def forward(self, x):
        return torch.relu(self.pieces(x).max(dim=2).values)


@answer.mistake("The smallest piece is taken; the largest counts.")
class minimum(PlainMaxout):
    def forward(self, x):
        return self.pieces(x).min(dim=2).values


@answer.mistake(
    "A smooth maximum (softmax, logsumexp) lets all pieces have a part; only the largest counts."
)
class smooth_maximum(PlainMaxout):
    def forward(self, x):
        return self.pieces(x).logsumexp(dim=2)


@answer.mistake("The largest piece counts, not the one farthest from 0.")
class largest_absolute_value(PlainMaxout):
    def forward(self, x):
        return self.pieces(x).abs().max(dim=2).values


@answer.variant
def one_product():
    class Maxout(nn.Module):
        def __init__(self, in_features, out_features, pieces):
            super().__init__()
            self.W = nn.Parameter(torch.rand(in_features, out_features, pieces) - 0.5)
            self.b = nn.Parameter(torch.empty(out_features, pieces).uniform_())

        def forward(self, x):
            z = x @ self.W.flatten(1) + self.b.flatten()
            return torch.amax(z.view(len(x), *self.b.shape), dim=-1)

    return Maxout


@answer.variant
def piece_by_piece():
    class Maxout(nn.Module):
        def __init__(self, in_features, out_features, pieces):
            super().__init__()
            self.b = nn.Parameter(torch.zeros(out_features, pieces))
            self.W = nn.Parameter(0.1 * torch.randn(in_features, out_features, pieces))

        def forward(self, x):
            out = x @ self.W[..., 0] + self.b[:, 0]
            for k in range(1, self.b.shape[1]):
                out = torch.maximum(out, x @ self.W[..., k] + self.b[:, k])
            return out

    return Maxout


@answer.variant
def tensordot():
    class Maxout(PlainMaxout):
        def forward(self, x):
            z = torch.tensordot(x, self.W, dims=1).add(self.b)
            return z.gather(2, z.argmax(dim=2, keepdim=True)).squeeze(2)

    return Maxout
