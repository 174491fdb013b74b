"""Takes memory without end."""
# outcome: out of memory, failed
# %% linear_regions
import numpy as np


def linear_regions(W1, b1, lo, hi):
    kept = []
    while True:
        kept.append(np.ones(10_000_000))
