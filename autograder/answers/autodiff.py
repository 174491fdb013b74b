"""References by PyTorch's autodiff, in float64."""

from collections.abc import Callable, Sequence

import numpy as np
import torch


def tensor(array: np.ndarray) -> torch.Tensor:
    """A float64 leaf tensor with the array's values; gradients are collected in it."""
    return torch.from_numpy(np.array(array, np.float64)).requires_grad_()


def vjp(
    function: Callable[..., torch.Tensor], inputs: Sequence[np.ndarray], dout: np.ndarray
) -> tuple[np.ndarray, ...]:
    """The vector-Jacobian product of ``function`` at ``inputs``: one gradient an input.

    Parameters
    ----------
    function : from float64 tensors to one tensor, in PyTorch's operations.
    dout : the gradient at its output, of the output's shape.
    """
    leaves = [tensor(array) for array in inputs]
    out = function(*leaves)
    grads = torch.autograd.grad(out, leaves, torch.from_numpy(np.array(dout, np.float64)))
    return tuple(grad.numpy() for grad in grads)
