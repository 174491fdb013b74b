"""How to call what a student writes in ``activations/pytorch``."""

import numpy as np

from autograder.student.calling import describe
from autograder.student.exercise import Notebook, Wrong
from autograder.student.parameters import match_by_shape

notebook = Notebook("activations/pytorch")


def differentiate(out, wanted: dict, dout, name: str) -> dict:
    """The output, and its gradient at each tensor of ``wanted``, as ``out``, ``dx`` …

    Raises
    ------
    Wrong : if the output isn't a tensor of ``dout``'s shape, or has no gradient, or if a second
        backward pass gives another one.
    """
    import torch

    if not isinstance(out, torch.Tensor):
        raise Wrong("kind", f"{name} returned {describe(out)}, where a PyTorch tensor is due")
    if out.shape != dout.shape:
        raise Wrong("shape", f"out has shape {tuple(out.shape)}, expected {dout.shape}")
    if not out.requires_grad:
        raise Wrong("values", f"no gradient of the output reaches {' or '.join(wanted)}")
    # The graph is kept: a second pass has to find what the first one found.
    first, second = (
        torch.autograd.grad(
            out,
            list(wanted.values()),
            torch.from_numpy(dout).to(out.dtype),
            retain_graph=True,
            allow_unused=True,
        )
        for _ in range(2)
    )
    lost = [what for what, gradient in zip(wanted, first, strict=True) if gradient is None]
    if lost:
        stage = "unsolved" if len(wanted) == 1 else "values"
        raise Wrong(stage, f"{name} has no gradient for {' and '.join(lost)}: it is None")
    if not all(map(torch.equal, first, second)):
        raise Wrong("arguments", "a second backward pass through the same graph gives others")
    return {"out": out} | {f"d{what}": grad for what, grad in zip(wanted, first, strict=True)}


def register_function(name: str) -> None:
    """Register an activation written as a ``torch.autograd.Function``."""

    @notebook.exercise(name=name, returns="out dx")
    def call(function, x, dout):
        import torch

        tensor = torch.from_numpy(x).requires_grad_()
        out = function.apply(tensor)
        if out is None:
            raise Wrong("unsolved", f"{name}.forward returns None")
        # A network uses its activation many times before the first gradient comes back.
        function.apply(torch.full_like(tensor, 0.5))
        return differentiate(out, {"x": tensor}, dout, name)


register_function("SiLU")
register_function("Softplus")


def check_module(module, x, name: str) -> list:
    """The module's trainable parameters.

    Raises
    ------
    Wrong : if it isn't an ``nn.Module`` that returns something.
    """
    import torch

    if not isinstance(module, torch.nn.Module):
        raise Wrong("kind", f"{name}(...) is {describe(module)}, where an nn.Module is due")
    if module(x) is None:
        raise Wrong("unsolved", f"{name}.forward returns None")
    return [parameter for parameter in module.parameters() if parameter.requires_grad]


def copy_in(parameters: list, arrays: list[np.ndarray]) -> list:
    """Copy the arrays into the parameters of their shapes; returns these in the arrays' order."""
    import torch

    found = [tuple(parameter.shape) for parameter in parameters]
    order = match_by_shape(found, [array.shape for array in arrays], "the module")
    with torch.no_grad():
        for position, array in zip(order, arrays, strict=True):
            parameters[position].copy_(torch.from_numpy(array))
    return [parameters[position] for position in order]


@notebook.exercise(returns="start out dx dslopes")
def PReLU(module_class, x, slopes, dout, num_parameters=None, init=None):
    import torch

    given = {"num_parameters": num_parameters, "init": init}
    module = module_class(**{name: value for name, value in given.items() if value is not None})
    tensor = torch.from_numpy(x).requires_grad_()
    if isinstance(module, torch.nn.Module):
        module.to(tensor.dtype)
    parameters = check_module(module, tensor, "PReLU")
    starts = [parameter.detach().clone() for parameter in parameters]
    copied = copy_in(parameters, [slopes])
    wanted = {"x": tensor, "slopes": copied[0]}
    return {"start": starts[0]} | differentiate(module(tensor), wanted, dout, "PReLU.forward")


@notebook.exercise(returns="out dx dW db")
def Maxout(module_class, x, W, b, dout):
    import torch

    module = module_class(*W.shape)
    tensor = torch.from_numpy(x).requires_grad_()
    if isinstance(module, torch.nn.Module):
        module.to(tensor.dtype)
    parameters = check_module(module, tensor, "Maxout")
    starts = [parameter.detach().clone() for parameter in parameters]
    if not all(bool(torch.isfinite(start).all()) for start in starts):
        raise Wrong("finite", "at the start, before any training, not all numbers are finite")
    copied_W, copied_b = copy_in(parameters, [W, b])
    if W.size > 1 and any(
        start.ndim == 3 and bool((start == start.ravel()[0]).all()) for start in starts
    ):
        raise Wrong("values", "at the start, before any training, all weights are the same number")
    wanted = {"x": tensor, "W": copied_W, "b": copied_b}
    return differentiate(module(tensor), wanted, dout, "Maxout.forward")
