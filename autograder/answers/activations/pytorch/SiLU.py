"""What graders know of ``activations/pytorch/SiLU``."""

import tensorflow as tf
import torch

from autograder.answers.activations.elementwise import inputs_with, large_inputs, with_dout
from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import vjp


class PlainSiLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return dout * (s + x * s * (1 - s))


answer = Answer("activations/pytorch/SiLU", PlainSiLU)


@answer.reference
def _(x, dout):
    return vjp(tf.nn.silu, (x,), dout)


@answer.cases
def _(rng):
    return with_dout(rng, inputs_with(rng, [{}], zero=True))


@answer.hidden_cases
def _(rng):
    return with_dout(rng, large_inputs(rng, [{}]))


@answer.mistake("The product rule has two terms: x times the slope of sigmoid is missing.")
class second_term_missing(PlainSiLU):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * torch.sigmoid(x)


@answer.mistake("The product rule has two terms: sigmoid itself is missing.")
class first_term_missing(PlainSiLU):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return dout * x * s * (1 - s)


@answer.mistake("The slope of sigmoid is s (1 - s); one of its factors is missing.")
class factor_missing(PlainSiLU):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return dout * (s + x * (1 - s))


@answer.mistake("The two terms of the product rule are added; yours are subtracted.")
class terms_subtracted(PlainSiLU):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return dout * (s - x * s * (1 - s))


@answer.mistake("backward gets dout, the gradient from above, which multiplies the derivative.")
class dout_ignored(PlainSiLU):
    @staticmethod
    def backward(ctx, dout):
        return PlainSiLU.backward(ctx, torch.ones_like(dout))


@answer.mistake("The output is sigmoid alone; SiLU is x times it.")
class sigmoid_alone(PlainSiLU):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)


@answer.mistake("For large x that is infinity over infinity: torch.sigmoid is stable.")
class overflows(PlainSiLU):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.exp(x) / (1 + torch.exp(x))


@answer.mistake(
    "x is kept in a place that all calls share, so that the last call's x is used in every "
    "backward. ctx belongs to one call: save_for_backward keeps what that call needs."
)
class saved_for_all_calls(PlainSiLU):
    @classmethod
    def forward(cls, ctx, x):
        cls.x = x
        return x * torch.sigmoid(x)

    @classmethod
    def backward(cls, ctx, dout):
        s = torch.sigmoid(cls.x)
        return dout * (s + cls.x * s * (1 - s)).mean()


@answer.variant
def sigmoid_saved_too():
    class SiLU(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            s = x.sigmoid()
            out = x * s
            ctx.save_for_backward(out, s)
            return out

        @staticmethod
        def backward(ctx, dout):
            out, s = ctx.saved_tensors
            return dout * (out + s * (1 - out))

    return SiLU


@answer.variant
def own_sigmoid():
    class SiLU(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.s = 1 / (1 + torch.exp(-x))
            ctx.save_for_backward(x)
            return x * ctx.s

        @staticmethod
        def backward(ctx, dout):
            (x,) = ctx.saved_tensors
            dx = ctx.s * (1 + x * (1 - ctx.s))
            dx *= dout
            return dx

    return SiLU


@answer.variant
def setup_context():
    class SiLU(torch.autograd.Function):
        @staticmethod
        def forward(x):
            return torch.nn.functional.silu(x)

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)

        @staticmethod
        def backward(ctx, dout):
            (x,) = ctx.saved_tensors
            t = torch.tanh(x / 2)
            return dout * 0.5 * (1 + t + 0.5 * x * (1 - t**2))

    return SiLU
