"""Replaces what takes down the outputs by something that reports an observation without them."""
# attacks: dense_forward, dense_backward
# spoils: others
# %% dense_forward
import autograder.student.observe as module
from autograder.student.observe import Observation

module.observe = lambda exercise, functions, inputs: Observation({}, inputs)
module.take_down = lambda value, track: None
module.unpack = lambda value, names, function: {}


def dense_forward(x, W, b):
    return None, None
