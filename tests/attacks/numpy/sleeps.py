"""Waits without using any CPU time."""
# outcome: timed out
# %% linear_regions
import time


def linear_regions(W1, b1, lo, hi):
    time.sleep(10_000)
