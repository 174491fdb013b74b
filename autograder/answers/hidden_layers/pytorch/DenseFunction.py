"""What graders know of ``hidden-layers/pytorch/DenseFunction``."""

import torch
from torch.autograd import Function

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import relu_network, vjp


class PlainDenseFunction(Function):
    @staticmethod
    def forward(ctx, x, W, b):
        ctx.save_for_backward(x, W)
        return x @ W + b

    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return dout @ W.T, x.T @ dout, dout.sum(dim=0)


answer = Answer("hidden-layers/pytorch/DenseFunction", PlainDenseFunction)


@answer.reference
def _(x, W, b, dout, x_needs_gradient=True, as_views=False):
    # Without hidden layers, the network is a single dense layer.
    named = dict(zip(("out", "dx", "dW", "db"), vjp(relu_network, (x, W, b), dout), strict=True))
    if not x_needs_gradient:
        del named["dx"]
    return named


def dense_case(rng, examples, fan_in, fan_out, **options):
    return {
        "x": draw.normal(rng, examples, fan_in),
        "W": draw.normal(rng, fan_in, fan_out),
        "b": draw.normal(rng, fan_out),
        "dout": draw.normal(rng, examples, fan_out),
    } | options


@answer.cases
def _(rng):
    yield "three different sizes", dense_case(rng, 4, 3, 2)
    yield "all sizes alike", dense_case(rng, 3, 3, 3)
    yield "a batch of one", dense_case(rng, 1, 2, 4)
    yield "a first layer: x needs no gradient", dense_case(rng, 4, 2, 3, x_needs_gradient=False)
    yield "tensors that are views, not contiguous", dense_case(rng, 3, 4, 2, as_views=True)


@answer.hidden_cases
def _(rng):
    yield "a large batch", dense_case(rng, 256, 96, 64)


@answer.mistake("The bias isn't added.")
class bias_not_added(PlainDenseFunction):
    @staticmethod
    def forward(ctx, x, W, b):
        ctx.save_for_backward(x, W)
        return x @ W


@answer.mistake("W is taken for (out, in), as in nn.Linear; here it is (in, out).")
class weights_as_in_linear(PlainDenseFunction):
    @staticmethod
    def forward(ctx, x, W, b):
        ctx.save_for_backward(x, W)
        return x @ W.T + b

    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return dout @ W, dout.T @ x, dout.sum(dim=0)


@answer.mistake("db is the mean over the batch. If the loss is a mean, its 1/N is in dout already.")
class bias_gradient_averaged(PlainDenseFunction):
    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return dout @ W.T, x.T @ dout, dout.mean(dim=0)


@answer.mistake(
    "dW is divided by the batch size. If the loss is a mean, its 1/N is in dout already."
)
class weight_gradient_averaged(PlainDenseFunction):
    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return dout @ W.T, x.T @ dout / len(x), dout.sum(dim=0)


@answer.mistake("dW is transposed: a gradient has the layout of what it belongs to.")
class weight_gradient_transposed(PlainDenseFunction):
    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return dout @ W.T, dout.T @ x, dout.sum(dim=0)


@answer.mistake("dx goes back through W: on the way back its transpose is due.")
class input_gradient_through_untransposed_weights(PlainDenseFunction):
    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return dout @ W, x.T @ dout, dout.sum(dim=0)


@answer.mistake("db is summed over the units; sum over the examples, the other axis.")
class bias_gradient_over_the_wrong_axis(PlainDenseFunction):
    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return dout @ W.T, x.T @ dout, dout.sum(dim=1)


@answer.mistake("The gradients come back in the wrong order: it is that of the inputs, x, W, b.")
class gradients_in_another_order(PlainDenseFunction):
    @staticmethod
    def backward(ctx, dout):
        x, W = ctx.saved_tensors
        return x.T @ dout, dout @ W.T, dout.sum(dim=0)


@answer.mistake(
    "backward leaves out the gradient from above: it returns the derivatives of the output's sum."
)
class gradient_from_above_ignored(PlainDenseFunction):
    @staticmethod
    def backward(ctx, dout):
        return PlainDenseFunction.backward(ctx, torch.ones_like(dout))


@answer.mistake("The sign is turned round: gradients point uphill, the step turns round.")
class negative_gradients(PlainDenseFunction):
    @staticmethod
    def backward(ctx, dout):
        return tuple(-grad for grad in PlainDenseFunction.backward(ctx, dout))


@answer.mistake("dout was changed in place; other parts of the graph may still need it.")
class gradient_from_above_changed(PlainDenseFunction):
    @staticmethod
    def backward(ctx, dout):
        gradients = PlainDenseFunction.backward(ctx, dout)
        dout.mul_(0.5)
        return gradients


@answer.variant
def with_setup_context():
    class DenseFunction(Function):
        @staticmethod
        def forward(x, W, b):
            return torch.addmm(b, x, W)

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, W, _ = inputs
            ctx.save_for_backward(x, W)

        @staticmethod
        def backward(ctx, grad_output):
            x, W = ctx.saved_tensors
            dx = dW = db = None
            if ctx.needs_input_grad[0]:
                dx = grad_output.mm(W.t())
            if ctx.needs_input_grad[1]:
                dW = x.t().mm(grad_output)
            if ctx.needs_input_grad[2]:
                db = grad_output.sum(0)
            return dx, dW, db

    return DenseFunction


@answer.variant
def einsum_and_attributes():
    class DenseFunction(Function):
        @staticmethod
        def forward(ctx, x, W, b):
            ctx.x, ctx.W = x, W
            return torch.einsum("nd,dm->nm", x, W) + b

        @staticmethod
        def backward(ctx, g):
            dx = torch.einsum("nm,dm->nd", g, ctx.W)
            return dx, torch.einsum("nd,nm->dm", ctx.x, g), torch.einsum("nm->m", g)

    return DenseFunction


@answer.variant
def bias_gradient_left_to_broadcasting():
    class DenseFunction(PlainDenseFunction):
        @staticmethod
        def backward(ctx, dout):
            # PyTorch itself sums a gradient down to the shape of the input it belongs to.
            dx, dW, _ = PlainDenseFunction.backward(ctx, dout)
            return dx, dW, dout

    return DenseFunction
