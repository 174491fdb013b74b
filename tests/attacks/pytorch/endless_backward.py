"""Loops for ever in the backward pass, on a thread of autograd's."""
# outcome: timed out
# %% DenseFunction
import torch


class DenseFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W, b):
        return x @ W + b

    @staticmethod
    def backward(ctx, dout):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
