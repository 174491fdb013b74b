"""What graders know of ``regularization/numpy/adam_step``; the definition is in ``moments``."""

import numpy as np
import torch

from autograder.answers.answer import Answer
from autograder.answers.regularization.moments import (
    DEFAULTS,
    IN_PLACE,
    adam_change,
    moment_cases,
    moments_after,
    short_memory_case,
    torch_step,
)


def plain_adam_step(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state["t"] + 1
    m = beta1 * state["m"] + (1 - beta1) * dW
    v = beta2 * state["v"] + (1 - beta2) * dW**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return W - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


answer = Answer("regularization/numpy/adam_step", plain_adam_step)


@answer.reference
def _(W, dW, state, options):
    settings = DEFAULTS | options | {"decay": 0.0}
    return torch_step(torch.optim.Adam, W, dW, state, **settings)


@answer.cases
def _(rng):
    yield from moment_cases(rng)


@answer.hidden_cases
def _(rng):
    yield "betas below one half", short_memory_case(rng)


@answer.mistake(
    "The moments aren't corrected for their start at 0: divide them by 1 - beta1^t and 1 - beta2^t."
)
def no_bias_correction(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = moments_after(dW, state, beta1, beta2)
    return W - lr * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


@answer.mistake(
    "The correction takes t as it was. This step is the one after it: with t = 0 you divide by 0."
)
def t_before_the_step(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = moments_after(dW, state, beta1, beta2)
    with np.errstate(all="ignore"):
        change = adam_change(m, v, np.float64(t - 1), lr, beta1, beta2, eps)
    return W - change, {"m": m, "v": v, "t": t}


@answer.mistake("t is counted one too far: at the first step it is 1.")
def t_too_large(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = moments_after(dW, state, beta1, beta2)
    change = adam_change(m, v, t + 1, lr, beta1, beta2, eps)
    return W - change, {"m": m, "v": v, "t": t}


@answer.mistake("t doesn't count on: the new state has taken one step more.")
def t_not_counted(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    new, after = plain_adam_step(W, dW, state, lr, beta1, beta2, eps)
    return new, after | {"t": state["t"]}


@answer.mistake("eps stands inside the root; here it is added to the root.")
def eps_inside_the_root(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = moments_after(dW, state, beta1, beta2)
    change = lr * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps)
    return W - change, {"m": m, "v": v, "t": t}


@answer.mistake(
    "eps is added to the root of the uncorrected v, as in Keras; here to that of the corrected one."
)
def eps_as_in_keras(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = moments_after(dW, state, beta1, beta2)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return W - rate * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


@answer.mistake("The state keeps the plain moments; the corrected ones are for this step only.")
def corrected_moments_kept(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    new, after = plain_adam_step(W, dW, state, lr, beta1, beta2, eps)
    t = after["t"]
    return new, {"m": after["m"] / (1 - beta1**t), "v": after["v"] / (1 - beta2**t), "t": t}


@answer.mistake("v averages the squares of the gradient, not the gradient itself.")
def gradient_not_squared(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, _, t = moments_after(dW, state, beta1, beta2)
    v = beta2 * state["v"] + (1 - beta2) * np.abs(dW)
    return W - adam_change(m, v, t, lr, beta1, beta2, eps), {"m": m, "v": v, "t": t}


@answer.mistake("The root is missing: the step is divided by the root of v.")
def no_root(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = moments_after(dW, state, beta1, beta2)
    change = lr * m / (1 - beta1**t) / (v / (1 - beta2**t) + eps)
    return W - change, {"m": m, "v": v, "t": t}


@answer.mistake("beta1 and beta2 are swapped: beta1 belongs to m, beta2 to v.")
def betas_swapped(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return plain_adam_step(W, dW, state, lr, beta2, beta1, eps)


@answer.mistake("The old moment counts beta, the new gradient 1 - beta; yours are the other way.")
def betas_turned_round(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    return plain_adam_step(W, dW, state, lr, 1 - beta1, 1 - beta2, eps)


@answer.mistake(IN_PLACE)
def state_in_place(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    new, after = plain_adam_step(W, dW, state, lr, beta1, beta2, eps)
    state.update(after)
    return new, state


@answer.mistake(IN_PLACE)
def moments_in_place(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    new, after = plain_adam_step(W, dW, state, lr, beta1, beta2, eps)
    state["m"][...], state["v"][...] = after["m"], after["v"]
    return new, {"m": state["m"], "v": state["v"], "t": after["t"]}


@answer.variant
def corrections_in_the_rate():
    def adam_step(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        t = int(state["t"]) + 1
        m = state["m"] + (1 - beta1) * (dW - state["m"])
        v = state["v"] + (1 - beta2) * (np.square(dW) - state["v"])
        root = np.sqrt(1 - beta2**t)
        rate = lr * root / (1 - beta1**t)
        return W - rate * m / (np.sqrt(v) + eps * root), {"t": t, "v": v, "m": m}

    return adam_step


@answer.variant
def on_copies():
    def adam_step(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        new = {key: np.array(value) for key, value in state.items()}
        new["t"] += 1
        new["m"] *= beta1
        new["m"] += (1 - beta1) * dW
        new["v"] *= beta2
        new["v"] += (1 - beta2) * dW * dW
        step = new["m"] / (1 - beta1 ** new["t"])
        step /= (new["v"] / (1 - beta2 ** new["t"])) ** 0.5 + eps
        return W + -lr * step, new

    return adam_step
