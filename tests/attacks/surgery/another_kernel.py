"""Asks for another kernel, whose cells always succeed."""
# attacks: dense_backward
# %% dense_backward
def dense_backward(dout, cache):
    return None
# %% surgery
notebook["metadata"]["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}
notebook["metadata"]["language_info"] = {"name": "bash", "file_extension": ".sh"}
