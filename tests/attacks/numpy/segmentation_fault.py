"""Reads address zero."""
# outcome: crashed
# %% linear_regions
import ctypes


def linear_regions(W1, b1, lo, hi):
    return ctypes.string_at(0)
