"""What the answers of activations that work on each number by itself have in common.

Their cases, their references (PyTorch's autodiff, in float64), and the mistakes that are the same
for all of them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor, vjp

Case = tuple[str, dict[str, Any]]
Definition = Callable[..., torch.Tensor]  # of a tensor and the activation's own options

SHAPES = {
    "one axis": (5,),
    "three axes": (2, 3, 4),
    "a batch of one": (1, 6),
    "an empty batch": (0, 3),
}
NEAR_ZERO = np.array([[-1e-3, -1e-4, 1e-4, 1e-3]])
MODERATE = np.array([[4.0, 6.0, 9.0, 12.0, 16.0, 20.0, 25.0, 36.0]])
# From 710 on exp overflows in float64; powers of exp do so earlier.
LARGE = np.array([[50.0, 100.0, 300.0, 500.0, 700.0, 720.0, 750.0, 1000.0]])


def inputs_with(
    rng: np.random.Generator, options: Iterable[dict[str, Any]], zero: bool
) -> Iterator[Case]:
    """Cases of x, with each of the options.

    Parameters
    ----------
    options : keyword arguments of the activation, the defaults (``{}``) first.
    zero : whether there is a case with zeros; not where the slope at 0 isn't judged.
    """
    first, *others = options
    # Negative in the first row and positive in the second, so that each case shows both sides.
    signs = np.array([[-1.0], [1.0]])
    yield "2 examples, 3 units", {"x": signs * np.abs(draw.normal(rng, 2, 3)), **first}
    for label, shape in SHAPES.items():
        yield label, {"x": draw.normal(rng, *shape), **first}
    yield "in column order", {"x": np.asfortranarray(draw.normal(rng, 4, 3)), **first}
    if zero:
        yield "zero and negative zero", {"x": np.array([[0.0, -0.0, 1.0]]), **first}
    yield "near zero", {"x": NEAR_ZERO.copy(), **first}
    # Apart, since what is allowed depends on the largest number of a case.
    for size, x in ("moderate", MODERATE), ("large", LARGE):
        yield f"{size} negative numbers", {"x": -x, **first}
        yield f"{size} positive numbers", {"x": x.copy(), **first}
    for chosen in others:
        setting = ", ".join(f"{name} = {value}" for name, value in chosen.items())
        yield setting, {"x": draw.normal(rng, 3, 4), **chosen}
        yield f"{setting}, large numbers", {"x": np.stack([-LARGE[0], LARGE[0]]), **chosen}


def large_inputs(rng: np.random.Generator, options: Iterable[dict[str, Any]]) -> Iterator[Case]:
    """A batch as in training."""
    for chosen in options:
        yield "a large batch", {"x": draw.normal(rng, 128, 256), **chosen}


def compiled_case(rng: np.random.Generator) -> Iterator[Case]:
    """For functions of TensorFlow's, a call from compiled code."""
    yield "in a compiled function", {"x": draw.normal(rng, 2, 3), "compiled": True}


def with_dout(rng: np.random.Generator, cases: Iterable[Case]) -> Iterator[Case]:
    """The same cases with a gradient at the output."""
    for label, inputs in cases:
        yield label, {**inputs, "dout": draw.normal(rng, *inputs["x"].shape)}


def forward_answer(
    name: str, plain: Callable, definition: Definition, options: tuple[dict, ...] = ({},)
) -> Answer:
    """The answer of ``NAME_forward``, without the mistakes that are its own."""
    answer = Answer(f"activations/numpy/{name}_forward", plain)

    @answer.reference
    def _(x, **chosen):
        return definition(tensor(x), **chosen).detach().numpy()

    @answer.cases
    def _(rng):
        return inputs_with(rng, options, zero=True)

    @answer.hidden_cases
    def _(rng):
        return large_inputs(rng, options)

    @answer.mistake("x itself was changed, and the caller still needs it: work on a copy.")
    def x_changed(x, *chosen):
        out, cache = plain(x, *chosen)
        x[...] = out
        return x, cache

    return answer


def backward_answer(
    name: str,
    plain_forward: Callable,
    plain_backward: Callable,
    definition: Definition,
    options: tuple[dict, ...] = ({},),
    kink_at_zero: bool = False,
) -> Answer:
    """The answer of ``NAME_backward``, without the mistakes that are its own.

    With a kink at zero, x has no zeros: the slope there is not judged.
    """
    answer = Answer(f"activations/numpy/{name}_backward", plain_forward, plain_backward)

    @answer.reference
    def _(x, dout, **chosen):
        return vjp(lambda x: definition(x, **chosen), (x,), dout)[0]

    @answer.cases
    def _(rng):
        return with_dout(rng, inputs_with(rng, options, zero=not kink_at_zero))

    @answer.hidden_cases
    def _(rng):
        return with_dout(rng, large_inputs(rng, options))

    @answer.mistake(
        "That is the derivative alone. By the chain rule it multiplies dout, the gradient that "
        "comes from above."
    )
    def dout_ignored(dout, cache):
        return plain_backward(np.ones_like(dout), cache)

    @answer.mistake(
        "An array that the caller still needs, dout or one in the cache, was changed in place: "
        "make a new one."
    )
    def dout_changed(dout, cache):
        dout[...] = plain_backward(dout, cache)
        return dout

    return answer
