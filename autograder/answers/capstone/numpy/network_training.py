"""What graders know of ``capstone/numpy/network_training``."""

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.capstone.by_torch import objective
from autograder.answers.capstone.cases import (
    large_training_case,
    train_by_reference,
    training_cases,
)
from autograder.answers.capstone.numpy.plain import PlainNetwork

# In float64 only: over so many steps, float32's rounding decides on which side of a kink a unit is.
answer = Answer("capstone/numpy/network_training", PlainNetwork, float32=False)


@answer.reference
def _(settings, params, batches, lr):
    return train_by_reference(objective, settings, params, batches, lr)


@answer.cases
def _(rng):
    yield from training_cases(rng)


@answer.hidden_cases
def _(rng):
    yield "a large network", large_training_case(rng)


@answer.mistake("The gradient of a mean has the batch's 1/N: it is missing in dscores.")
class gradient_without_mean(PlainNetwork):
    def loss_and_dscores(self, scores, y):
        loss, dscores = super().loss_and_dscores(scores, y)
        return loss, dscores * len(y)


@answer.mistake("The losses are summed over the batch; their mean is due.")
class summed(PlainNetwork):
    def loss_and_dscores(self, scores, y):
        loss, dscores = super().loss_and_dscores(scores, y)
        return loss * len(y), dscores * len(y)


@answer.mistake("The step is right, but the loss lacks the penalty l2 / 2 · ΣW².")
class penalty_missing_in_the_loss(PlainNetwork):
    def penalty(self):
        return 0.0


@answer.mistake("The penalty in the loss is l2 / 2 times the sum of squares: its half is missing.")
class penalty_without_half(PlainNetwork):
    def penalty(self):
        return self.l2 * sum(np.sum(W**2) for W, _ in self.params)


@answer.mistake("The biases are penalized as well: L2 is for the weights alone.")
class l2_on_biases(PlainNetwork):
    def penalty_grads(self, W, b):
        return self.l2 * W, self.l2 * b

    def penalty(self):
        return super().penalty() + self.l2 / 2 * sum(np.sum(b**2) for _, b in self.params)


@answer.mistake(
    "The penalty's gradient is added twice: backward has it already, so the step needs no weight "
    "decay of its own."
)
class decayed_twice(PlainNetwork):
    def update(self, grads, lr):
        old = self.params
        super().update(grads, lr)
        self.params = [
            (W - lr * self.l2 * before, b)
            for (W, b), (before, _) in zip(self.params, old, strict=True)
        ]


@answer.mistake("The masks that were given aren't used in the forward pass.")
class masks_ignored(PlainNetwork):
    def step(self, x, y, lr, masks=None):
        return super().step(x, y, lr)


@answer.mistake(
    "Layers are updated on the way back: the gradient of the layers before must go through the "
    "weights as they were in the forward pass."
)
class updated_on_the_way_back(PlainNetwork):
    def step(self, x, y, lr, masks=None):
        scores, cache = self.forward(x, masks)
        loss, dz = self.loss_and_dscores(scores, y)
        loss += self.penalty()
        params = list(self.params)
        for layer in range(len(cache) - 1, -1, -1):
            h, W, b, _, _ = cache[layer]
            params[layer] = W - lr * (h.T @ dz + self.l2 * W), b - lr * dz.sum(axis=0)
            if layer > 0:
                dz = self.through(dz @ params[layer][0].T, *cache[layer - 1][3:])
        self.params = params
        return loss


@answer.mistake("The loss after the step came back; the one before it is due.")
class loss_after_the_step(PlainNetwork):
    def step(self, x, y, lr, masks=None):
        super().step(x, y, lr, masks)
        scores, _ = self.forward(x, masks)
        return self.loss_and_dscores(scores, y)[0] + self.penalty()


@answer.mistake("That climbs: a step goes against the gradient.")
class uphill(PlainNetwork):
    def update(self, grads, lr):
        super().update(grads, -lr)


@answer.mistake("The biases don't learn.")
class only_the_weights(PlainNetwork):
    def update(self, grads, lr):
        super().update([(dW, 0 * db) for dW, db in grads], lr)


@answer.mistake(
    "The exponential of a large score is infinite: subtract each row's largest score first."
)
class unstable_softmax(PlainNetwork):
    def loss_and_dscores(self, scores, y):
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        return -np.log(p[rows, y]).mean(), (p - np.eye(p.shape[1])[y]) / len(y)


@answer.mistake("Units that are kept have to be scaled up, forward and backward.")
class kept_units_not_scaled(PlainNetwork):
    def drop(self, h, mask):
        return h * mask


@answer.variant
def in_place():
    class Network(PlainNetwork):
        def update(self, grads, lr):
            for (W, b), (dW, db) in zip(self.params, grads, strict=True):
                W -= lr * dW
                b -= lr * db

    return Network


@answer.variant
def one_hot_and_logaddexp():
    class Network(PlainNetwork):
        def loss_and_dscores(self, scores, y):
            one_hot = np.eye(scores.shape[1])[y]
            log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
            return -np.sum(one_hot * log_p) / len(y), (np.exp(log_p) - one_hot) / len(y)

    return Network


@answer.variant
def decay_in_the_step():
    class Network(PlainNetwork):
        def penalty_grads(self, W, b):
            return 0.0, 0.0

        def update(self, grads, lr):
            layers = zip(self.params, grads, strict=True)
            decay = 1 - lr * self.l2
            self.params = [[decay * W - lr * dW, b - lr * db] for (W, b), (dW, db) in layers]

    return Network
