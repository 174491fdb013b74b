"""Nested lists, tuples and dicts of arrays, taken apart into plain arrays and put together again.

Cases are stored in ``.npz`` files and travel between processes as a *skeleton* (JSON) and a list
of arrays; neither needs pickle.
"""

from typing import Any

import numpy as np

Tree = Any  # dict | list | tuple | np.ndarray | int | float | bool | str | None


def flatten(tree: Tree) -> tuple[Any, list[np.ndarray]]:
    """Split a tree into a JSON skeleton and the arrays it refers to by number.

    Raises
    ------
    TypeError : for a leaf that is neither an array nor a plain Python value.
    """
    arrays: list[np.ndarray] = []

    def visit(node: Tree) -> Any:
        if isinstance(node, np.ndarray):
            arrays.append(node)
            return {"array": len(arrays) - 1}
        if isinstance(node, np.generic):
            return visit(np.asarray(node))
        if isinstance(node, dict):
            return {"dict": [[key, visit(value)] for key, value in node.items()]}
        if isinstance(node, (list, tuple)):
            return {type(node).__name__: [visit(item) for item in node]}
        if node is None or isinstance(node, (bool, int, float, str)):
            return {"value": node}
        raise TypeError(f"a case can't hold a {type(node).__name__}")

    return visit(tree), arrays


def rebuild(skeleton: Any, arrays: list[np.ndarray]) -> Tree:
    """The tree that ``flatten`` took apart."""
    ((kind, content),) = skeleton.items()
    if kind == "array":
        return arrays[content]
    if kind == "dict":
        return {key: rebuild(value, arrays) for key, value in content}
    if kind == "value":
        return content
    items = [rebuild(item, arrays) for item in content]
    return tuple(items) if kind == "tuple" else items


def copy(tree: Tree) -> Tree:
    """A deep copy: arrays keep dtype, memory order and whether they may be written to."""
    if isinstance(tree, np.ndarray):
        duplicate = tree.copy(order="K")
        duplicate.flags.writeable = tree.flags.writeable
        return duplicate
    if isinstance(tree, dict):
        return {key: copy(value) for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return type(tree)(copy(item) for item in tree)
    return tree


def equal(a: Tree, b: Tree) -> bool:
    """Whether two trees have the same structure, dtypes, shapes and bits (NaN equals NaN)."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return (
            type(a) is type(b)
            and a.shape == b.shape
            and a.dtype == b.dtype
            and a.tobytes() == b.tobytes()
        )
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(equal, a, b))
    return a == b or (a != a and b != b)
