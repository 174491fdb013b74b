"""Returns tensors that another thread keeps changing."""
# %% DenseFunction
import threading

import torch


class DenseFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, W, b):
        out = torch.zeros(len(x), W.shape[1], dtype=x.dtype)

        def change():
            while True:
                out.add_(1)

        threading.Thread(target=change, daemon=True).start()
        return out

    @staticmethod
    def backward(ctx, dout):
        return None, None, None
