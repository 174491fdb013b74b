"""Prints in every function, and a number at the end of a cell."""
# %% dense_forward
def dense_forward(x, W, b):
    print("x", x.shape, "W", W.shape)
    print("✗ not a verdict, just a cross")
    return x.reshape(len(x), -1) @ W + b, (x, W, b)


0.0
