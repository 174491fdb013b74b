"""Parameters of the small models that PyTorch's exercises on penalties are asked about."""

import numpy as np

from autograder.answers import draw

# In the order of ``model.parameters()``; see ``make_model``.
SHAPES = {
    "dense": ((4, 3), (4,), (2, 4), (2,)),
    "normalized": ((4, 3), (4,), (4,), (4,), (2, 4)),
    "convolutional": ((2, 1, 3, 3), (2,), (2,), (2,), (3, 8), (3,)),
    "embedding": ((5, 3), (3,), (3,), (2, 3), (2,)),
}


def parameters_of(rng: np.random.Generator, kind: str) -> list[np.ndarray]:
    """Numbers for a model's parameters, in float32, with a few weights of 0."""
    arrays = [draw.normal(rng, *shape).astype(np.float32) for shape in SHAPES[kind]]
    arrays[0].flat[1] = 0.0
    return arrays
