"""How to call what a student writes in ``initializers/pytorch``.

PyTorch draws from one generator, which ``torch.manual_seed`` sets. Layers stay in PyTorch's own
precision, float32.
"""

import numpy as np

from autograder.student import draws
from autograder.student.calling import describe
from autograder.student.exercise import Notebook, Wrong
from autograder.student.exercises.initializers_numpy import (
    ACTIVATIONS,
    ORTHONORMAL,
    check_not_shuffled,
    check_orthonormal,
    orthogonal_fingerprint,
    scheme_distributions,
)
from autograder.student.parameters import copy_into_torch, flatten_layers

notebook = Notebook("initializers/pytorch")

WEIGHT, BIAS = 0.5, 0.25  # what a layer holds before it is initialized
STEP = 0.125  # learning rate of a step that shows whether the layer still learns


def left_alone(returned, function: str, what: str) -> Wrong:
    """The problem of a function that should have changed something in place, and didn't."""
    if returned is None:
        return Wrong("unsolved", f"{function} leaves the {what} as it was")
    return Wrong(
        "values",
        f"{function} leaves the {what} as it was and returns {describe(returned)}: the trailing "
        "underscore promises a change in place",
    )


def judge_linear(inputs: dict, outputs: dict) -> None:
    """The weights by distribution; no bias; and a layer that an optimizer made before can train."""
    shape = inputs["out_features"], inputs["in_features"]
    accepted = scheme_distributions(inputs["scheme"], shape[1], shape[0])
    draws.judge_draws(outputs, shape, inputs.get("arrays"), accepted, least_bytes=4)
    if "arrays" in inputs:
        return
    missing = [name for name in ("bias", "weight_after_a_step") if name not in outputs]
    if missing:
        raise Wrong("kind", f"{', '.join(missing)} did not come back")
    if outputs["bias"].any():
        raise Wrong("values", "the bias isn't 0")
    # The gradient of the sum of outputs for an input of ones is 1 for every weight.
    moved = np.asarray(outputs["weight_after_a_step"], float)
    if moved.shape != shape or not np.allclose(moved, outputs["values"] - STEP, atol=1e-5):
        raise Wrong(
            "values",
            "the layer doesn't learn any more: a step of an optimizer that was made before leaves "
            "its weights where they are",
        )


def linear_fingerprint(outputs: dict) -> dict[str, np.ndarray]:
    found = draws.fingerprint(outputs)
    if "weight_after_a_step" in outputs and outputs.get("bias", np.array([])).size:
        bias = np.asarray(outputs["bias"], float)
        found["bias"] = np.round([bias.mean(), bias.std()], draws.FINGERPRINT_DIGITS)
        found["learns"] = np.array(
            not np.array_equal(outputs["weight_after_a_step"], outputs["values"])
        )
    return found


@notebook.exercise(
    returns=f"{draws.ONE_ARRAY} bias weight_after_a_step",
    judge=judge_linear,
    fingerprint=linear_fingerprint,
)
def init_linear_(init, in_features, out_features, scheme, seed, bias=True, arrays=None):
    import torch

    def fresh():
        return torch.nn.Linear(in_features, out_features, bias=bias)

    def sample(linear=None):
        linear = linear or fresh()
        with torch.no_grad():
            linear.weight.fill_(WEIGHT)
            if bias:
                linear.bias.fill_(BIAS)
        returned = init(linear, scheme)
        if bool((linear.weight == WEIGHT).all()):
            raise left_alone(returned, "init_linear_", "layer")
        return linear.weight.detach().numpy().copy()

    if arrays is not None:
        one = fresh()  # making thousands of layers takes longer than initializing them
        return draws.call_after_seeding(
            lambda: sample(one), torch.manual_seed, seed, arrays, "init_linear_"
        )
    found = draws.call_after_seeding(sample, torch.manual_seed, seed, None, "init_linear_")
    torch.manual_seed(seed)
    linear = fresh()
    # Made before the weights arrive, as in any program: it holds the layer's own parameters.
    optimizer = torch.optim.SGD(linear.parameters(), lr=STEP)
    sample(linear)
    found["bias"] = linear.bias.detach().numpy().copy() if bias else np.zeros(out_features)
    out = linear(torch.ones(1, in_features)).sum()
    if out.requires_grad:
        optimizer.zero_grad()
        out.backward()
        optimizer.step()
    return found | {"weight_after_a_step": linear.weight.detach().numpy()}


MARK = 7.0  # written into the tensor afterwards, and read from what was returned


def judge_orthogonal(inputs: dict, outputs: dict) -> None:
    """The shorter side's vectors are orthonormal, times the gain; the tensor itself came back."""
    shape, gain = tuple(inputs["shape"]), inputs.get("gain", 1.0)
    names = draws.ONE_ARRAY.split()
    draws.check_arrays(outputs, names, shape, 4)
    for name in names:
        check_orthonormal(np.asarray(outputs[name], float), gain, ORTHONORMAL[4])
    draws.check_generators(outputs)
    check_not_shuffled(outputs)
    if "returned" not in outputs or not (outputs["returned"] == MARK).all():
        raise Wrong(
            "values", "what orthogonal_ returns isn't the tensor it was given, but another one"
        )


def returning_fingerprint(outputs: dict) -> dict[str, np.ndarray]:
    found = orthogonal_fingerprint(outputs)
    if "returned" in outputs:
        found["returned"] = np.array(bool((outputs["returned"] == MARK).all()))
    return found


@notebook.exercise(
    returns=f"{draws.ONE_ARRAY} returned",
    judge=judge_orthogonal,
    fingerprint=returning_fingerprint,
)
def orthogonal_(init, shape, seed, gain=None, parameter=False, as_view=False):
    import torch

    returned = []

    def sample():
        # A view shares the memory of the tensor that it is a view of, whose numbers have to change.
        memory = torch.full(shape[::-1] if as_view else shape, WEIGHT)
        tensor = memory.T if as_view else memory
        if parameter:
            tensor = torch.nn.Parameter(tensor)
        found = init(tensor) if gain is None else init(tensor, gain)
        values = (memory.T if as_view else tensor).detach().numpy().copy()
        if (values == WEIGHT).all():
            raise left_alone(found, "orthogonal_", "tensor")
        if not isinstance(found, torch.Tensor):
            raise Wrong("kind", f"orthogonal_ returned {describe(found)}, where the tensor is due")
        with torch.no_grad():
            tensor.fill_(MARK)
        returned.append(found.detach().numpy().copy())
        return values

    found = draws.call_after_seeding(sample, torch.manual_seed, seed, None, "orthogonal_")
    return found | {"returned": returned[0]}


MODULES = {"relu": "ReLU", "tanh": "Tanh", "softsign": "Softsign", "identity": "Identity"}
LSUV_TOLERANCE = 0.01  # the syllabus' own
ROUNDING = 1e-4  # of a standard deviation in float32


def judge_lsuv(inputs: dict, outputs: dict) -> None:
    """The standard deviation of every linear layer's output, computed again from the weights."""
    h = np.asarray(inputs["x"], float)
    for number, (W_before, b_before) in enumerate(inputs["params"], 1):
        due = {f"W{number}": W_before.shape, f"b{number}": b_before.shape}
        for name, shape in due.items():
            if name not in outputs or outputs[name].shape != shape:
                raise Wrong("shape", f"{name} has another shape than before, {shape}")
        W, b = (np.asarray(outputs[name], float) for name in due)
        z = h @ W + b
        std = float(np.std(z))
        # PyTorch's std divides by n - 1 unless told otherwise; either convention is right.
        nearest = min(abs(std - 1), abs(float(np.std(z, ddof=1)) - 1))
        if not nearest <= LSUV_TOLERANCE + ROUNDING:
            raise Wrong(
                "values",
                f"the output of linear layer {number} has standard deviation {std:.4g}, expected 1 "
                f"within {LSUV_TOLERANCE}",
            )
        if len(np.unique(np.round(W, 6), axis=1).T) < W.shape[1]:
            raise Wrong("values", f"two units of linear layer {number} have equal weights")
        moved = outputs.get(f"W{number}_after_a_step")
        if moved is None:
            raise Wrong("values", "the model can't learn any more: no parameter has a gradient")
        if moved.shape != W.shape or np.array_equal(moved, outputs[f"W{number}"]):
            raise Wrong(
                "values",
                f"linear layer {number} doesn't learn any more: a step of an optimizer that was "
                "made before leaves its weights where they are",
            )
        h = ACTIVATIONS[inputs["activation"]][0](z)


@notebook.exercise(returns="weights", judge=judge_lsuv)
def lsuv_(init, params, x, activation):
    import torch

    layers = []
    for W, _ in params:
        layers += [torch.nn.Linear(*W.shape), getattr(torch.nn, MODULES[activation])()]
    model = torch.nn.Sequential(*layers[:-1])
    before = copy_into_torch(model, flatten_layers(params), "the model")
    before = [parameter.detach().clone() for parameter in before]
    optimizer = torch.optim.SGD(model.parameters(), lr=STEP)
    x = torch.from_numpy(x)
    returned = init(model, x)
    linears = [layer for layer in model if isinstance(layer, torch.nn.Linear)]
    after = [tensor for layer in linears for tensor in (layer.weight, layer.bias)]
    if len(after) == len(before) and all(map(torch.equal, after, before)):
        raise left_alone(returned, "lsuv_", "model")
    found = {
        f"{'Wb'[i % 2]}{i // 2 + 1}": tensor.detach().numpy().T.copy()
        for i, tensor in enumerate(after)
    }
    loss = model(x).square().mean()
    if loss.requires_grad:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        for number, layer in enumerate(linears, 1):
            found[f"W{number}_after_a_step"] = layer.weight.detach().numpy().T.copy()
    return found
