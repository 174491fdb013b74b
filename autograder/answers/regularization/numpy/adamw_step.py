"""What graders know of ``regularization/numpy/adamw_step``.

Decoupled decay (Loshchilov and Hutter 2019), times the learning rate, as in PyTorch and Keras.
"""

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


def plain_adamw_step(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    m, v, t = moments_after(dW, state, beta1, beta2)
    change = adam_change(m, v, t, lr, beta1, beta2, eps)
    return W - change - lr * decay * W, {"m": m, "v": v, "t": t}


answer = Answer("regularization/numpy/adamw_step", plain_adamw_step)


@answer.reference
def _(W, dW, state, options):
    return torch_step(torch.optim.AdamW, W, dW, state, **(DEFAULTS | options))


@answer.cases
def _(rng):
    decays = (0.5, 0.1, 0.3, 2.0, 0.25, None, 0.5)
    for (label, inputs), decay in zip(moment_cases(rng), decays, strict=True):
        options = inputs["options"] | ({} if decay is None else {"decay": decay})
        yield label, inputs | {"options": options}
    (label, inputs) = next(moment_cases(rng))
    yield "no decay", inputs | {"options": {"lr": 0.1, "decay": 0.0}}


@answer.hidden_cases
def _(rng):
    yield "betas below one half", short_memory_case(rng)


@answer.mistake(
    "The decay is added to the gradient: that is L2 under Adam, which divides it by the root of v. "
    "AdamW subtracts it from the weights."
)
def l2_under_adam(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    return plain_adamw_step(W, dW + decay * W, state, lr, beta1, beta2, eps, 0.0)


@answer.mistake("The decay isn't multiplied by the learning rate.")
def decay_without_learning_rate(
    W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01
):
    return plain_adamw_step(W, dW, state, lr, beta1, beta2, eps, decay / lr)


@answer.mistake("The decay is missing: this is Adam.")
def no_decay(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    return plain_adamw_step(W, dW, state, lr, beta1, beta2, eps, 0.0)


@answer.mistake("The decay takes its share of W as it was before the step, not after it.")
def decay_after_the_step(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    new, after = plain_adamw_step(W, dW, state, lr, beta1, beta2, eps, 0.0)
    return new - lr * decay * new, after


@answer.mistake("The decay makes the weights larger: its sign is turned round.")
def decay_added(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    return plain_adamw_step(W, dW, state, lr, beta1, beta2, eps, -decay)


@answer.mistake(
    "The moments aren't corrected for their start at 0: divide them by 1 - beta1^t and 1 - beta2^t."
)
def no_bias_correction(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    m, v, t = moments_after(dW, state, beta1, beta2)
    return W - lr * m / (np.sqrt(v) + eps) - lr * decay * W, {"m": m, "v": v, "t": t}


@answer.mistake("t is counted one too far: at the first step it is 1.")
def t_too_large(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    m, v, t = moments_after(dW, state, beta1, beta2)
    change = adam_change(m, v, t + 1, lr, beta1, beta2, eps)
    return W - change - lr * decay * W, {"m": m, "v": v, "t": t}


@answer.mistake("eps stands inside the root; here it is added to the root.")
def eps_inside_the_root(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    m, v, t = moments_after(dW, state, beta1, beta2)
    change = lr * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps)
    return W - change - lr * decay * W, {"m": m, "v": v, "t": t}


@answer.mistake(IN_PLACE)
def state_in_place(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    new, after = plain_adamw_step(W, dW, state, lr, beta1, beta2, eps, decay)
    state.update(after)
    return new, state


@answer.mistake(IN_PLACE)
def weights_in_place(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
    new, after = plain_adamw_step(W, dW, state, lr, beta1, beta2, eps, decay)
    W[...] = new
    return W, after


@answer.variant
def shrink_first():
    def adamw_step(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
        t = state["t"] + 1
        m = (1 - beta1) * dW + beta1 * state["m"]
        v = (1 - beta2) * dW * dW + beta2 * state["v"]
        W = W * (1 - lr * decay)
        return W - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), {
            "m": m,
            "v": v,
            "t": t,
        }

    return adamw_step


@answer.variant
def on_a_copy_of_the_state():
    def adamw_step(W, dW, state, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.01):
        state = dict(state)
        state["t"] += 1
        state["m"] = np.average([state["m"], dW], axis=0, weights=[beta1, 1 - beta1])
        state["v"] = np.average([state["v"], dW**2], axis=0, weights=[beta2, 1 - beta2])
        root = np.sqrt(state["v"] / (1 - beta2 ** state["t"]))
        direction = state["m"] / ((1 - beta1 ** state["t"]) * (root + eps))
        return W - lr * (direction + decay * W), state

    return adamw_step
