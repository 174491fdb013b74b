"""Lets TensorFlow and Keras log, summarize and show progress bars."""
# %% extra after build_mlp
import keras
import numpy as np
import tensorflow as tf

tf.get_logger().warning("a warning of TensorFlow's")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
model.summary()
model.compile("sgd", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 2)), epochs=2)
