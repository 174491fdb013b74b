"""What graders know of ``regularization/pytorch/LayerNormFunction``."""

import tensorflow as tf
import torch
from torch.autograd import Function

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import vjp
from autograder.answers.regularization.normalization import layernorm_cases, norm_inputs


def forward_pass(ctx, x, gamma, beta, eps, dim=1, correction=0):
    mean = x.mean(dim=dim, keepdim=True)
    inverse = torch.rsqrt(x.var(dim=dim, keepdim=True, correction=correction) + eps)
    xhat = (x - mean) * inverse
    ctx.save_for_backward(xhat, inverse, gamma)
    return gamma * xhat + beta


def backward_pass(ctx, dout):
    xhat, inverse, gamma = ctx.saved_tensors
    dxhat = dout * gamma
    along = (dxhat * xhat).mean(dim=1, keepdim=True)
    dx = inverse * (dxhat - dxhat.mean(dim=1, keepdim=True) - xhat * along)
    return dx, (dout * xhat).sum(dim=0), dout.sum(dim=0), None


class PlainLayerNormFunction(Function):
    forward = staticmethod(forward_pass)
    backward = staticmethod(backward_pass)


answer = Answer("regularization/pytorch/LayerNormFunction", PlainLayerNormFunction)


def tf_layernorm(x, gamma, beta, eps):
    mean, variance = tf.nn.moments(x, axes=[1], keepdims=True)
    return gamma * (x - mean) / tf.sqrt(variance + eps) + beta


@answer.reference
def _(x, gamma, beta, eps, dout, x_needs_gradient=True):
    leaves = x, gamma, beta
    found = vjp(lambda *leaves: tf_layernorm(*leaves, eps), leaves, dout)
    named = dict(zip(("out", "dx", "dgamma", "dbeta"), found, strict=True))
    if not x_needs_gradient:
        del named["dx"]
    return named


def function_case(rng, inputs, **options):
    eps = inputs.pop("options").get("eps", 1e-5)
    return inputs | {"eps": eps, "dout": draw.normal(rng, *inputs["x"].shape)} | options


@answer.cases
def _(rng):
    for label, inputs in layernorm_cases(rng):
        yield label, function_case(rng, inputs)
    inputs = norm_inputs(rng, 3, 4) | {"options": {}}
    yield "x needs no gradient", function_case(rng, inputs, x_needs_gradient=False)


@answer.hidden_cases
def _(rng):
    yield "a large batch", function_case(rng, norm_inputs(rng, 128, 96) | {"options": {}})


@answer.mistake("The statistics run over the batch; here every example has its own.")
class over_the_batch(PlainLayerNormFunction):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        return forward_pass(ctx, x, gamma, beta, eps, dim=0)


@answer.mistake("PyTorch's var is unbiased unless told otherwise; here it is over D.")
class unbiased_variance(PlainLayerNormFunction):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        return forward_pass(ctx, x, gamma, beta, eps, correction=1)


@answer.mistake("eps is added to the standard deviation; it belongs inside the root.")
class eps_outside_the_root(PlainLayerNormFunction):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        forward_pass(ctx, x, gamma, beta, eps)
        centered = x - x.mean(dim=1, keepdim=True)
        return gamma * centered / (x.std(dim=1, keepdim=True, correction=0) + eps) + beta


@answer.mistake("gamma and beta are missing: the output is only normalized.")
class gamma_and_beta_missing(PlainLayerNormFunction):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        forward_pass(ctx, x, gamma, beta, eps)
        return (x - x.mean(dim=1, keepdim=True)) * ctx.to_save[1]


@answer.mistake("Mean and variance depend on x as well; yours are taken for constants.")
class statistics_constant(PlainLayerNormFunction):
    @staticmethod
    def backward(ctx, dout):
        _, inverse, gamma = ctx.saved_tensors
        return dout * gamma * inverse, *backward_pass(ctx, dout)[1:]


@answer.mistake("The way through the variance is missing: every feature of an example moves it.")
class variance_constant(PlainLayerNormFunction):
    @staticmethod
    def backward(ctx, dout):
        _, inverse, gamma = ctx.saved_tensors
        dxhat = dout * gamma
        dx = inverse * (dxhat - dxhat.mean(dim=1, keepdim=True))
        return dx, *backward_pass(ctx, dout)[1:]


@answer.mistake("gamma and beta are shared by the examples: their gradients are sums over these.")
class parameters_averaged(PlainLayerNormFunction):
    @staticmethod
    def backward(ctx, dout):
        dx, dgamma, dbeta, _ = backward_pass(ctx, dout)
        return dx, dgamma / len(dout), dbeta / len(dout), None


@answer.mistake("gamma is missing in dx.")
class gamma_missing_in_dx(PlainLayerNormFunction):
    @staticmethod
    def backward(ctx, dout):
        xhat, inverse, _ = ctx.saved_tensors
        along = (dout * xhat).mean(dim=1, keepdim=True)
        dx = inverse * (dout - dout.mean(dim=1, keepdim=True) - xhat * along)
        return dx, *backward_pass(ctx, dout)[1:]


@answer.variant
def through_the_variance():
    class LayerNormFunction(Function):
        @staticmethod
        def forward(ctx, x, gamma, beta, eps):
            ctx.save_for_backward(x, gamma)
            ctx.eps = eps
            centered = x - x.mean(1, keepdim=True)
            return centered / (centered.square().mean(1, keepdim=True) + eps).sqrt() * gamma + beta

        @staticmethod
        def backward(ctx, dout):
            x, gamma = ctx.saved_tensors
            centered = x - x.mean(1, keepdim=True)
            std = (centered.square().mean(1, keepdim=True) + ctx.eps).sqrt()
            dx = None
            if ctx.needs_input_grad[0]:
                dvar = (dout * gamma * centered).sum(1, keepdim=True) * -0.5 / std**3
                dcentered = dout * gamma / std + 2 * dvar * centered / x.shape[1]
                dx = dcentered - dcentered.mean(1, keepdim=True)
            return dx, torch.einsum("nd,nd->d", dout, centered / std), dout.sum(0), None

    return LayerNormFunction


@answer.variant
def native():
    class LayerNormFunction(Function):
        @staticmethod
        def forward(ctx, x, gamma, beta, eps):
            out, mean, inverse = torch.native_layer_norm(x, (x.shape[-1],), gamma, beta, eps)
            ctx.save_for_backward(x, mean, inverse, gamma, beta)
            return out

        @staticmethod
        def backward(ctx, dout):
            x, mean, inverse, gamma, beta = ctx.saved_tensors
            found = torch.ops.aten.native_layer_norm_backward(
                dout.contiguous(), x, (x.shape[-1],), mean, inverse, gamma, beta, [True] * 3
            )
            return *found, None

    return LayerNormFunction
