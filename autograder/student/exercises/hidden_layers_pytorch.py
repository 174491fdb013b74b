"""How to call what a student writes in ``hidden-layers/pytorch``."""

import numpy as np

from autograder.student.calling import describe
from autograder.student.exercise import Notebook, Wrong
from autograder.student.parameters import (
    copy_into_torch,
    flatten_layers,
    require_tensor,
    take_number,
)

notebook = Notebook("hidden-layers/pytorch")


@notebook.exercise(returns="logits first_weight_gradient")
def MLP(model_class, input_dim, hidden_units, num_classes, params, x, dout):
    """The model stays in PyTorch's own precision, float32, and so do its cases."""
    import torch

    model = model_class(input_dim, hidden_units, num_classes)
    if not isinstance(model, torch.nn.Module):
        raise Wrong("kind", f"MLP(...) is {describe(model)}, where an nn.Module is due")
    x = torch.from_numpy(x)
    if model(x) is None:
        raise Wrong("unsolved", "MLP.forward returns None")
    weight, *_ = copy_into_torch(model, flatten_layers(params), "the model")
    logits = model(x)
    require_tensor(logits, dout.shape, "logits", "pytorch")
    gradient = None
    if logits.requires_grad:
        gradient, *_ = torch.autograd.grad(
            logits, [weight], torch.from_numpy(dout), allow_unused=True
        )
    if gradient is None:
        raise Wrong("values", "no gradient of the logits reaches the first layer's weight")
    return {"logits": logits, "first_weight_gradient": gradient}


@notebook.exercise(returns="out dx dW db")
def DenseFunction(function, x, W, b, dout, x_needs_gradient=True, as_views=False):
    import torch

    def as_tensor(array):
        # As a view of its transpose, a tensor isn't contiguous; both share the array's memory, so
        # that a change in place is seen in the arguments that come back.
        return torch.from_numpy(array.T).T if as_views else torch.from_numpy(array)

    given = {"x": as_tensor(x), "W": as_tensor(W), "b": torch.from_numpy(b)}
    wanted = {name: tensor for name, tensor in given.items() if name != "x" or x_needs_gradient}
    for tensor in wanted.values():
        tensor.requires_grad_()
    out = function.apply(*given.values())
    if out is None:
        raise Wrong("unsolved", "DenseFunction.forward returns None")
    require_tensor(out, dout.shape, "out", "pytorch")
    # The graph is kept: a second pass has to find what the first one found.
    first, second = (
        torch.autograd.grad(
            out, list(wanted.values()), as_tensor(dout), retain_graph=True, allow_unused=True
        )
        for _ in range(2)
    )
    grads = {f"d{name}": gradient for name, gradient in zip(wanted, first, strict=True)}
    missing = [name for name, gradient in grads.items() if gradient is None]
    if missing:
        stage = "unsolved" if len(missing) == len(grads) else "kind"
        raise Wrong(stage, f"DenseFunction.backward returns None for {', '.join(missing)}")
    if not all(torch.equal(a, b) for a, b in zip(first, second, strict=True)):
        raise Wrong("arguments", "a second backward pass through the same graph gives others")
    return {"out": out, **grads}


STEP = 0.1  # learning rate of the step that shows whether the layer still learns


@notebook.exercise(returns="out out_after_a_step")
def load_dense(load, W, b, x):
    import torch

    x = torch.from_numpy(x)
    linear = torch.nn.Linear(*W.shape, dtype=x.dtype)
    with torch.no_grad():
        linear.weight.fill_(0.5)
        linear.bias.fill_(-0.5)
    # Made before the weights arrive, as in any program: it holds the layer's own parameters.
    optimizer = torch.optim.SGD(linear.parameters(), lr=STEP)
    load(linear, W, b)
    if bool((linear.weight == 0.5).all()) and bool((linear.bias == -0.5).all()):
        raise Wrong("unsolved", "load_dense leaves the layer as it was")
    for name, parameter in linear.named_parameters():
        if parameter.dtype != x.dtype:
            due, found = (str(kind).removeprefix("torch.") for kind in (x.dtype, parameter.dtype))
            raise Wrong("dtype", f"linear.{name} has become {found}; the layer's own is {due}")
    out = linear(x)
    if not out.requires_grad:
        raise Wrong("values", "the layer can't learn any more: its parameters get no gradient")
    optimizer.zero_grad()
    (0.5 * out.square().sum() / len(x)).backward()
    before = out.detach().clone()
    optimizer.step()
    return {"out": before, "out_after_a_step": linear(x)}


@notebook.exercise(returns="losses params")
def train_step(step, params, optimizer, batches, leftover=None):
    import torch

    layers = []
    for W, _ in params:
        layers += [torch.nn.Linear(*W.shape, dtype=torch.from_numpy(W).dtype), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    parameters = copy_into_torch(model, flatten_layers(params), "the model")
    if leftover is not None:
        for parameter in parameters:
            parameter.grad = torch.full_like(parameter, leftover)
    settings = {name: value for name, value in optimizer.items() if name != "name"}
    chosen = getattr(torch.optim, optimizer["name"])(model.parameters(), **settings)
    losses = []
    for x, y in batches:
        before = [parameter.detach().clone() for parameter in parameters]
        loss = step(model, chosen, torch.from_numpy(x), torch.from_numpy(y))
        if loss is None:
            if all(map(torch.equal, before, parameters)):
                raise Wrong("unsolved", "train_step returns None")
            raise Wrong("kind", "train_step returned None, where the loss before the step is due")
        # No tensors: a loss that still holds its graph keeps every activation alive.
        losses.append(take_number(loss, "the loss", "numpy"))
    outputs = {"losses": np.array(losses)}
    for number, parameter in enumerate(parameters):
        outputs[f"{'Wb'[number % 2]}{number // 2 + 1}"] = parameter.detach().numpy().T
    return outputs
