"""What graders know of ``capstone/pytorch/network_initialization``."""

import math

import torch
from torch import nn

from autograder.answers.answer import Answer
from autograder.answers.capstone.cases import initialization_cases
from autograder.answers.capstone.pytorch.plain import PlainNetwork

answer = Answer("capstone/pytorch/network_initialization", PlainNetwork, float32=False)


@answer.cases
def _(rng):
    # Models take long to make; these are enough to tell the schemes apart.
    yield from list(initialization_cases(rng))[1:4]


@answer.mistake(
    "Glorot's variance is 2 / (fan_in + fan_out), whatever the activation: look at initializer."
)
class always_he(PlainNetwork):
    def initialize(self, layer, initializer, activation, rng):
        super().initialize(layer, "he_normal", activation, rng)


@answer.mistake("The activation doesn't decide: initializer names the scheme that is asked for.")
class chosen_by_activation(PlainNetwork):
    def initialize(self, layer, initializer, activation, rng):
        chosen = "he_normal" if activation == "relu" else "glorot_normal"
        super().initialize(layer, chosen, activation, rng)


@answer.mistake("The weights are those an nn.Linear starts with; initializer says which are due.")
class default_weights(PlainNetwork):
    def initialize(self, layer, initializer, activation, rng):
        limit = 1 / math.sqrt(layer.in_features)
        nn.init.uniform_(layer.weight, -limit, limit, generator=self.make_generator(rng))
        nn.init.zeros_(layer.bias)


@answer.mistake(
    "He's variance is 2 / fan_in: kaiming_normal_ has to count the inputs of a layer, not its "
    "outputs."
)
class fan_out_for_fan_in(PlainNetwork):
    def initialize(self, layer, initializer, activation, rng):
        super().initialize(layer, initializer, activation, rng)
        if initializer == "he_normal":
            generator = self.make_generator(rng)
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", generator=generator)


@answer.mistake("Biases start at 0; an nn.Linear draws them unless they are set.")
class default_biases(PlainNetwork):
    def initialize(self, layer, initializer, activation, rng):
        super().initialize(layer, initializer, activation, rng)
        nn.init.uniform_(layer.bias, -0.1, 0.1, generator=self.make_generator(rng))


@answer.mistake("The seed is fixed, so that every network starts at the same weights.")
class fixed_seed(PlainNetwork):
    def make_generator(self, rng):
        return torch.Generator().manual_seed(0)


@answer.mistake("The numbers don't come from rng, so that nobody can repeat them.")
class torchs_own_generator(PlainNetwork):
    def make_generator(self, rng):
        return None


@answer.mistake("The parameters are float32: give every layer dtype=torch.float64.")
class in_float32(PlainNetwork):
    precision = torch.float32


@answer.variant
def drawn_by_numpy():
    class Network(PlainNetwork):
        def initialize(self, layer, initializer, activation, rng):
            m, n = layer.weight.shape
            variance = 2 / n if initializer == "he_normal" else 2 / (n + m)
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(rng.normal(0, math.sqrt(variance), (m, n))))
                layer.bias.zero_()

    return Network


@answer.variant
def by_normal():
    class Network(PlainNetwork):
        def initialize(self, layer, initializer, activation, rng):
            fan = layer.in_features
            if initializer == "glorot_normal":
                fan += layer.out_features
            generator = self.make_generator(rng)
            layer.weight.data.normal_(0, (2 / fan) ** 0.5, generator=generator)
            layer.bias.data.fill_(0)

    return Network
