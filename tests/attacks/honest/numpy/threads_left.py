"""Leaves a thread and a pool running."""
# %% count_parameters
import threading
import time
from concurrent.futures import ThreadPoolExecutor

threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
pool = ThreadPoolExecutor(2)
pool.submit(time.sleep, 3600)


def count_parameters(layer_sizes):
    pairs = zip(layer_sizes[:-1], layer_sizes[1:])
    return sum(pool.map(lambda pair: (pair[0] + 1) * pair[1], pairs))
