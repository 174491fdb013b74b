"""Looks for TensorFlow, which isn't in the box of PyTorch's notebooks."""
# %% train_step
def train_step(model, optimizer, x, y):
    import tensorflow as tf

    return float(tf.zeros(()))
