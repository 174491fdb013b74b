"""Plots in its solution cell, with magics."""
# %% bump_network
%matplotlib inline
import matplotlib.pyplot as plt
import numpy as np


def bump_network(a, b, height, steepness):
    W1 = np.array([[steepness, steepness]])
    b1 = np.array([-steepness * a, -steepness * b])
    return W1, b1, np.array([[height], [-height]]), np.array([0.0])


plt.plot(np.linspace(0, 1, 5))
plt.title("a plot with $math$")
plt.show()
plt.figure()
