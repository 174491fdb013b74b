"""Ends its process in the solution cell itself, so that nothing after it could fail."""
# outcome: crashed
# attacks: linear_regions
# %% linear_regions
import os

os._exit(0)
