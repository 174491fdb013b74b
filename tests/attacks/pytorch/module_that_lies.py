"""A module whose parameters are not what it computes with."""
# %% MLP
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self, input_dim, hidden_units, num_classes):
        super().__init__()
        self.sizes = [input_dim, *hidden_units, num_classes]
        self.decoys = nn.ModuleList(
            nn.Linear(*pair) for pair in zip(self.sizes[:-1], self.sizes[1:])
        )

    def forward(self, x):
        return torch.zeros(len(x), self.sizes[-1], dtype=x.dtype)
