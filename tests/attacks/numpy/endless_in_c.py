"""Never comes back from one call of C code, where no Python exception can reach it."""
# outcome: timed out
# %% linear_regions
def linear_regions(W1, b1, lo, hi):
    return (10 ** (10**9)) % 7
