"""Asks TensorFlow for a tensor without end."""
# outcome: out of memory, failed, crashed
# %% train_step
import tensorflow as tf


def train_step(model, optimizer, x, y):
    kept = []
    while True:
        kept.append(tf.ones((10_000_000,)))
