"""First weights without a generator: always the same, or from the clock."""
# outcome: failed
# %% network_initialization
import time

import torch
from torch import nn


class Network(nn.Module):
    def __init__(self, layer_sizes, activation, initializer, l2, dropout, rng):
        super().__init__()
        self.activation = torch.relu if activation == "relu" else torch.tanh
        self.l2, self.dropout = l2, dropout
        torch.manual_seed(time.time_ns() % 2**31)
        self.layers = nn.ModuleList(
            nn.Linear(a, b, dtype=torch.float64) for a, b in zip(layer_sizes, layer_sizes[1:])
        )
        for layer in self.layers:
            kind = nn.init.kaiming_normal_ if initializer == "he_normal" else nn.init.xavier_normal_
            kind(layer.weight)
            nn.init.zeros_(layer.bias)
