"""Adam and AdamW for cases: starting states, and PyTorch's optimizers as the reference.

Both follow Kingma and Ba (2015), Algorithm 1: epsilon is added to the square root of the corrected
second moment, as in PyTorch. Keras adds it to that of the uncorrected one.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from autograder.answers import draw
from autograder.answers.autodiff import tensor

IN_PLACE = (
    "What was given is changed in place (+= and *= do that, and so does writing into state): a new "
    "W and a new dict with new arrays are due."
)
DEFAULTS = {"lr": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "decay": 0.01}


def moment_cases(rng: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    """Cases without ``decay``. The learning rates are so large that every change shows."""
    settings = {"lr": 0.3, "beta1": 0.8, "beta2": 0.95, "eps": 0.05}
    for label, shape, t, options in (
        ("the first step", (3, 2), 0, {"lr": 0.1}),
        ("the fourth step", (2, 3), 3, {"lr": 0.1}),
        ("other settings, a large eps", (4,), 2, settings),
        ("other settings, the first step", (2, 2), 0, settings),
        ("a kernel, after 500 steps", (2, 2, 1, 3), 500, {"lr": 0.5}),
        ("all defaults", (2, 2), 1, {}),
    ):
        yield label, {**moment_inputs(rng, shape, t), "options": options}
    inputs = moment_inputs(rng, (3, 2), 0)
    inputs["dW"][0] = 0.0
    yield "gradients of 0", inputs | {"options": {"lr": 0.1}}


def moment_inputs(rng: np.random.Generator, shape: tuple[int, ...], t: int) -> dict[str, Any]:
    zero = np.zeros(shape)
    m = draw.normal(rng, *shape) if t else zero
    v = draw.uniform(rng, 0.5, 2, *shape) if t else zero.copy()
    return {
        "W": draw.normal(rng, *shape),
        "dW": draw.normal(rng, *shape),
        "state": {"m": m, "v": v, "t": t},
    }


def short_memory_case(rng: np.random.Generator) -> dict[str, Any]:
    """With such betas a remainder of 1 is not what is missing to 1."""
    return {**moment_inputs(rng, (3, 2), 2), "options": {"lr": 0.1, "beta1": 0.3, "beta2": 0.4}}


def torch_step(
    optimizer: type[torch.optim.Optimizer],
    W: np.ndarray,
    dW: np.ndarray,
    state: dict[str, Any],
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    decay: float,
) -> dict[str, np.ndarray]:
    """One step of PyTorch's optimizer from a given state."""
    leaf = tensor(W)
    leaf.grad = torch.tensor(np.asarray(dW, float))
    made = optimizer([leaf], lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=decay)
    made.state[leaf] = {
        "step": torch.tensor(float(state["t"])),
        "exp_avg": torch.tensor(np.asarray(state["m"], float)),
        "exp_avg_sq": torch.tensor(np.asarray(state["v"], float)),
    }
    made.step()
    after = made.state[leaf]
    return {
        "new_W": leaf.detach().numpy(),
        "new_m": after["exp_avg"].numpy(),
        "new_v": after["exp_avg_sq"].numpy(),
        "new_t": np.array(int(after["step"])),
    }


def moments_after(dW, state, beta1, beta2):
    """The new moments and the number of steps taken, for mistakes that go wrong elsewhere."""
    m = beta1 * state["m"] + (1 - beta1) * dW
    v = beta2 * state["v"] + (1 - beta2) * dW**2
    return m, v, state["t"] + 1


def adam_change(m, v, t, lr, beta1, beta2, eps):
    """What a step subtracts."""
    return lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
