"""What graders know of ``initializers/pytorch/orthogonal_``."""

import torch
from torch import nn

from autograder.answers.answer import Answer
from autograder.answers.initializers.random_arrays import draw_seed


def rotation(shape):
    """(rows, columns), with orthonormal vectors along the shorter side."""
    rows, columns = shape
    q, r = torch.linalg.qr(torch.randn(max(shape), min(shape)))
    q = q * torch.sign(torch.diagonal(r))
    return q if rows >= columns else q.T


@torch.no_grad()
def plain_orthogonal_(tensor, gain=1.0):
    return tensor.copy_(gain * rotation(tensor.shape))


answer = Answer("initializers/pytorch/orthogonal_", plain_orthogonal_, float32=False)


@answer.cases
def _(rng):
    for label, shape, gain in (
        ("a tall matrix", (6, 3), 2.0),
        ("a wide matrix", (3, 6), 0.5),
        ("a square matrix", (5, 5), 1.5),
        ("a single row", (1, 7), 3.0),
    ):
        yield label, {"shape": shape, "gain": gain, "seed": draw_seed(rng)}
    yield "the default gain", {"shape": (20, 64), "seed": draw_seed(rng)}
    parameter = {"shape": (30, 12), "gain": 1.5, "parameter": True, "seed": draw_seed(rng)}
    yield "a parameter", parameter
    view = {"shape": (8, 5), "gain": 2.0, "as_view": True, "seed": draw_seed(rng)}
    yield "a view of another tensor", view


@answer.hidden_cases
def _(rng):
    for shape in ((150, 100), (100, 150)):
        yield f"{shape}", {"shape": shape, "gain": rng.uniform(0.2, 4), "seed": draw_seed(rng)}


@answer.mistake("The gain is missing.")
def gain_missing(tensor, gain=1.0):
    return plain_orthogonal_(tensor)


@answer.mistake("Lengths are the gain, not its square.")
def gain_squared(tensor, gain=1.0):
    return plain_orthogonal_(tensor, gain**2)


@answer.mistake("The vectors are as long as they should be, but not orthogonal to each other.")
@torch.no_grad()
def only_normalized(tensor, gain=1.0):
    values = torch.randn(tensor.shape)
    axis = 0 if tensor.shape[0] >= tensor.shape[1] else 1
    return tensor.copy_(gain * values / values.norm(dim=axis, keepdim=True))


@answer.mistake("That is the plain random matrix: its decomposition has the orthonormal vectors.")
@torch.no_grad()
def not_orthogonalized(tensor, gain=1.0):
    return tensor.copy_(gain * torch.randn(tensor.shape))


@answer.mistake(
    "Of a wide matrix the rows have to be orthonormal: there isn't room for so many orthogonal "
    "columns."
)
@torch.no_grad()
def columns_of_a_wide_matrix(tensor, gain=1.0):
    if tensor.shape[0] >= tensor.shape[1]:
        return plain_orthogonal_(tensor, gain)
    values = torch.randn(tensor.shape)
    return tensor.copy_(gain * values / values.norm(dim=0, keepdim=True))


@answer.mistake("A new tensor comes back, and the one that was handed in is as before.")
def a_new_tensor(tensor, gain=1.0):
    return gain * rotation(tensor.shape)


@answer.mistake(
    "The tensor is filled, but what is returned is another one: return the tensor itself."
)
@torch.no_grad()
def a_copy_returned(tensor, gain=1.0):
    return plain_orthogonal_(tensor, gain).clone()


@answer.mistake("The tensor is filled, but not returned.")
def nothing_returned(tensor, gain=1.0):
    plain_orthogonal_(tensor, gain)


@answer.mistake(
    "tensor.data was given other memory, so that whoever shares the old one sees nothing: copy the "
    "numbers into the memory that is there."
)
def other_memory(tensor, gain=1.0):
    tensor.data = gain * rotation(tensor.shape)
    return tensor


@answer.mistake(
    "Of a parameter, PyTorch records what is done to it, and refuses. Fill it where nothing is "
    "recorded."
)
def recorded(tensor, gain=1.0):
    return tensor.copy_(gain * rotation(tensor.shape))


@answer.mistake("These are unit vectors along the axes: orthonormal, but the same every time.")
@torch.no_grad()
def identity(tensor, gain=1.0):
    return tensor.copy_(gain * torch.eye(*tensor.shape))


@answer.mistake("The seed is set inside: all layers start with the same numbers.")
def seeded_inside(tensor, gain=1.0):
    torch.manual_seed(0)
    return plain_orthogonal_(tensor, gain)


@answer.variant
def of_pytorch():
    return lambda tensor, gain=1.0: nn.init.orthogonal_(tensor, gain)


@answer.variant
def by_singular_vectors():
    def orthogonal_(tensor, gain=1.0):
        with torch.no_grad():
            tensor.normal_()
            u, _, vh = torch.linalg.svd(tensor, full_matrices=False)
            tensor.copy_(u @ vh)
            tensor.mul_(gain)
        return tensor

    return orthogonal_


@answer.variant
def in_the_data():
    def orthogonal_(tensor, gain=1.0):
        rows, columns = tensor.shape
        square, _ = torch.linalg.qr(torch.randn(max(rows, columns), max(rows, columns)))
        tensor.data[:] = square[:rows, :columns] * gain
        return tensor.data

    return orthogonal_
