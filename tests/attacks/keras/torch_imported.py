"""Looks for PyTorch, which isn't in the box of Keras' notebooks."""
# %% train_step
def train_step(model, optimizer, x, y):
    import torch

    return torch.zeros(())
