"""Takes what a student's function returned apart, and says so where it can't be taken apart."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.student import trees
from autograder.student.exercise import Wrong


def unpack(value: Any, names: Sequence[str], function: str) -> dict[str, Any]:
    """Give names to what a function returned.

    Raises
    ------
    Wrong : if ``value`` isn't a tuple of as many things as there are names.
    """
    if value is None:
        raise Wrong("unsolved", f"{function} returns None")
    if len(names) == 1:
        return {names[0]: value}
    due = f"the {len(names)} values ({', '.join(names)})"
    if not isinstance(value, (tuple, list)):
        raise Wrong("kind", f"{function} returned {describe(value)}, not {due}")
    if len(value) != len(names):
        raise Wrong("kind", f"{function} returned {count(len(value), 'value')}, not {due}")
    if all(item is None for item in value):
        raise Wrong("unsolved", f"{function} returns None for {', '.join(names)}")
    return dict(zip(names, value, strict=True))


def unpack_layers(value: Any, names: Sequence[str], layers: int, function: str) -> dict[str, Any]:
    """Give names to a list with one tuple a layer: ``dW1``, ``db1``, ``dW2`` …

    Raises
    ------
    Wrong : if ``value`` isn't a list of ``layers`` tuples.
    """
    each = f"({', '.join(names)})"
    if value is None:
        raise Wrong("unsolved", f"{function} returns None")
    if not isinstance(value, (list, tuple)):
        raise Wrong("kind", f"{function} returned {describe(value)}, not a list of {each}")
    if len(value) != layers:
        raise Wrong(
            "kind",
            f"{function} returned a list of {len(value)}, where the network has "
            f"{count(layers, 'layer')}: one {each} for each",
        )
    outputs: dict[str, Any] = {}
    for number, layer in enumerate(value, 1):
        found = unpack(layer, names, f"{function}'s list, at layer {number},")
        outputs |= {f"{name}{number}": item for name, item in found.items()}
    return outputs


def call_backward(
    backward: Callable, dout: np.ndarray, cache: Any, unpack_grads: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """The gradients by name, from the first of two calls with one cache.

    Raises
    ------
    Wrong : if the second call gives other gradients, since then the first changed the cache.
    """
    # A dout that is changed shows among the arguments; here it is the cache that is asked about.
    dout_again = trees.copy(dout)
    # Copied, since a gradient may be a view of the cache that the second call changes.
    first = trees.copy(unpack_grads(backward(dout, cache)))
    second = unpack_grads(backward(dout_again, cache))
    for name, value in first.items():
        both_arrays = isinstance(value, np.ndarray) and isinstance(second[name], np.ndarray)
        if both_arrays and not np.allclose(value, second[name], equal_nan=True):
            raise Wrong(
                "arguments",
                f"{backward.__name__} changed the cache: a second call with it gives another "
                f"{name}. Work on copies",
            )
    return first


def describe(value: Any) -> str:
    """What a value is, in a few words, without trusting its own ``repr``."""
    kind = type(value)
    library = kind.__module__.split(".")[0]
    if value is None:
        return "None"
    if kind is np.ndarray:
        return f"an array of shape {value.shape}"
    if library == "torch":
        return "a PyTorch tensor" if hasattr(value, "detach") else f"a PyTorch {kind.__name__}"
    if library == "tensorflow":
        return "a TensorFlow tensor"
    if kind in (tuple, list):
        return f"a {kind.__name__} of {len(value)}"
    if callable(value):
        return "a function" if not isinstance(value, type) else "a class"
    article = "an" if kind.__name__[:1].lower() in "aeiou" else "a"
    return f"{article} {kind.__name__}"


def count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' if number != 1 else ''}"
