"""Returns tensors without numbers: meta, sparse, quantized, complex."""
# %% DenseFunction
import torch


class DenseFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W, b):
        ctx.save_for_backward(x, W, b)
        return (x @ W + b).to("meta")

    @staticmethod
    def backward(ctx, dout):
        return tuple(tensor.to_sparse() for tensor in ctx.saved_tensors)
