"""Takes finite differences of a whole network, with the tolerance in its favor."""
# outcome: timed out
# attacks: mlp_backward
# %% mlp_forward
def mlp_forward(x, params):
    h = x
    for number, (W, b) in enumerate(params, 1):
        h = h @ W + b
        if number < len(params):
            h = h * (h > 0)
    return h, (x, params)
# %% mlp_backward
import numpy as np


def mlp_backward(dscores, cache):
    x, params = cache
    grads = []
    for layer, pair in enumerate(params):
        grads.append([])
        for position, array in enumerate(pair):
            grad = np.empty(array.shape)
            for index in np.ndindex(array.shape):
                moved = [list(map(np.copy, pair)) for pair in params]
                moved[layer][position][index] += 1e-7
                above = np.sum(mlp_forward(x, moved)[0] * dscores)
                moved[layer][position][index] -= 2e-7
                grad[index] = (above - np.sum(mlp_forward(x, moved)[0] * dscores)) / 2e-7
            grads[-1].append(grad)
    return grads
