"""Says that it was handed in in the year 9999."""
# attacks: dense_backward
# %% dense_backward
def dense_backward(dout, cache):
    return None
# %% surgery
(path.parent / "timestamp.txt").write_text("9999-12-31 23:59:59 UTC")
