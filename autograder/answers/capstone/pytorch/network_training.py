"""What graders know of ``capstone/pytorch/network_training``."""

import torch
import torch.nn.functional as F

from autograder.answers.answer import Answer
from autograder.answers.capstone.by_tensorflow import objective
from autograder.answers.capstone.cases import (
    large_training_case,
    train_by_reference,
    training_cases,
)
from autograder.answers.capstone.pytorch.plain import PlainNetwork

answer = Answer("capstone/pytorch/network_training", PlainNetwork, float32=False)


@answer.reference
def _(settings, params, batches, lr):
    return train_by_reference(objective, settings, params, batches, lr)


@answer.cases
def _(rng):
    yield from training_cases(rng)


@answer.hidden_cases
def _(rng):
    yield "a large network", large_training_case(rng)


@answer.mistake("The losses are summed over the batch; their mean is due.")
class summed(PlainNetwork):
    def mean_loss(self, scores, y):
        return super().mean_loss(scores, y) * len(y)


@answer.mistake("The penalty is missing in what is minimized.")
class l2_missing(PlainNetwork):
    def penalty(self):
        return 0.0


@answer.mistake("The penalty's half is missing: it is l2 / 2 · ΣW².")
class l2_without_half(PlainNetwork):
    def penalty(self):
        return 2 * super().penalty()


@answer.mistake("The biases are penalized as well: L2 is for the weights alone.")
class l2_on_biases(PlainNetwork):
    def penalty(self):
        return super().penalty() + self.l2 / 2 * sum(
            layer.bias.square().sum() for layer in self.layers
        )


@answer.mistake("The masks that were given aren't used in training.")
class masks_ignored(PlainNetwork):
    def objective(self, x, y, masks):
        return super().objective(x, y, None)


@answer.mistake("Units that are kept have to be scaled up, by what share of them is kept.")
class kept_units_not_scaled(PlainNetwork):
    def drop(self, h, mask):
        return h * mask


@answer.mistake("Softmax is applied twice: the loss takes these for scores.")
class softmax_twice(PlainNetwork):
    def mean_loss(self, scores, y):
        return super().mean_loss(torch.softmax(scores, dim=1), y)


@answer.mistake("The loss after the step came back; the one before it is due.")
class loss_after_the_step(PlainNetwork):
    def step(self, x, y, lr, masks=None):
        super().step(x, y, lr, masks)
        return self.objective(x, y, masks).item()


@answer.mistake("That climbs: a step goes against the gradient.")
class uphill(PlainNetwork):
    def update(self, lr):
        super().update(-lr)


@answer.mistake("The biases don't learn.")
class only_the_weights(PlainNetwork):
    def update(self, lr):
        for layer in self.layers:
            layer.bias.grad.zero_()
        super().update(lr)


@answer.mistake("Gradients of earlier steps count again: clear them before each backward pass.")
class gradients_never_cleared(PlainNetwork):
    def step(self, x, y, lr, masks=None):
        loss = self.objective(x, y, masks)
        loss.backward()
        self.update(lr)
        return loss.item()


@answer.variant
def with_an_optimizer():
    class Network(PlainNetwork):
        def step(self, x, y, lr, masks=None):
            groups = [
                {"params": [layer.weight for layer in self.layers], "weight_decay": self.l2},
                {"params": [layer.bias for layer in self.layers], "weight_decay": 0.0},
            ]
            optimizer = torch.optim.SGD(groups, lr=lr)
            optimizer.zero_grad()
            loss = F.cross_entropy(self(x, masks), y)
            penalty = self.penalty().item()
            loss.backward()
            optimizer.step()
            return loss.item() + penalty

    return Network


@answer.variant
def by_autograd():
    class Network(PlainNetwork):
        def step(self, x, y, lr, masks=None):
            parameters = list(self.parameters())
            log_p = torch.log_softmax(self(x, masks), dim=1)
            loss = -log_p.gather(1, y[:, None]).mean() + self.penalty()
            for parameter, grad in zip(
                parameters, torch.autograd.grad(loss, parameters), strict=True
            ):
                parameter.data -= lr * grad
            return loss.detach()

    return Network
