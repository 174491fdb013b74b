"""Prints without end."""
# outcome: timed out, failed, crashed
# %% linear_regions
def linear_regions(W1, b1, lo, hi):
    line = "flood " * 10_000
    while True:
        print(line)
