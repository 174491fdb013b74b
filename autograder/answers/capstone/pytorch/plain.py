"""A right network in PyTorch, which the known mistakes and the variants change."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn


class PlainNetwork(nn.Module):
    precision = torch.float64

    def __init__(self, layer_sizes, activation, initializer, l2, dropout, rng):
        super().__init__()
        self.l2, self.dropout = l2, dropout
        self.act = getattr(torch, activation)
        self.layers = nn.ModuleList()
        for n_in, n_out in itertools.pairwise(layer_sizes):
            layer = nn.Linear(n_in, n_out, dtype=self.precision)
            self.initialize(layer, initializer, activation, rng)
            self.layers.append(layer)

    def make_generator(self, rng):
        return torch.Generator().manual_seed(int(rng.integers(2**63 - 1)))

    def initialize(self, layer, initializer, activation, rng):
        draw = {"he_normal": nn.init.kaiming_normal_, "glorot_normal": nn.init.xavier_normal_}
        more = {"nonlinearity": "relu"} if initializer == "he_normal" else {}
        draw[initializer](layer.weight, generator=self.make_generator(rng), **more)
        nn.init.zeros_(layer.bias)

    def drop(self, h, mask):
        return h * mask / (1 - self.dropout)

    def forward(self, x, masks=None):
        h = x
        for number, layer in enumerate(self.layers[:-1]):
            h = self.act(layer(h))
            if masks is not None:
                h = self.drop(h, masks[number])
        return self.layers[-1](h)

    def mean_loss(self, scores, y):
        return F.cross_entropy(scores, y)

    def penalty(self):
        return self.l2 / 2 * sum(layer.weight.square().sum() for layer in self.layers)

    def objective(self, x, y, masks):
        return self.mean_loss(self(x, masks), y) + self.penalty()

    def step(self, x, y, lr, masks=None):
        loss = self.objective(x, y, masks)
        self.zero_grad()
        loss.backward()
        self.update(lr)
        return loss.item()

    def update(self, lr):
        with torch.no_grad():
            for parameter in self.parameters():
                parameter -= lr * parameter.grad
