"""Takes memory in many processes, each of them below the limit of one."""
# outcome: out of memory, failed, crashed, timed out
# %% linear_regions
import os
import time

import numpy as np


def linear_regions(W1, b1, lo, hi):
    for _ in range(40):
        if os.fork() == 0:
            kept = np.ones(30_000_000)
            time.sleep(30)
            os._exit(int(kept[0]))
    time.sleep(30)
    return 0
