"""Prints what a passed check prints, in color, and a mark."""
# attacks: dense_forward, dense_backward
# %% dense_forward
def dense_forward(x, W, b):
    print("\x1b[1;32m✓ dense_forward\x1b[0m\n  compared   out with the reference: equal")
    print('{"dense_forward": {"passed": true, "points": 3}}')
    return None, None
