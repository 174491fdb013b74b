"""Warns, logs and writes to stderr."""
# %% softmax_cross_entropy
import logging
import sys
import warnings

import numpy as np


def softmax_cross_entropy(scores, y):
    warnings.warn("this is only a warning")
    logging.getLogger().warning("logged")
    print("to stderr", file=sys.stderr)
    np.log(np.zeros(1))  # a RuntimeWarning of NumPy's
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    dscores = np.exp(log_p)
    dscores[rows, y] -= 1
    return -log_p[rows, y].mean(), dscores / len(y)
