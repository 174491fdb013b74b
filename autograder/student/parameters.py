"""Puts given weights into models of Keras and PyTorch, however their layers were written."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.student.calling import describe
from autograder.student.exercise import Wrong
from autograder.student.observe import take_down

Shape = tuple[int, ...]


def flatten_layers(params: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[np.ndarray]:
    """``[(W1, b1), (W2, b2)]`` as ``[W1, b1, W2, b2]``."""
    return [array for layer in params for array in layer]


def match_by_shape(found: Sequence[Shape], due: Sequence[Shape], owner: str) -> list[int]:
    """For each due shape, the position of the parameter that takes it.

    Layers may be created in any order, and a layer's bias before its kernel: a parameter is known
    by its shape, and among those of one shape the first created comes first.

    Raises
    ------
    Wrong : if the shapes found aren't those due, in some order.
    """
    positions: list[int] = []
    for shape in due:
        left = (i for i, other in enumerate(found) if other == shape and i not in positions)
        position = next(left, None)
        if position is None:
            break
        positions.append(position)
    if len(positions) != len(due) or len(found) != len(due):
        raise Wrong("shape", f"{owner} {_list_shapes(found)}; expected {_list(due)}")
    return positions


def _list_shapes(shapes: Sequence[Shape]) -> str:
    if not shapes:
        return "has no trainable parameters"
    return f"has trainable parameters of the shapes {_list(shapes)}"


def _list(shapes: Sequence[Shape]) -> str:
    return ", ".join(map(str, shapes))


def assign_in_keras(variables: Sequence[Any], arrays: Sequence[np.ndarray], owner: str) -> list:
    """Set Keras variables to the arrays; returns the variables in the arrays' order.

    Raises
    ------
    Wrong : if their shapes don't match.
    """
    found = [tuple(variable.shape) for variable in variables]
    order = match_by_shape(found, [array.shape for array in arrays], owner)
    for position, array in zip(order, arrays, strict=True):
        variables[position].assign(array)
    return [variables[position] for position in order]


def copy_into_torch(model: Any, arrays: Sequence[np.ndarray], owner: str) -> list:
    """Copy arrays in the course's layout, kernels ``(in, out)``, into a module's parameters, which
    are ``(out, in)``; returns the parameters in the arrays' order.

    Raises
    ------
    Wrong : if their shapes don't match.
    """
    import torch

    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    found = [tuple(parameter.shape) for parameter in parameters]
    order = match_by_shape(found, [array.shape[::-1] for array in arrays], owner)
    with torch.no_grad():
        for position, array in zip(order, arrays, strict=True):
            parameters[position].copy_(torch.tensor(array.T))
    return [parameters[position] for position in order]


def require_tensor(value: Any, shape: Shape, name: str, track: str) -> None:
    """See to it that a value is one tensor of the track's framework, of that shape.

    Raises
    ------
    Wrong : if it isn't.
    """
    taken = take_down(value, track)
    if taken.kind != "array" or isinstance(value, np.ndarray):
        library = {"keras": "TensorFlow", "pytorch": "PyTorch"}[track]
        raise Wrong("kind", f"{name} is {describe(value)}, where a {library} tensor is due")
    if taken.array.shape != shape:
        raise Wrong("shape", f"{name} has shape {taken.array.shape}, expected {shape}")


def take_number(value: Any, what: str, track: str) -> float:
    """A loss as a float; tensors only of the track's own framework.

    Raises
    ------
    Wrong : if it isn't a single number.
    """
    taken = take_down(value, track)
    if taken.array is None:
        raise Wrong("kind", f"{what} is {taken.kind}, where a plain number is due")
    if taken.array.ndim:
        raise Wrong("shape", f"{what} has shape {taken.array.shape}, where a single number is due")
    return float(taken.array)
