"""Takes memory as files that have no name (memfd) and in /dev/shm."""
# outcome: out of memory, failed, timed out, crashed
# %% linear_regions
import os


def linear_regions(W1, b1, lo, hi):
    block = b"\1" * 50_000_000
    kept = []
    while True:
        descriptor = os.memfd_create("x")
        os.write(descriptor, block)
        kept.append(descriptor)
