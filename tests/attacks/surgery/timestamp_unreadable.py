"""Says that it was handed in at a time that no parser survives."""
# attacks: dense_backward
# %% dense_backward
def dense_backward(dout, cache):
    return None
# %% surgery
(path.parent / "timestamp.txt").write_bytes(b"\xff\xfe" + b"9" * 100_000)
