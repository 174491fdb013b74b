"""What graders know of ``initializers/numpy/orthogonal``."""

import math

import numpy as np
from scipy import stats

from autograder.answers.answer import Answer
from autograder.answers.initializers.random_arrays import add_generator_mistakes, draw_seed


def plain_orthogonal(shape, gain, rng):
    rows, columns = shape
    q, r = np.linalg.qr(rng.standard_normal((max(shape), min(shape))))
    # Without the signs the decomposition is right as well, only not uniform over all rotations.
    q = q * np.sign(np.diag(r))
    return gain * (q if rows >= columns else q.T)


answer = Answer("initializers/numpy/orthogonal", plain_orthogonal, float32=False)

SHAPES = {
    "a tall matrix": (6, 3),
    "a wide matrix": (3, 6),
    "a square matrix": (5, 5),
    "a single column": (7, 1),
    "a single row": (1, 7),
}


@answer.cases
def _(rng):
    for label, shape in SHAPES.items():
        gain = float(rng.choice([0.5, 1.5, 2.0, 3.0]))
        yield label, {"shape": shape, "gain": gain, "seed": draw_seed(rng)}
    tall = {"shape": (64, 20), "gain": math.sqrt(2), "seed": draw_seed(rng)}
    yield "a tall matrix, gain √2", tall
    yield "a wide matrix, gain 1", {"shape": (20, 64), "gain": 1.0, "seed": draw_seed(rng)}


@answer.hidden_cases
def _(rng):
    for label, shape in {"300 by 200": (300, 200), "200 by 300": (200, 300)}.items():
        yield label, {"shape": shape, "gain": rng.uniform(0.2, 4), "seed": draw_seed(rng)}


add_generator_mistakes(answer, plain_orthogonal)


@answer.mistake("The gain is missing.")
def gain_missing(shape, gain, rng):
    return plain_orthogonal(shape, 1.0, rng)


@answer.mistake("Lengths are the gain, not its square.")
def gain_squared(shape, gain, rng):
    return plain_orthogonal(shape, gain**2, rng)


@answer.mistake("Lengths are the gain, not its root.")
def root_of_gain(shape, gain, rng):
    return plain_orthogonal(shape, math.sqrt(gain), rng)


@answer.mistake("The vectors are as long as they should be, but not orthogonal to each other.")
def only_normalized(shape, gain, rng):
    values = rng.standard_normal(shape)
    axis = int(np.argmax(shape))
    return gain * values / np.linalg.norm(values, axis=axis, keepdims=True)


@answer.mistake(
    "Of a wide matrix the rows have to be orthonormal: there isn't room for so many orthogonal "
    "columns. Decompose the transpose, which is tall, and turn the result."
)
def columns_of_a_wide_matrix(shape, gain, rng):
    rows, columns = shape
    if rows >= columns:
        return plain_orthogonal(shape, gain, rng)
    values = rng.standard_normal(shape)
    return gain * values / np.linalg.norm(values, axis=0)


@answer.mistake("The shape is the transpose of the one asked for where the matrix is wide.")
def wide_not_transposed_back(shape, gain, rng):
    return plain_orthogonal((max(shape), min(shape)), gain, rng)


@answer.mistake("That is the plain random matrix: its decomposition has the orthonormal vectors.")
def not_orthogonalized(shape, gain, rng):
    return gain * rng.standard_normal(shape)


@answer.mistake("These are unit vectors along the axes: orthonormal, but the same every time.")
def identity(shape, gain, rng):
    return gain * np.eye(*shape)


@answer.mistake("The triangular factor r was returned; the orthonormal one is q.")
def the_other_factor(shape, gain, rng):
    rows, columns = shape
    _, r = np.linalg.qr(rng.standard_normal((max(shape), min(shape))), mode="complete")
    return gain * (r if rows >= columns else r.T)


@answer.mistake("The unit vectors along the axes, in random order, are no random rotation.")
def permutation(shape, gain, rng):
    return gain * np.eye(max(shape))[rng.permutation(max(shape))][: shape[0], : shape[1]]


@answer.variant
def without_signs():
    def orthogonal(shape, gain, rng):
        values = rng.normal(size=shape)
        if shape[0] < shape[1]:
            return gain * np.linalg.qr(values.T)[0].T
        return gain * np.linalg.qr(values)[0]

    return orthogonal


@answer.variant
def by_singular_vectors():
    def orthogonal(shape, gain, rng):
        u, _, vt = np.linalg.svd(rng.standard_normal(shape), full_matrices=False)
        return gain * (u @ vt)

    return orthogonal


@answer.variant
def by_gram_and_schmidt():
    def orthogonal(shape, gain, rng):
        vectors = []
        while len(vectors) < min(shape):
            vector = rng.standard_normal(max(shape))
            for _ in range(2):  # twice: once leaves rounding errors
                for other in vectors:
                    vector = vector - (vector @ other) * other
            vectors.append(vector / np.linalg.norm(vector))
        matrix = gain * np.array(vectors)
        return matrix if shape[0] <= shape[1] else matrix.T

    return orthogonal


@answer.variant
def of_scipy():
    def orthogonal(shape, gain, rng):
        rotation = stats.ortho_group.rvs(max(shape), random_state=rng)
        return gain * rotation[: shape[0], : shape[1]]

    return orthogonal
