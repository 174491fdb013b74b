"""How to call what a student writes in ``regularization/pytorch``.

PyTorch draws from one generator, which ``torch.manual_seed`` sets. Modules stay in PyTorch's own
precision, float32.
"""

import numpy as np

from autograder.student import draws, masks
from autograder.student.calling import describe
from autograder.student.exercise import Notebook, Wrong
from autograder.student.parameters import require_tensor

notebook = Notebook("regularization/pytorch")


def make_model(kind: str, arrays):
    """A model with these numbers as its parameters, in their order.

    Biases and what normalization learns have one dimension, weights of layers two or more.
    """
    import torch
    from torch import nn

    makers = {
        "dense": lambda: nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)),
        "normalized": lambda: nn.Sequential(
            nn.Linear(3, 4), nn.LayerNorm(4), nn.ReLU(), nn.Linear(4, 2, bias=False)
        ),
        "convolutional": lambda: nn.Sequential(
            nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3)
        ),
        "embedding": lambda: nn.Sequential(nn.Embedding(5, 3), nn.LayerNorm(3), nn.Linear(3, 2)),
    }
    model = makers[kind]()
    with torch.no_grad():
        for parameter, array in zip(model.parameters(), arrays, strict=True):
            parameter.copy_(torch.from_numpy(array))
    return model


@notebook.exercise(returns="value gradients")
def l1_term(term, kind, parameters, lam):
    import torch

    model = make_model(kind, parameters)
    value = term(model, lam)
    if value is None:
        raise Wrong("unsolved", "l1_term returns None")
    require_tensor(value, (), "the term", "pytorch")
    if not value.requires_grad:
        raise Wrong("values", "no gradient of the term reaches the parameters")
    leaves = list(model.parameters())
    found = torch.autograd.grad(value, leaves, allow_unused=True)
    outputs = {"value": value}
    for number, (leaf, gradient) in enumerate(zip(leaves, found, strict=True)):
        outputs[f"gradient{number}"] = torch.zeros_like(leaf) if gradient is None else gradient
    return outputs


LEARNING_RATE = 0.5
OTHER_DECAY = 0.25  # what an optimizer uses for a group that says nothing; AdamW's isn't 0 either


@notebook.exercise(returns="parameters_after_a_step")
def parameter_groups(groups, kind, parameters, gradients, weight_decay):
    import torch

    model = make_model(kind, parameters)
    found = groups(model, weight_decay)
    if found is None:
        raise Wrong("unsolved", "parameter_groups returns None")
    if not isinstance(found, (list, tuple)) or not all(isinstance(each, dict) for each in found):
        raise Wrong(
            "kind", f"parameter_groups returned {describe(found)}, where a list of dicts is due"
        )
    optimizer = torch.optim.SGD(list(found), lr=LEARNING_RATE, weight_decay=OTHER_DECAY)
    for parameter, gradient in zip(model.parameters(), gradients, strict=True):
        parameter.grad = torch.from_numpy(gradient)
    optimizer.step()
    after = enumerate(model.named_parameters())
    return {f"after{number}_{name}": parameter for number, (name, parameter) in after}


def judge_dropout(inputs: dict, outputs: dict) -> None:
    rate = inputs.get("p", 0.5)
    masks.judge_applied(outputs, inputs["x"], inputs["dout"], rate)


@notebook.exercise(
    returns=f"{draws.ONE_ARRAY} inference dx",
    judge=judge_dropout,
    fingerprint=masks.applied_fingerprint,
)
def Dropout(module_class, x, dout, seed, p=None):
    import torch

    given = {} if p is None else {"p": p}
    x, dout = torch.from_numpy(x), torch.from_numpy(dout)

    def seeded(number):
        torch.manual_seed(number)
        module = module_class(**given)
        if not isinstance(module, torch.nn.Module):
            raise Wrong("kind", f"Dropout(...) is {describe(module)}, where an nn.Module is due")
        return module.train()

    module = seeded(seed)
    leaf = x.clone().requires_grad_()
    out = module(leaf)
    if out is None:
        raise Wrong("unsolved", "Dropout.forward returns None")
    require_tensor(out, tuple(x.shape), "out", "pytorch")
    dx = None
    if out.requires_grad:
        (dx,) = torch.autograd.grad(out, [leaf], dout, allow_unused=True)
    if dx is None:
        raise Wrong("values", "no gradient of the output reaches x")
    found = {"values": out, "dx": dx, "next_values": module(x)}
    found["other_values"] = seeded(seed + 1)(x)
    found["values_again"] = seeded(seed)(x)
    found["inference"] = module.eval()(x)
    for name, value in found.items():
        require_tensor(value, tuple(x.shape), name, "pytorch")
    # Copies: an output may share the input's memory.
    return {name: value.detach().numpy().copy() for name, value in found.items()}


@notebook.exercise(returns="out dx dgamma dbeta")
def LayerNormFunction(function, x, gamma, beta, eps, dout, x_needs_gradient=True):
    import torch

    given = {"x": x, "gamma": gamma, "beta": beta}
    given = {name: torch.from_numpy(array) for name, array in given.items()}
    wanted = {name: tensor for name, tensor in given.items() if name != "x" or x_needs_gradient}
    for tensor in wanted.values():
        tensor.requires_grad_()
    out = function.apply(*given.values(), eps)
    if out is None:
        raise Wrong("unsolved", "LayerNormFunction.forward returns None")
    require_tensor(out, dout.shape, "out", "pytorch")
    # The graph is kept: a second pass has to find what the first one found.
    first, second = (
        torch.autograd.grad(
            out,
            list(wanted.values()),
            torch.from_numpy(dout),
            retain_graph=True,
            allow_unused=True,
        )
        for _ in range(2)
    )
    grads = {f"d{name}": gradient for name, gradient in zip(wanted, first, strict=True)}
    missing = [name for name, gradient in grads.items() if gradient is None]
    if missing:
        stage = "unsolved" if len(missing) == len(grads) else "kind"
        raise Wrong(stage, f"LayerNormFunction.backward returns None for {', '.join(missing)}")
    if not all(
        np.allclose(a.numpy(), b.numpy(), equal_nan=True)
        for a, b in zip(first, second, strict=True)
    ):
        raise Wrong("arguments", "a second backward pass through the same graph gives others")
    return {"out": out, **grads}
