"""What graders know of ``hidden-layers/numpy/dense_backward``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import vjp
from autograder.answers.hidden_layers.numpy.dense_forward import (
    DENSE_SHAPES,
    dense_inputs,
    plain_dense_forward,
    torch_dense,
)


def plain_dense_backward(dout, cache):
    x, W, _ = cache
    return (
        (dout @ W.T).reshape(x.shape),
        x.reshape(len(x), -1).T @ dout,
        dout.sum(axis=0),
    )


answer = Answer("hidden-layers/numpy/dense_backward", plain_dense_forward, plain_dense_backward)


@answer.reference
def _(x, W, b, dout):
    return vjp(torch_dense, (x, W, b), dout)


def with_dout(rng, inputs):
    return inputs | {"dout": draw.normal(rng, len(inputs["x"]), len(inputs["b"]))}


@answer.cases
def _(rng):
    for label, (shape, units) in DENSE_SHAPES.items():
        yield label, with_dout(rng, dense_inputs(rng, shape, units))


@answer.hidden_cases
def _(rng):
    # Differences need two evaluations for each of 50,000 numbers here: half a minute of CPU time.
    yield "a large batch", with_dout(rng, dense_inputs(rng, (128, 14, 14), 128))


@answer.mistake(
    "The bias gradient isn't summed over the batch: b is used once for every example, so what "
    "each example says about it adds up."
)
def bias_gradient_not_summed(dout, cache):
    dx, dW, _ = plain_dense_backward(dout, cache)
    return dx, dW, dout


@answer.mistake(
    "db is the mean over the batch. If the loss is a mean, its 1/N is in dout already: here the "
    "examples only add up."
)
def bias_gradient_averaged(dout, cache):
    dx, dW, _ = plain_dense_backward(dout, cache)
    return dx, dW, dout.mean(axis=0)


@answer.mistake("db is summed over the units; sum over the examples, the other axis.")
def bias_gradient_over_the_wrong_axis(dout, cache):
    dx, dW, _ = plain_dense_backward(dout, cache)
    return dx, dW, dout.sum(axis=1)


@answer.mistake("dW is transposed: it has to have the shape of W, which is (in, out).")
def weight_gradient_transposed(dout, cache):
    dx, dW, db = plain_dense_backward(dout, cache)
    return dx, dW.T, db


@answer.mistake(
    "dW is divided by the batch size. If the loss is a mean, its 1/N is in dout already."
)
def weight_gradient_averaged(dout, cache):
    dx, dW, db = plain_dense_backward(dout, cache)
    return dx, dW / len(dout), db


@answer.mistake("dx has to have the shape of x, images included: undo the flattening.")
def input_gradient_flat(dout, cache):
    dx, dW, db = plain_dense_backward(dout, cache)
    return dx.reshape(len(dx), -1), dW, db


@answer.mistake("dx goes back through W: on the way back its transpose is due.")
def input_gradient_through_untransposed_weights(dout, cache):
    x, W, _ = cache
    _, dW, db = plain_dense_backward(dout, cache)
    return (dout @ W).reshape(x.shape), dW, db


@answer.mistake("The gradients are right but in another order: it is dx, dW, db.")
def gradients_in_another_order(dout, cache):
    dx, dW, db = plain_dense_backward(dout, cache)
    return dW, db, dx


@answer.mistake("The sign is turned round: gradients point uphill, the step turns round.")
def negative_gradients(dout, cache):
    return tuple(-grad for grad in plain_dense_backward(dout, cache))


@answer.mistake("db ignores dout: the gradient from above passes through to the bias.")
def bias_gradient_of_ones(dout, cache):
    dx, dW, db = plain_dense_backward(dout, cache)
    return dx, dW, np.full_like(db, len(dout))


@answer.variant
def einsum_and_dict_cache():
    def dense_forward(x, W, b):
        flat = x.reshape(x.shape[0], -1)
        return flat @ W + b, {"flat": flat, "W": W, "shape": x.shape}

    def dense_backward(dout, cache):
        dx = np.einsum("nm,dm->nd", dout, cache["W"]).reshape(cache["shape"])
        return dx, np.einsum("nd,nm->dm", cache["flat"], dout), np.einsum("nm->m", dout)

    return dense_forward, dense_backward


@answer.variant
def sums_of_outer_products():
    def dense_backward(dout, cache):
        x, W, b = cache
        dW, db = np.zeros_like(W), np.zeros_like(b)
        dx = np.zeros_like(x)
        for n in range(len(x)):
            dW += np.outer(x[n], dout[n])
            db += dout[n]
            dx[n] = (W @ dout[n]).reshape(x[n].shape)
        return [dx, dW, db]

    return plain_dense_forward, dense_backward
