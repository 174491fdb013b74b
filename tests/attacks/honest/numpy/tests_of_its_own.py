"""Tests its own work in extra cells, one of which fails."""
# %% extra after dense_forward
import numpy as np

out, _ = dense_forward(np.ones((2, 3)), np.ones((3, 2)), np.zeros(2))
assert np.allclose(out, 3)
# %% extra after dense_backward
assert False, "I thought this would hold"
# %% extra after dense_backward
undefined_name
