"""What graders know of ``hidden-layers/pytorch/train_step``."""

import numpy as np
import torch
import torch.nn.functional as F

from autograder.answers.answer import Answer
from autograder.answers.networks import LEAST_GRADIENT, adam, draw_training, sgd, train


def plain_train_step(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


answer = Answer("hidden-layers/pytorch/train_step", plain_train_step)


# PyTorch adds Adam's epsilon to the root of the corrected second moment.
def torch_optimizer(name, lr, momentum=0.0):
    if name == "Adam":
        return adam(lr, epsilon=1e-8, corrected=True)
    return sgd(lr, momentum)


@answer.reference
def _(params, optimizer, batches, leftover=None):
    return train(params, batches, torch_optimizer(**optimizer))


def training_case(rng, optimizer, examples, sizes, steps, least_gradient=0.0):
    return {"optimizer": optimizer} | draw_training(
        rng,
        lambda: torch_optimizer(**optimizer),
        examples,
        sizes,
        steps,
        least_gradient,
    )


SGD = {"name": "SGD", "lr": 0.1}
MOMENTUM = {"name": "SGD", "lr": 0.1, "momentum": 0.9}
ADAM = {"name": "Adam", "lr": 0.01}


@answer.cases
def _(rng):
    yield "one step of SGD", training_case(rng, SGD, 6, (4, 5, 3), 1)
    yield "three steps of SGD with momentum", training_case(rng, MOMENTUM, 5, (3, 4, 2), 3)
    yield (
        "three steps of Adam, after an earlier backward pass",
        training_case(rng, ADAM, 4, (3, 4, 3), 3, LEAST_GRADIENT) | {"leftover": 0.7},
    )
    yield (
        "two steps with one example each, after an earlier backward pass",
        training_case(rng, SGD, 1, (3, 4, 3), 2) | {"leftover": -0.4},
    )


@answer.hidden_cases
def _(rng):
    yield (
        "two hidden layers, after an earlier backward pass",
        training_case(rng, MOMENTUM, 12, (5, 6, 4, 3), 2) | {"leftover": 0.3},
    )


@answer.mistake(
    "Gradients of earlier steps count again: PyTorch adds to what is in .grad until it is cleared."
)
def gradients_never_cleared(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@answer.mistake(
    "Gradients are cleared after your step, but whatever was there before it got in: clear first."
)
def gradients_cleared_at_the_end(model, optimizer, x, y):
    loss = gradients_never_cleared(model, optimizer, x, y)
    optimizer.zero_grad()
    return loss


@answer.mistake(
    "The weights are where they were: is there a step, and do the gradients live until it?"
)
def gradients_cleared_before_the_step(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


@answer.mistake("Softmax is applied twice: PyTorch's cross-entropy takes the logits as they are.")
def softmax_before_cross_entropy(model, optimizer, x, y):
    return plain_train_step(lambda x: torch.softmax(model(x), dim=1), optimizer, x, y)


@answer.mistake("The negative log-likelihood loss wants log-probabilities; these are logits.")
def likelihood_of_logits(model, optimizer, x, y):
    loss = F.nll_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@answer.mistake(
    "The losses of the examples are summed; it is their mean that is due, so that a step doesn't "
    "grow with the batch."
)
def summed_over_the_batch(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y, reduction="sum")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@answer.mistake("The step is right, but the loss is computed after it; return the one before.")
def loss_after_the_step(model, optimizer, x, y):
    plain_train_step(model, optimizer, x, y)
    return F.cross_entropy(model(x), y).item()


@answer.mistake("That climbs: the loss grows along its gradient, and the optimizer turns it round.")
def uphill(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    (-loss).backward()
    optimizer.step()
    return loss.item()


@answer.mistake(
    "That is gradient descent by hand: the optimizer that was given doesn't get to do its part."
)
def descent_by_hand(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= optimizer.param_groups[0]["lr"] * parameter.grad
    return loss.item()


@answer.mistake(
    "A new optimizer is made in every step and forgets what the last one had gathered: use the one "
    "that was given."
)
def new_optimizer_each_step(model, optimizer, x, y):
    fresh = type(optimizer)(model.parameters(), **optimizer.defaults)
    return plain_train_step(model, fresh, x, y)


@answer.mistake("The biases don't learn; every parameter of the model should.")
def only_the_weights(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    for parameter in model.parameters():
        if parameter.ndim == 1:
            parameter.grad = None
    optimizer.step()
    return loss.item()


@answer.mistake("The loss is still a tensor, with its graph attached: return a plain float.")
def loss_as_tensor(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


@answer.variant
def with_autograd():
    def train_step(model, optimizer, x, y):
        model.train()
        parameters = list(model.parameters())
        log_p = torch.log_softmax(model(x), dim=1)
        loss = -log_p[torch.arange(len(y)), y].mean()
        for parameter, grad in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
            parameter.grad = grad
        optimizer.step()
        return float(loss.detach())

    return train_step


@answer.variant
def cleared_before_and_after():
    def train_step(model, optimizer, x, y):
        model.zero_grad()
        loss = torch.nn.CrossEntropyLoss()(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        return np.float64(loss.detach().numpy())

    return train_step


@answer.variant
def with_a_closure():
    def train_step(model, optimizer, x, y):
        def closure():
            optimizer.zero_grad()
            scores = model(x)
            one_hot = F.one_hot(y, scores.shape[1])
            loss = -(one_hot * scores.log_softmax(-1)).sum(1).mean()
            loss.backward()
            return loss

        return optimizer.step(closure).item()

    return train_step
