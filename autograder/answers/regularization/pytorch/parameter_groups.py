"""What graders know of ``regularization/pytorch/parameter_groups``."""

import numpy as np
import tensorflow as tf
from torch import nn

from autograder.answers.answer import Answer
from autograder.answers.autodiff_tensorflow import vjp
from autograder.answers.regularization.models import SHAPES, parameters_of
from autograder.student.exercises.regularization_pytorch import LEARNING_RATE


def split(parameters, is_decayed, weight_decay, none=0.0):
    parameters = list(parameters)
    return [
        {"params": [p for p in parameters if is_decayed(p)], "weight_decay": weight_decay},
        {"params": [p for p in parameters if not is_decayed(p)], "weight_decay": none},
    ]


def plain_parameter_groups(model, weight_decay):
    return split(model.parameters(), lambda p: p.dim() >= 2, weight_decay)


answer = Answer("regularization/pytorch/parameter_groups", plain_parameter_groups, float32=False)

NAMES = {
    "dense": ("0.weight", "0.bias", "2.weight", "2.bias"),
    "normalized": ("0.weight", "0.bias", "1.weight", "1.bias", "3.weight"),
    "convolutional": ("0.weight", "0.bias", "1.weight", "1.bias", "3.weight", "3.bias"),
    "embedding": ("0.weight", "1.weight", "1.bias", "2.weight", "2.bias"),
}


@answer.reference
def _(kind, parameters, gradients, weight_decay):
    # Plain gradient descent on the loss with an L2 penalty of the weights, which for SGD is decay.
    outputs = {}
    for number, (name, p, g) in enumerate(zip(NAMES[kind], parameters, gradients, strict=True)):
        decay = weight_decay if p.ndim > 1 else 0.0

        def objective(p, g=g, decay=decay):
            return tf.reduce_sum(p * g.astype(float) + decay / 2 * p * p)

        _, slope = vjp(objective, (p,), np.array(1.0))
        outputs[f"after{number}_{name}"] = p - LEARNING_RATE * slope
    return outputs


@answer.cases
def _(rng):
    for kind, decay in zip(SHAPES, (0.5, 0.1, 0.75, 1.0), strict=True):
        yield (
            f"a {kind} model" if kind != "embedding" else "an embedding",
            {
                "kind": kind,
                "parameters": parameters_of(rng, kind),
                "gradients": parameters_of(rng, kind),
                "weight_decay": decay,
            },
        )


@answer.mistake("Biases, or what normalization learns, decay too; weights alone should.")
def everything_decays(model, weight_decay):
    return [{"params": list(model.parameters()), "weight_decay": weight_decay}]


@answer.mistake("The two groups are swapped.")
def swapped(model, weight_decay):
    return split(model.parameters(), lambda p: p.dim() < 2, weight_decay)


@answer.mistake("Parameters without decay are in no group, so that they don't learn any more.")
def others_left_out(model, weight_decay):
    return plain_parameter_groups(model, weight_decay)[:1]


@answer.mistake("Nothing decays.")
def nothing_decays(model, weight_decay):
    return split(model.parameters(), lambda p: p.dim() >= 2, 0.0)


@answer.mistake(
    "A group without a weight_decay of its own gets the optimizer's, 0.01 in AdamW: write 0."
)
def left_to_the_optimizer(model, weight_decay):
    groups = plain_parameter_groups(model, weight_decay)
    del groups[1]["weight_decay"]
    return groups


@answer.mistake("A normalization's gamma is called weight as well; it has one dimension: no decay.")
def everything_called_weight(model, weight_decay):
    decayed = {id(p) for name, p in model.named_parameters() if name.endswith("weight")}
    return split(model.parameters(), lambda p: id(p) in decayed, weight_decay)


@answer.mistake("Linear layers alone decay; convolutions and embeddings have weights too.")
def linear_layers_only(model, weight_decay):
    decayed = {id(m.weight) for m in model.modules() if isinstance(m, nn.Linear)}
    return split(model.parameters(), lambda p: id(p) in decayed, weight_decay)


@answer.mistake("weight_decay is not used: yours is a fixed number.")
def fixed_decay(model, weight_decay):
    return plain_parameter_groups(model, 0.01)


@answer.variant
def by_module():
    def parameter_groups(model, weight_decay):
        groups = []
        for module in model.modules():
            for parameter in module.parameters(recurse=False):
                decay = weight_decay if parameter.ndim > 1 else 0
                groups.append({"params": parameter, "weight_decay": decay})
        return groups

    return parameter_groups


@answer.variant
def generators():
    def parameter_groups(model, weight_decay):
        return (
            {"weight_decay": 0, "params": (p for p in model.parameters() if len(p.shape) <= 1)},
            {
                "params": (p for p in model.parameters() if len(p.shape) > 1),
                "weight_decay": weight_decay,
            },
        )

    return parameter_groups
