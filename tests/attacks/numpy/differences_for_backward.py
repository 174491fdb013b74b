"""Takes finite differences of its own forward pass instead of going backward."""
# outcome: timed out
# %% dense_backward
import numpy as np


def dense_backward(dout, cache):
    def loss(x, W, b):
        return float(np.sum((x.reshape(len(x), -1) @ W + b) * dout))

    grads = []
    for position in range(3):
        arrays = [array.copy() for array in cache]
        grad = np.empty(arrays[position].shape)
        for index in np.ndindex(grad.shape):
            old = arrays[position][index]
            arrays[position][index] = old + 0.5
            above = loss(*arrays)
            arrays[position][index] = old - 0.5
            grad[index] = above - loss(*arrays)
            arrays[position][index] = old
        grads.append(grad)
    return grads
