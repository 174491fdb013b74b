"""Starts threads without end."""
# outcome: failed, crashed, out of memory, timed out
# %% linear_regions
import threading
import time


def linear_regions(W1, b1, lo, hi):
    while True:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
