"""Inputs of dropout layers' cases."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.answers import draw


def dropout_layer_cases(
    rng: np.random.Generator, name: str, default: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Inputs that are nowhere 0, so that a 0 that comes out was dropped.

    ``name`` is what the rate is called, and ``default`` whether it may be left out.
    """
    for label, shape, rate in (
        ("rate 0.25", (40, 50), 0.25),
        ("rate 0.8", (40, 50), 0.8),
        ("three axes", (8, 15, 16), 0.4),
        ("rate 0", (6, 5), 0.0),
    ):
        yield label, dropout_layer_case(rng, shape) | {name: rate}
    if default:
        yield "the default rate", dropout_layer_case(rng, (40, 50))


def dropout_layer_case(rng: np.random.Generator, shape: tuple[int, ...]) -> dict[str, Any]:
    return {
        "x": draw.normal(rng, *shape).astype(np.float32),
        "dout": draw.normal(rng, *shape).astype(np.float32),
        "seed": int(rng.integers(2**31 - 1)),
    }
