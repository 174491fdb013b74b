"""Swallows every exception that should stop it, KeyboardInterrupt included."""
# outcome: timed out
# %% linear_regions
def linear_regions(W1, b1, lo, hi):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
