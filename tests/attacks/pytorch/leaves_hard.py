"""Ends its process in the backward pass."""
# outcome: crashed
# %% DenseFunction
import os

import torch


class DenseFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W, b):
        return x @ W + b

    @staticmethod
    def backward(ctx, dout):
        os._exit(0)
