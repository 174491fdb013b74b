"""What graders know of ``activations/numpy/maxout_backward``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.activations.numpy.maxout_forward import (
    large_maxout_inputs,
    maxout_inputs,
    maxout_pieces,
    plain_maxout_forward,
    torch_maxout,
)
from autograder.answers.answer import Answer
from autograder.answers.autodiff import vjp


def through(dz, cache):
    """The gradients, from that at all pieces (N, M, K)."""
    x, W, _ = cache
    return np.einsum("nmk,dmk->nd", dz, W), np.einsum("nd,nmk->dmk", x, dz), dz.sum(axis=0)


def gradient_at_the_pieces(dout, cache):
    z = cache[2]
    return dout[:, :, None] * (np.arange(z.shape[2]) == z.argmax(axis=2)[:, :, None])


def plain_maxout_backward(dout, cache):
    return through(gradient_at_the_pieces(dout, cache), cache)


answer = Answer("activations/numpy/maxout_backward", plain_maxout_forward, plain_maxout_backward)


@answer.reference
def _(x, W, b, dout):
    return vjp(torch_maxout, (x, W, b), dout)


def with_dout(rng, cases):
    for label, inputs in cases:
        yield label, inputs | {"dout": draw.normal(rng, len(inputs["x"]), len(inputs["b"]))}


@answer.cases
def _(rng):
    return with_dout(rng, maxout_inputs(rng))


@answer.hidden_cases
def _(rng):
    return with_dout(rng, large_maxout_inputs(rng))


@answer.mistake("All pieces get the gradient; only the largest had a part in the output.")
def gradient_to_all_pieces(dout, cache):
    return through(np.repeat(dout[:, :, None], cache[2].shape[2], axis=2), cache)


@answer.mistake("The gradient is shared out among the pieces; all of it goes to the largest.")
def gradient_shared_out(dout, cache):
    K = cache[2].shape[2]
    return through(np.repeat(dout[:, :, None], K, axis=2) / K, cache)


@answer.mistake("The first piece gets the gradient, whichever is the largest.")
def gradient_to_the_first_piece(dout, cache):
    dz = np.zeros_like(cache[2])
    dz[:, :, 0] = dout
    return through(dz, cache)


@answer.mistake("The largest piece of the batch is taken; each example has its own.")
def one_winner_for_the_batch(dout, cache):
    z = cache[2]
    winner = z.sum(axis=0).argmax(axis=1)
    return through(dout[:, :, None] * (np.arange(z.shape[2]) == winner[:, None]), cache)


@answer.mistake("The winners are multiplied by their value; the slope of a maximum is 1.")
def times_the_value(dout, cache):
    return through(gradient_at_the_pieces(dout, cache) * cache[2], cache)


@answer.mistake("A ReLU crept in: a piece passes gradients even if it is negative.")
def relu_backward(dout, cache):
    return through(gradient_at_the_pieces(dout, cache) * (cache[2] > 0), cache)


@answer.mistake("db isn't summed over the batch: each bias is used once for every example.")
def bias_gradient_not_summed(dout, cache):
    dx, dW, _ = plain_maxout_backward(dout, cache)
    return dx, dW, gradient_at_the_pieces(dout, cache)


@answer.mistake("db goes to all pieces; like dW, it belongs to those that were the largest.")
def bias_gradient_to_all_pieces(dout, cache):
    dx, dW, db = plain_maxout_backward(dout, cache)
    return dx, dW, np.repeat(dout.sum(axis=0)[:, None], db.shape[1], axis=1)


@answer.mistake("dW is averaged over the batch; a loss's 1/N is in dout already.")
def weight_gradient_averaged(dout, cache):
    dx, dW, db = plain_maxout_backward(dout, cache)
    return dx, dW / max(len(dout), 1), db


@answer.mistake("dx uses all pieces' weights; the output depends on the largest piece's alone.")
def input_gradient_through_all_pieces(dout, cache):
    _, dW, db = plain_maxout_backward(dout, cache)
    return np.einsum("nm,dmk->nd", dout, cache[1]), dW, db


@answer.variant
def winners_in_the_cache():
    def maxout_forward(x, W, b):
        z = maxout_pieces(x, W, b)
        return z.max(axis=-1), {"x": x, "W": W, "best": z.argmax(axis=-1)}

    def maxout_backward(dout, cache):
        dz = np.zeros((*dout.shape, cache["W"].shape[2]))
        np.put_along_axis(dz, cache["best"][:, :, None], dout[:, :, None], axis=2)
        flat = dz.reshape(len(dz), dz.shape[1] * dz.shape[2])
        W = cache["W"].reshape(len(cache["W"]), -1)
        return flat @ W.T, (cache["x"].T @ flat).reshape(cache["W"].shape), dz.sum(0)

    return maxout_forward, maxout_backward


@answer.variant
def mask_of_the_largest():
    def maxout_forward(x, W, b):
        return plain_maxout_forward(x, W, b)[0], (x, W, b)

    def maxout_backward(dout, cache):
        z = maxout_pieces(*cache)
        dz = dout[..., None] * (z == z.max(axis=-1, keepdims=True))
        x, W, _ = cache
        return np.tensordot(dz, W, axes=([1, 2], [1, 2])), np.tensordot(x.T, dz, 1), dz.sum(0)

    return maxout_forward, maxout_backward


@answer.variant
def piece_by_piece():
    def maxout_backward(dout, cache):
        x, W, z = cache
        best = z.argmax(axis=2)
        dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(W.shape[1:])
        for k in range(W.shape[2]):
            d = dout * (best == k)
            dx += d @ W[:, :, k].T
            dW[:, :, k] = x.T @ d
            db[:, k] = d.sum(axis=0)
        return dx, dW, db

    return plain_maxout_forward, maxout_backward
