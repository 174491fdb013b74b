"""The capstone's network by PyTorch, in float64: what NumPy's and Keras' answers are held against.

The objective is the mean cross-entropy of the batch plus ``l2 / 2`` times the sum of all squared
weights, biases excluded. (Keras' ``regularizers.L2(s)`` has no half, so that its ``s`` is ``l2 /
2``; PyTorch's ``weight_decay`` has the half, but decays biases as well unless told otherwise.)
Dropout is inverted, and ``dropout`` is the share that is dropped.
"""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from autograder.answers.autodiff import tensor, vjp
from autograder.answers.networks import LossAndGrads, Params, split
from autograder.student.parameters import flatten_layers

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh}
Masks = list[np.ndarray] | None  # booleans (N, H), one array a hidden layer; True keeps


def scores_of(
    x: np.ndarray, flat: list[torch.Tensor], settings: dict[str, Any], masks: Masks
) -> torch.Tensor:
    """``(N, C)``, from the parameters ``W1, b1, W2, b2`` …"""
    h = torch.tensor(np.asarray(x, dtype=np.float64))
    for layer, (W, b) in enumerate(zip(flat[::2], flat[1::2], strict=True)):
        h = F.linear(h, W.T, b)
        if layer < len(flat) // 2 - 1:
            h = ACTIVATIONS[settings["activation"]](h)
            if masks is not None:
                h = torch.where(torch.tensor(masks[layer]), h / (1 - settings["dropout"]), 0.0)
    return h


def penalty_of(flat: list[torch.Tensor], settings: dict[str, Any]) -> torch.Tensor:
    return settings["l2"] / 2 * sum(W.square().sum() for W in flat[::2])


def reference_scores(x: np.ndarray, params: Params, settings: dict, masks: Masks) -> np.ndarray:
    flat = [tensor(array) for array in flatten_layers(params)]
    return scores_of(x, flat, settings, masks).detach().numpy()


def reference_grads(
    x: np.ndarray, params: Params, settings: dict, masks: Masks, dscores: np.ndarray
) -> dict[str, np.ndarray]:
    """Gradients of ``sum(dscores * scores)`` and the penalty: ``dW1``, ``db1`` …"""

    def value(*flat: torch.Tensor) -> torch.Tensor:
        scores = scores_of(x, list(flat), settings, masks)
        weighted = torch.tensor(np.asarray(dscores, dtype=np.float64)) * scores
        return weighted.sum() + penalty_of(list(flat), settings)

    grads = vjp(value, flatten_layers(params), np.array(1.0))
    return {f"d{'Wb'[i % 2]}{i // 2 + 1}": grad for i, grad in enumerate(grads)}


def objective(settings: dict[str, Any], masks: Masks) -> LossAndGrads:
    """For ``networks.train``: the objective and its gradients on one batch."""

    def loss_and_grads(params: Params, x: np.ndarray, y: np.ndarray) -> tuple[float, Params]:
        flat = [tensor(array) for array in flatten_layers(params)]
        loss = F.cross_entropy(scores_of(x, flat, settings, masks), torch.tensor(y))
        loss = loss + penalty_of(flat, settings)
        grads = torch.autograd.grad(loss, flat)
        return loss.item(), split(np.concatenate([grad.numpy().ravel() for grad in grads]), params)

    return loss_and_grads
