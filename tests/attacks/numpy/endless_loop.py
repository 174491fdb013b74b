"""Never comes back."""
# outcome: timed out
# %% linear_regions
def linear_regions(W1, b1, lo, hi):
    while True:
        pass
