"""What graders know of ``regularization/numpy/weight_decay_step``."""

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_weight_decay_step(W, dW, lr, decay):
    return W - lr * dW - lr * decay * W


answer = Answer("regularization/numpy/weight_decay_step", plain_weight_decay_step)


@answer.reference
def _(W, dW, lr, decay):
    # For plain gradient descent, and only there, decay and an L2 penalty are one.
    leaf = tensor(W)
    leaf.grad = torch.tensor(np.asarray(dW, dtype=np.float64))
    torch.optim.SGD([leaf], lr=lr, weight_decay=decay).step()
    return leaf.detach().numpy()


@answer.cases
def _(rng):
    for label, shape, lr, decay in (
        ("a matrix", (3, 2), 0.5, 0.25),
        ("a vector, a small rate", (4,), 0.1, 0.01),
        ("a kernel", (2, 2, 1, 3), 2.0, 0.1),
        ("no decay", (2, 3), 0.5, 0.0),
        ("a learning rate of 0", (2, 3), 0.0, 0.5),
    ):
        inputs = {"W": draw.normal(rng, *shape), "dW": draw.normal(rng, *shape)}
        yield label, inputs | {"lr": lr, "decay": decay}


@answer.mistake("The decay isn't multiplied by the learning rate.")
def decay_without_learning_rate(W, dW, lr, decay):
    return W - lr * dW - decay * W


@answer.mistake("The decay makes the weights larger: its sign is turned round.")
def decay_added(W, dW, lr, decay):
    return W - lr * dW + lr * decay * W


@answer.mistake("The decay takes its share of W as it was before the step, not after it.")
def decay_after_the_step(W, dW, lr, decay):
    after = W - lr * dW
    return after - lr * decay * after


@answer.mistake("The decay multiplies W, not the gradient.")
def decay_of_the_gradient(W, dW, lr, decay):
    return W - lr * dW - lr * decay * dW


@answer.mistake("The decay is missing.")
def no_decay(W, dW, lr, decay):
    return W - lr * dW


@answer.mistake("There is no factor 2 or ½: the decay is lr·decay·W.")
def decay_doubled(W, dW, lr, decay):
    return W - lr * dW - 2 * lr * decay * W


@answer.mistake("W was changed in place; the caller still needs it: make a new array.")
def in_place(W, dW, lr, decay):
    W -= lr * (dW + decay * W)
    return W


@answer.variant
def shrink_then_step():
    return lambda W, dW, lr, decay: (1 - lr * decay) * W - lr * dW


@answer.variant
def in_place_on_a_copy():
    def weight_decay_step(W, dW, lr, decay):
        W = W.copy()
        W *= 1 - lr * decay
        W -= lr * dW
        return W

    return weight_decay_step
