"""Asks PyTorch for memory without end."""
# outcome: out of memory, failed
# %% train_step
import torch


def train_step(model, optimizer, x, y):
    kept = []
    while True:
        kept.append(torch.ones(10_000_000))
