"""How to call what a student writes in ``hidden-layers/numpy``."""

import numpy as np

from autograder.student.calling import call_backward, unpack, unpack_layers
from autograder.student.exercise import Notebook, Wrong

notebook = Notebook("hidden-layers/numpy")

XOR_INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_OUTPUTS = np.array([0.0, 1.0, 1.0, 0.0])
XOR_TOLERANCE = 1e-9  # the syllabus' own


@notebook.exercise(returns="h y")
def two_layer_network(network, x, W1, b1, W2, b2):
    return network(x, W1, b1, W2, b2)


def judge_xor(inputs: dict, outputs: dict) -> None:
    """Two hidden units, and the outputs of XOR's four points to 1e-9."""
    for name, shape in {"W1": (2, 2), "b1": (2,), "W2": (1, 2), "b2": (1,)}.items():
        if outputs[name].shape != shape:
            raise Wrong("shape", f"{name} has shape {outputs[name].shape}, expected {shape}")
    hidden = np.maximum(XOR_INPUTS @ outputs["W1"].T + outputs["b1"], 0)
    y = np.maximum(hidden @ outputs["W2"].T + outputs["b2"], 0)[:, 0]
    off = ~(np.abs(y - XOR_OUTPUTS) <= XOR_TOLERANCE)  # NaN, which weights near 1e308 give, is off
    if off.any():
        shown = ", ".join(
            f"({x1:g}, {x2:g}) gives {value:.6g}"
            for (x1, x2), value in zip(XOR_INPUTS, y, strict=True)
        )
        raise Wrong("values", f"with your weights {shown}; expected 0, 1, 1, 0")


@notebook.exercise(returns="W1 b1 W2 b2", judge=judge_xor)
def xor_network(weights):
    return weights()


@notebook.exercise(returns="count")
def count_parameters(count, layer_sizes):
    return count(layer_sizes)


@notebook.exercise(returns="out")
def dense_forward(forward, x, W, b):
    return unpack(forward(x, W, b), ("out", "cache"), "dense_forward")["out"]


@notebook.exercise(returns="dx dW db", takes="dense_forward dense_backward")
def dense_backward(forward, backward, x, W, b, dout):
    cache = unpack(forward(x, W, b), ("out", "cache"), "dense_forward")["cache"]
    return call_backward(
        backward, dout, cache, lambda grads: unpack(grads, ("dx", "dW", "db"), "dense_backward")
    )


@notebook.exercise(returns="scores")
def mlp_forward(forward, x, params):
    return unpack(forward(x, params), ("scores", "cache"), "mlp_forward")["scores"]


@notebook.exercise(returns="grads", takes="mlp_forward mlp_backward")
def mlp_backward(forward, backward, x, params, dscores):
    cache = unpack(forward(x, params), ("scores", "cache"), "mlp_forward")["cache"]
    return call_backward(
        backward,
        dscores,
        cache,
        lambda grads: unpack_layers(grads, ("dW", "db"), len(params), "mlp_backward"),
    )


@notebook.exercise(returns="loss dscores")
def softmax_cross_entropy(loss, scores, y):
    return loss(scores, y)


@notebook.exercise(returns="params")
def sgd_step(step, params, grads, lr):
    return unpack_layers(step(params, grads, lr), ("W", "b"), len(params), "sgd_step")


# A truncation error that is known exactly (a cubic's third derivative is constant) tells central
# from one-sided differences; the tolerance leaves room for rounding, which 1 / eps magnifies.
@notebook.exercise(returns="grad", rtol=1e-6, atol=1e-8)
def numerical_gradient(gradient, x, cubic, linear, eps):
    def f(x):
        return float(np.sum(cubic * x**3 + linear * x))

    return gradient(f, x) if eps is None else gradient(f, x, eps)


BUMP_MARGIN = 12  # in units of 1 / steepness: there a sigmoid is within 1e-5 of 0 or 1
BUMP_TOLERANCE = 1e-3  # of the height


def judge_bump(inputs: dict, outputs: dict) -> None:
    """The network's output on a grid: the height between the edges, 0 beyond, half at an edge."""
    for name, shape in {"W1": (1, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}.items():
        if outputs[name].shape != shape:
            raise Wrong("shape", f"{name} has shape {outputs[name].shape}, expected {shape}")
    a, b, height, steepness = (inputs[name] for name in ("a", "b", "height", "steepness"))
    size = np.abs(outputs["W1"])
    if not np.allclose(size, steepness):
        raise Wrong("values", f"W1 is {outputs['W1'].tolist()}, expected weights of ±{steepness:g}")
    margin = BUMP_MARGIN / steepness
    inside = np.linspace(a + margin, b - margin, 9)
    outside = np.concatenate([a - np.linspace(margin, b - a, 9), b + np.linspace(margin, b - a, 9)])
    due = {height: inside, 0.0: outside, height / 2: np.array([a, b])}
    for value, grid in due.items():
        z = grid[:, None] @ outputs["W1"] + outputs["b1"]
        y = (0.5 * (1 + np.tanh(z / 2)) @ outputs["W2"] + outputs["b2"])[:, 0]
        off = ~(np.abs(y - value) <= BUMP_TOLERANCE * abs(height))
        if off.any():
            worst = int(np.argmax(np.abs(y - value)))
            raise Wrong(
                "values",
                f"the network gives {y[worst]:.6g} at x = {grid[worst]:.6g}, expected {value:.6g}",
            )


@notebook.exercise(returns="W1 b1 W2 b2", judge=judge_bump)
def bump_network(weights, a, b, height, steepness):
    return weights(a, b, height, steepness)


@notebook.exercise(returns="regions")
def linear_regions(regions, W1, b1, lo, hi):
    return regions(W1, b1, lo, hi)
