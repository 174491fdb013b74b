"""Builds a graph without end."""
# outcome: timed out, out of memory
# %% build_mlp
import keras


def build_mlp(input_dim, hidden_units, num_classes, activation="relu"):
    x = keras.Input((input_dim,))
    while True:
        x = keras.layers.Dense(64)(x)
