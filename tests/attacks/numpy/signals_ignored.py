"""Ignores every signal, then loops for ever."""
# outcome: timed out
# %% linear_regions
import signal


def linear_regions(W1, b1, lo, hi):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
