"""How to call what a student writes in ``capstone/pytorch``: the network of NumPy, in float64."""

import numpy as np

from autograder.student.calling import describe
from autograder.student.exercise import Notebook, Wrong
from autograder.student.networks import (
    draw_first_weights,
    fingerprint_of_first_weights,
    judge_first_weights,
)
from autograder.student.parameters import (
    copy_into_torch,
    flatten_layers,
    require_tensor,
    take_number,
)

notebook = Notebook("capstone/pytorch")


def make(network_class, layer_sizes, activation, initializer, l2, dropout, params=None, rng=None):
    """A network, with the parameters of the case if there are any, and its parameters in their
    order."""
    import torch

    if rng is None:
        rng = np.random.default_rng(0)  # for weights that are replaced
    network = network_class(layer_sizes, activation, initializer, l2, dropout, rng)
    if not isinstance(network, torch.nn.Module):
        raise Wrong("kind", f"Network(...) is {describe(network)}, where an nn.Module is due")
    parameters = list(network.parameters())
    if not parameters:
        raise Wrong("unsolved", "Network has no parameters")
    if params is None:
        return network, parameters
    wrong = {str(parameter.dtype) for parameter in parameters} - {"torch.float64"}
    if wrong:
        raise Wrong("dtype", f"the parameters are {', '.join(sorted(wrong))}; float64 is due")
    return network, copy_into_torch(network, flatten_layers(params), "the network")


@notebook.exercise(
    returns="values next_values other_values values_again biases",
    takes="Network",
    judge=judge_first_weights,
    fingerprint=fingerprint_of_first_weights,
)
def network_initialization(network_class, layer_sizes, activation, initializer, layer, seed):
    def first_params(rng):
        _, parameters = make(network_class, layer_sizes, activation, initializer, 0.0, 0.0, rng=rng)
        # In the course's layout, (in, out).
        arrays = [parameter.detach().numpy().T.copy() for parameter in parameters]
        kernels = [array for array in arrays if array.ndim == 2]
        biases = [array for array in arrays if array.ndim == 1]
        if len(kernels) != len(layer_sizes) - 1 or len(biases) != len(kernels):
            raise Wrong(
                "shape",
                f"the network has {len(kernels)} weights and {len(biases)} biases; "
                f"{len(layer_sizes) - 1} of each are due",
            )
        return list(zip(kernels, biases, strict=True))

    return draw_first_weights(first_params, layer, seed)


@notebook.exercise(returns="scores scores_in_training", takes="Network")
def network_forward(network_class, settings, params, x, masks):
    import torch

    network, _ = make(network_class, **settings, params=params)
    # The arguments share the arrays' memory, so that a change in place is seen.
    x, masks = torch.from_numpy(x), [torch.from_numpy(mask) for mask in masks]
    outputs = {"scores": network(x)}
    if outputs["scores"] is None:
        raise Wrong("unsolved", "forward returns None")
    outputs["scores_in_training"] = network(x, masks)
    for name, value in outputs.items():
        require_tensor(value, (len(x), settings["layer_sizes"][-1]), name, "pytorch")
    return outputs


@notebook.exercise(returns="losses params", takes="Network")
def network_training(network_class, settings, params, batches, lr):
    import torch

    network, parameters = make(network_class, **settings, params=params)
    losses = []
    for x, y, masks in batches:
        given = () if masks is None else ([torch.from_numpy(mask) for mask in masks],)
        loss = network.step(torch.from_numpy(x), torch.from_numpy(y), lr, *given)
        if loss is None:
            raise Wrong("unsolved", "step returns None")
        losses.append(take_number(loss, "the loss", "pytorch"))
    outputs = {"losses": np.array(losses)}
    for number, parameter in enumerate(parameters):
        outputs[f"{'Wb'[number % 2]}{number // 2 + 1}"] = parameter.detach().numpy().T.copy()
    return outputs
