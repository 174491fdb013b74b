"""What graders know of ``activations/pytorch/Softplus``."""

import tensorflow as tf
import torch

from autograder.answers.activations.elementwise import inputs_with, large_inputs, with_dout
from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import vjp


class PlainSoftplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.relu(x) + torch.log1p(torch.exp(-torch.abs(x)))

    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * torch.sigmoid(x)


answer = Answer("activations/pytorch/Softplus", PlainSoftplus)


@answer.reference
def _(x, dout):
    return vjp(tf.nn.softplus, (x,), dout)


@answer.cases
def _(rng):
    return with_dout(rng, inputs_with(rng, [{}], zero=True))


@answer.hidden_cases
def _(rng):
    return with_dout(rng, large_inputs(rng, [{}]))


@answer.mistake(
    "exp of a large x overflows in forward, though softplus is hardly more than x there. What is "
    "left if you take max(x, 0) out of the logarithm?"
)
class overflows_forward(PlainSoftplus):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.log(1 + torch.exp(x))


@answer.mistake("In backward, exp(x) / (1 + exp(x)) is infinity over infinity for large x.")
class overflows_backward(PlainSoftplus):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * torch.exp(x) / (1 + torch.exp(x))


@answer.mistake("backward gets dout, the gradient from above, which multiplies the derivative.")
class dout_ignored(PlainSoftplus):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return torch.sigmoid(x)


@answer.mistake(
    "backward falls where it should rise: the logarithm's inner derivative is missing, or a sign "
    "in the exponent is wrong."
)
class mirrored_backward(PlainSoftplus):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * torch.sigmoid(-x)


@answer.mistake("That is ReLU's slope, a step; softplus goes from 0 to 1 smoothly.")
class step_backward(PlainSoftplus):
    @staticmethod
    def backward(ctx, dout):
        (x,) = ctx.saved_tensors
        return dout * (x > 0)


@answer.mistake("The sigmoid is taken of the output; the derivative is sigmoid of x.")
class sigmoid_of_the_output(PlainSoftplus):
    @staticmethod
    def forward(ctx, x):
        out = PlainSoftplus.forward(ctx, x)
        ctx.save_for_backward(out)
        return out


@answer.mistake("The logarithm is only the smaller part: for large x, softplus is close to x.")
class maximum_forgotten(PlainSoftplus):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.log1p(torch.exp(-torch.abs(x)))


@answer.mistake("You go over to x too early: at 5 softplus is still 0.007 more.")
class linear_too_early(PlainSoftplus):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.where(x > 5, x, torch.log1p(torch.exp(x.clamp(max=5))))


@answer.variant
def logaddexp():
    class Softplus(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            out = torch.logaddexp(x, torch.zeros_like(x))
            ctx.save_for_backward(out)
            return out

        @staticmethod
        def backward(ctx, dout):
            (out,) = ctx.saved_tensors
            return -dout * torch.expm1(-out)

    return Softplus


@answer.variant
def threshold_of_the_framework():
    class Softplus(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return torch.nn.functional.softplus(x)

        @staticmethod
        def backward(ctx, dout):
            return dout / (1 + torch.exp(-ctx.saved_tensors[0]))

    return Softplus


@answer.variant
def two_sides():
    class Softplus(torch.autograd.Function):
        @staticmethod
        def forward(x):
            return torch.where(x > 0, x + torch.log1p(torch.exp(-x)), torch.log1p(torch.exp(x)))

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(inputs[0])

        @staticmethod
        def backward(ctx, dout):
            (x,) = ctx.saved_tensors
            dx = dout.clone()
            dx *= 0.5 * (1 + torch.tanh(x / 2))
            return dx

    return Softplus
