"""What graders know of ``hidden-layers/numpy/numerical_gradient``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor, vjp


def plain_numerical_gradient(f, x, eps=1e-5):
    grad = np.empty_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += eps
        down[index] -= eps
        grad[index] = (f(up) - f(down)) / (2 * eps)
    return grad


answer = Answer("hidden-layers/numpy/numerical_gradient", plain_numerical_gradient, float32=False)


@answer.reference
def _(x, cubic, linear, eps):
    # For f = c x³ + l x, (f(x + eps) - f(x - eps)) / (2 eps) is the derivative plus c eps².
    (derivative,) = vjp(lambda x: tensor(cubic) * x**3 + tensor(linear) * x, (x,), np.ones(x.shape))
    return derivative + cubic * (1e-5 if eps is None else eps) ** 2


@answer.cases
def _(rng):
    for label, shape, eps in (
        ("a cubic in 3 variables, eps 0.1", (3,), 0.1),
        ("a matrix, eps 0.5", (2, 3), 0.5),
        ("the default eps", (4,), None),
        ("three dimensions", (2, 1, 2), 0.2),
        ("a single number", (), 0.1),
    ):
        yield (
            label,
            {
                "x": draw.normal(rng, *shape),
                "cubic": draw.normal(rng, *shape),
                "linear": draw.normal(rng, *shape),
                "eps": eps,
            },
        )


@answer.mistake(
    "That is a one-sided difference, with an error of the order eps. Look to both sides: the "
    "error is then of the order eps²."
)
def forward_difference(f, x, eps=1e-5):
    grad = np.empty_like(x)
    for index in np.ndindex(x.shape):
        up = x.copy()
        up[index] += eps
        grad[index] = (f(up) - f(x)) / eps
    return grad


@answer.mistake("From x - eps to x + eps is a distance of two eps.")
def divided_by_eps(f, x, eps=1e-5):
    return 2 * plain_numerical_gradient(f, x, eps)


@answer.mistake("All elements are moved at once: each needs a difference of its own.")
def all_elements_at_once(f, x, eps=1e-5):
    return np.full_like(x, (f(x + eps) - f(x - eps)) / (2 * eps))


@answer.mistake("The first element's difference stands everywhere: index both sides.")
def first_element_only(f, x, eps=1e-5):
    return np.full_like(x, plain_numerical_gradient(f, x, eps).flat[0])


@answer.mistake("eps is fixed in yours; it is an argument.")
def eps_ignored(f, x, eps=1e-5):
    return plain_numerical_gradient(f, x)


@answer.mistake("x is left moved: put each element back, to the value it had.")
def x_left_moved(f, x, eps=1e-5):
    grad = plain_numerical_gradient(f, x, eps)
    x -= eps
    return grad


@answer.variant
def moved_and_put_back():
    def numerical_gradient(f, x, eps=1e-5):
        grad = np.zeros(x.shape)
        iterator = np.nditer(x, flags=["multi_index"])
        while not iterator.finished:
            i = iterator.multi_index
            old = x[i].copy()
            x[i] = old + eps
            above = f(x)
            x[i] = old - eps
            below = f(x)
            x[i] = old
            grad[i] = (above - below) / (2 * eps)
            iterator.iternext()
        return grad

    return numerical_gradient


@answer.variant
def with_unit_vectors():
    def numerical_gradient(f, x, eps=1e-5):
        steps = eps * np.eye(x.size).reshape(x.size, *x.shape)
        return np.reshape([(f(x + s) - f(x - s)) / eps / 2 for s in steps], x.shape)

    return numerical_gradient
