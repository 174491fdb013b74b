"""Every forward and backward function of the course, computed in three ways or more.

A reference is a framework's autodiff (``autograder/answers/``). Here the same function is written
once more for PyTorch, for TensorFlow or Keras, and for what no autodiff computes: derivatives by a
complex step, or fifty digits by mpmath. ``python -m tests.exercises.agreement`` (or ``make
agreement``) prints how far each of them is from the reference at most; ``test_agreement.py`` holds
them to it.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras
import mpmath
import numpy as np
import tensorflow as tf
import torch
import torch.nn.functional as F

from autograder.answers import autodiff_tensorflow, load_answer
from autograder.answers.autodiff import tensor
from autograder.answers.autodiff import vjp as torch_gradients
from autograder.answers.capstone import by_tensorflow, by_torch

SEED = 7  # of the hidden cases
# The order of a sum of thousands of products, which frameworks choose for themselves, makes 2e-12
# of a gradient of the largest network; everything else stays below 1e-12.
ALLOWED = 1e-11
STEP = 1e-30  # of a complex step: no difference is taken, so that it may be this small
DIGITS = 50
# A complex step or mpmath takes as many evaluations as there are numbers.
MOST_NUMBERS = 300

PYTORCH, TENSORFLOW = "PyTorch", "TensorFlow"
COMPLEX_STEP, MPMATH = "complex step", "mpmath"
WAYS = (PYTORCH, TENSORFLOW, COMPLEX_STEP, MPMATH)

Inputs = dict[str, Any]


# ---- four ways from a definition to the output and its gradients


def by_pytorch(function: Callable, leaves: list[np.ndarray], dout: np.ndarray) -> list:
    out = function(*map(tensor, leaves)).detach().numpy()
    return [out, *torch_gradients(function, leaves, dout)]


def by_complex_step(function: Callable, leaves: list[np.ndarray], dout: np.ndarray) -> list:
    """Gradients of sum(dout * function), one complex step an element: exact to rounding."""
    grads = []
    for place, array in enumerate(leaves):
        grad = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            moved = [np.array(other, dtype=complex) for other in leaves]
            moved[place][index] += 1j * STEP
            grad[index] = np.sum(dout * function(*moved).imag) / STEP
        grads.append(grad)
    return [function(*(array.astype(complex) for array in leaves)).real, *grads]


def by_mpmath(function: Callable, leaves: list[np.ndarray], dout: np.ndarray) -> list:
    """Of a function of one number, at each number of the only leaf."""
    (x,) = leaves
    with mpmath.workdps(DIGITS):
        points = [mpmath.mpf(float(number)) for number in x.flat]
        # A step of 1e-20 crosses no kink, and leaves 30 digits of the quotient. It goes to the
        # left: ReLU'(0) is 0.
        step = mpmath.mpf(10) ** -20
        slopes = [mpmath.diff(function, x, h=step, direction=-1) for x in points]
        values = [function(x) for x in points]
    out, slopes = (np.array([float(v) for v in each]).reshape(x.shape) for each in (values, slopes))
    return [out, dout * slopes]


COMPUTE = {
    PYTORCH: by_pytorch,
    TENSORFLOW: autodiff_tensorflow.vjp,
    COMPLEX_STEP: by_complex_step,
    MPMATH: by_mpmath,
}


# ---- activations that work on each number by itself


def mp_softplus(x):
    return mpmath.log(1 + mpmath.exp(x))


def mp_leaky_relu(x, alpha=0.01):
    return x if x > 0 else mpmath.mpf(alpha) * x


def mp_elu(x, alpha=1):
    return x if x > 0 else mpmath.mpf(alpha) * (mpmath.exp(x) - 1)


def mp_selu(x):
    # The fixed point of mean 0 and variance 1, to more digits than a float has.
    alpha = mpmath.mpf("1.6732632423543772848170429916717")
    scale = mpmath.mpf("1.0507009873554804934193349852946")
    return scale * mp_elu(x, alpha)


def mp_gelu(x, approximate=False):
    if not approximate:
        return x * mpmath.erfc(-x / mpmath.sqrt(2)) / 2
    inner = mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3)
    return x * (1 + mpmath.tanh(inner)) / 2


def tf_leaky_relu(x, alpha=0.01):
    # TensorFlow's own holds alpha in float32, and so do Keras' functions above it.
    return tf.where(x > 0, x, alpha * x)


def tf_gelu(x, approximate=False):
    # TensorFlow's own holds the constants of both forms in float32, seven digits of them.
    if not approximate:
        return 0.5 * x * (1 + tf.math.erf(x / np.sqrt(2.0)))
    return 0.5 * x * (1 + tf.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def torch_gelu(x, approximate=False):
    return F.gelu(x, approximate="tanh" if approximate else "none")


# F.softplus is x itself from 20 on, which is 2e-9 off.
def torch_softplus(x):
    return -F.logsigmoid(-x)


# name: what mpmath, TensorFlow or Keras, and PyTorch say
ELEMENTWISE = {
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), tf.sigmoid, torch.sigmoid),
    "tanh": (mpmath.tanh, tf.tanh, torch.tanh),
    "relu": (lambda x: max(x, mpmath.mpf(0)), tf.nn.relu, torch.relu),
    "leaky_relu": (
        mp_leaky_relu,
        tf_leaky_relu,
        lambda x, alpha=0.01: F.leaky_relu(x, alpha),
    ),
    "elu": (mp_elu, keras.activations.elu, F.elu),
    "selu": (mp_selu, tf.nn.selu, F.selu),
    "softplus": (mp_softplus, tf.nn.softplus, torch_softplus),
    "gelu": (mp_gelu, tf_gelu, torch_gelu),
    "silu": (lambda x: x / (1 + mpmath.exp(-x)), tf.nn.silu, F.silu),
    "mish": (lambda x: x * mpmath.tanh(mp_softplus(x)), keras.activations.mish, F.mish),
}


# ---- the others. Complex ones are NumPy's; what they compare and cut is the real part.


def complex_relu(z):
    return np.where(z.real > 0, z, 0)


def complex_log_softmax(x):
    shifted = x - x.real.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def complex_absolute(x):
    return x * np.sign(x.real)


def dense(x, W, b):
    """In any of the three."""
    return x.reshape(len(x), -1) @ W + b


def tf_dense(x, W, b):
    return tf.reshape(x, (x.shape[0], -1)) @ W + b


DENSE_ACTIVATIONS = {  # those of Keras' DenseLayer
    PYTORCH: {None: lambda z: z, "relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid},
    TENSORFLOW: {None: lambda z: z, "relu": tf.nn.relu, "tanh": tf.tanh, "sigmoid": tf.sigmoid},
    COMPLEX_STEP: {
        None: lambda z: z,
        "relu": complex_relu,
        "tanh": np.tanh,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    },
}


def dense_layer(way):
    layer = tf_dense if way == TENSORFLOW else dense
    return lambda x, W, b, activation=None: DENSE_ACTIVATIONS[way][activation](layer(x, W, b))


def mlp(relu):
    def scores(*flat, x):
        h = x
        for place in range(0, len(flat), 2):
            h = (relu(h) if place else h) @ flat[place] + flat[place + 1]
        return h

    return scores


def torch_mlp(*flat, x):
    return mlp(F.relu)(*flat, x=torch.tensor(x))


def complex_cross_entropy(scores, y):
    return -complex_log_softmax(scores)[np.arange(len(y)), y].mean()


def tf_cross_entropy(scores, y):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=scores)
    return tf.reduce_mean(losses)


def maxout(einsum, largest):
    return lambda x, W, b: largest(einsum("nd,dmk->nmk", x, W) + b)


def complex_largest(z):
    return np.take_along_axis(z, z.real.argmax(axis=2)[:, :, None], axis=2)[:, :, 0]


def torch_dropout(x, rate, mask, training):
    return torch.where(torch.tensor(mask), x / (1 - rate), 0.0) if training else x * 1


def tf_dropout(x, rate, mask, training):
    return tf.where(mask, x / (1 - rate), tf.zeros_like(x)) if training else x * 1


def complex_dropout(x, rate, mask, training):
    return x * mask / (1 - rate) if training else x * 1


def torch_batchnorm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    statistics = (torch.tensor(np.asarray(running[name], float)) for name in ("mean", "var"))
    # F.batch_norm refuses a batch of one.
    return torch.batch_norm(x, gamma, beta, *statistics, training, 1 - momentum, eps, False)


def tf_batchnorm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    mean, variance = (tf.constant(running[name], tf.float64) for name in ("mean", "var"))
    if training:
        mean, variance = tf.nn.moments(x, [0])
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, eps)


def complex_batchnorm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
    mean, variance = running["mean"], running["var"]
    if training:
        mean = x.mean(axis=0)
        variance = ((x - mean) ** 2).mean(axis=0)
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


def torch_layernorm(x, gamma, beta, eps=1e-5):
    return F.layer_norm(x, (x.shape[1],), gamma, beta, eps)


def tf_layernorm(x, gamma, beta, eps=1e-5):
    mean, variance = tf.nn.moments(x, [1], keepdims=True)
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, eps)


def complex_layernorm(x, gamma, beta, eps=1e-5):
    centered = x - x.mean(axis=1, keepdims=True)
    return gamma * centered / np.sqrt((centered**2).mean(axis=1, keepdims=True) + eps) + beta


def elastic_net(absolute, total):
    return lambda W, l1=0.0, l2=0.0: l1 * total(absolute(W)) + l2 / 2 * total(W * W)


ELASTIC_NET = {
    PYTORCH: elastic_net(torch.abs, torch.sum),
    TENSORFLOW: elastic_net(tf.abs, tf.reduce_sum),
    COMPLEX_STEP: elastic_net(complex_absolute, np.sum),
}


def l1_penalty(way):
    return lambda W, lam: ELASTIC_NET[way](W, l1=lam)


def l2_penalty(way):
    return lambda W, lam: ELASTIC_NET[way](W, l2=lam)


MLP = {PYTORCH: torch_mlp, TENSORFLOW: mlp(tf.nn.relu), COMPLEX_STEP: mlp(complex_relu)}
SOFTMAX = {
    PYTORCH: partial(torch.softmax, dim=-1),
    TENSORFLOW: tf.nn.softmax,
    COMPLEX_STEP: lambda x: np.exp(complex_log_softmax(x)),
}
LOG_SOFTMAX = {
    PYTORCH: partial(torch.log_softmax, dim=-1),
    TENSORFLOW: tf.nn.log_softmax,
    COMPLEX_STEP: complex_log_softmax,
}
DROPOUT = {PYTORCH: torch_dropout, TENSORFLOW: tf_dropout, COMPLEX_STEP: complex_dropout}
BATCHNORM = {
    PYTORCH: torch_batchnorm,
    TENSORFLOW: tf_batchnorm,
    COMPLEX_STEP: complex_batchnorm,
}
MAXOUT = {
    PYTORCH: maxout(torch.einsum, lambda z: z.max(dim=2).values),
    TENSORFLOW: maxout(tf.einsum, lambda z: tf.reduce_max(z, axis=2)),
    COMPLEX_STEP: maxout(np.einsum, complex_largest),
}
PRELU = {
    PYTORCH: lambda x, alpha: torch.where(x > 0, x, alpha * x),
    TENSORFLOW: lambda x, alpha: tf.where(x > 0, x, alpha * x),
    COMPLEX_STEP: lambda x, alpha: np.where(x.real > 0, x, alpha * x),
}
LAYERNORM = {
    PYTORCH: torch_layernorm,
    TENSORFLOW: tf_layernorm,
    COMPLEX_STEP: complex_layernorm,
}


# ---- the capstone: the scores, and the gradient of what its steps make smaller


def complex_scores(x, flat, settings, masks):
    """The capstone's network, written once more, for complex parameters."""
    h = x
    for place in range(0, len(flat), 2):
        h = h @ flat[place] + flat[place + 1]
        if place < len(flat) - 2:
            h = complex_relu(h) if settings["activation"] == "relu" else np.tanh(h)
            if masks is not None:
                h = h * masks[place // 2] / (1 - settings["dropout"])
    return h


CAPSTONE_SCORES = {
    PYTORCH: by_torch.scores_of,
    TENSORFLOW: by_tensorflow.scores_of,
    COMPLEX_STEP: complex_scores,
}
SQUARES = {
    PYTORCH: lambda W: W.square().sum(),
    TENSORFLOW: lambda W: tf.reduce_sum(W * W),
    COMPLEX_STEP: lambda W: (W**2).sum(),
}
CROSS_ENTROPY = {
    PYTORCH: lambda scores, y: F.cross_entropy(scores, torch.tensor(y)),
    TENSORFLOW: tf_cross_entropy,
    COMPLEX_STEP: complex_cross_entropy,
}


def capstone_scores(way):
    return lambda *flat, x, settings, masks: CAPSTONE_SCORES[way](x, flat, settings, masks)


def capstone_value(way):
    """What network_backward differentiates: ``sum(dscores * scores)`` and the penalty."""

    def value(*flat, x, settings, masks, dscores):
        scores = CAPSTONE_SCORES[way](x, flat, settings, masks)
        weighted = scores * (torch.tensor(dscores) if way == PYTORCH else dscores)
        weighted = tf.reduce_sum(weighted) if way == TENSORFLOW else weighted.sum()
        return weighted + settings["l2"] / 2 * sum(map(SQUARES[way], flat[::2]))

    return value


def elementwise(name: str) -> dict[str, Callable]:
    return dict(zip((MPMATH, TENSORFLOW, PYTORCH), ELEMENTWISE[name], strict=True))


def of_ways(make: Callable[[str], Callable]) -> dict[str, Callable]:
    return {way: make(way) for way in (PYTORCH, TENSORFLOW, COMPLEX_STEP)}


# ---- the table of functions


@dataclass(frozen=True)
class Function:
    """What else computes the outputs of one exercise.

    Attributes
    ----------
    ways : by the name of the way, a function of the leaves and, by name, of the settings.
    leaves : the inputs that there is a gradient for; "params" are all weights and biases.
    settings : other inputs that the functions get; they get what is in "options" too.
    dout : the input that is the gradient at the output; where there is none, that is 1.
    """

    ways: Mapping[str, Callable]
    leaves: str = "x"
    settings: str = ""
    dout: str = "dout"


def pair(name: str, *definition: Any) -> dict[str, Function]:
    """Two exercises, NAME_forward and NAME_backward."""
    function = Function(*definition)
    return {f"{name}_forward": function, f"{name}_backward": function}


FUNCTIONS: dict[str, Function] = {
    **pair("hidden-layers/numpy/dense", of_ways(dense_layer), "x W b"),
    **pair("hidden-layers/numpy/mlp", MLP, "params", "x", "dscores"),
    "hidden-layers/numpy/softmax_cross_entropy": Function(CROSS_ENTROPY, "scores", "y"),
    "hidden-layers/keras/DenseLayer": Function(of_ways(dense_layer), "x W b", "activation"),
    "hidden-layers/pytorch/DenseFunction": Function(of_ways(dense_layer), "x W b"),
    **{
        exercise_id: function
        for name in ELEMENTWISE
        for exercise_id, function in pair(
            f"activations/numpy/{name}", elementwise(name), "x", "alpha approximate"
        ).items()
    },
    **pair("activations/numpy/softmax", SOFTMAX),
    "activations/numpy/log_softmax": Function(LOG_SOFTMAX),
    **pair("activations/numpy/prelu", PRELU, "x alpha"),
    **pair("activations/numpy/maxout", MAXOUT, "x W b"),
    "activations/keras/swish": Function(elementwise("silu")),
    "activations/keras/mish": Function(elementwise("mish")),
    "activations/keras/PReLU": Function(PRELU, "x slopes"),
    "activations/pytorch/SiLU": Function(elementwise("silu")),
    "activations/pytorch/Softplus": Function(elementwise("softplus")),
    "activations/pytorch/PReLU": Function(PRELU, "x slopes"),
    "activations/pytorch/Maxout": Function(MAXOUT, "x W b"),
    "regularization/numpy/l2_penalty": Function(of_ways(l2_penalty), "W", "lam"),
    "regularization/numpy/l1_penalty": Function(of_ways(l1_penalty), "W", "lam"),
    "regularization/numpy/elastic_net_penalty": Function(ELASTIC_NET, "W", "l1 l2"),
    **pair("regularization/numpy/dropout", DROPOUT, "x", "rate mask training"),
    **pair("regularization/numpy/batchnorm", BATCHNORM, "x gamma beta", "running training"),
    **pair("regularization/numpy/layernorm", LAYERNORM, "x gamma beta"),
    "regularization/keras/ElasticNet": Function(ELASTIC_NET, "W", "l1 l2"),
    "regularization/pytorch/LayerNormFunction": Function(LAYERNORM, "x gamma beta", "eps"),
    **{
        f"capstone/{track}/network_forward": Function(
            of_ways(capstone_scores), "params", "x settings masks"
        )
        for track in ("numpy", "keras", "pytorch")
    },
    "capstone/numpy/network_backward": Function(
        of_ways(capstone_value), "params", "x settings masks dscores", ""
    ),
}
# What an exercise returns beside gradients, which are called d and the leaf's name.
OUTPUTS = ("out", "scores_in_training", "scores", "loss", "penalty")

# ---- measuring


def leaves_of(function: Function, inputs: Inputs) -> dict[str, np.ndarray]:
    """What the output is differentiated by, in the order of the arguments."""
    if function.leaves != "params":
        named = {name: inputs[name] for name in function.leaves.split()}
    else:
        named = {
            f"{kind}{number}": array
            for number, layer in enumerate(inputs["params"], 1)
            for kind, array in zip("Wb", layer, strict=True)
        }
    return {name: np.asarray(array, np.float64) for name, array in named.items()}


def settings_of(function: Function, inputs: Inputs) -> Inputs:
    found = {name: inputs[name] for name in function.settings.split() if name in inputs}
    return {name: _in_float64(value) for name, value in found.items()} | inputs.get("options", {})


def _in_float64(value: Any) -> Any:
    is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(np.float64) if is_float else value


def differences(exercise_id: str) -> Iterator[tuple[str, float]]:
    """For every case and every way that it is computed: how far that is from the reference.

    The difference is absolute for numbers up to 1 and relative for larger ones.
    """
    function = FUNCTIONS[exercise_id]
    for case in load_answer(exercise_id).hidden_references(SEED).cases:
        leaves = leaves_of(function, case.inputs)
        settings = settings_of(function, case.inputs)
        output = next((case.expected[name] for name in OUTPUTS if name in case.expected), 0.0)
        dout = case.inputs.get(function.dout, np.ones(np.shape(output)))
        for way, definition in function.ways.items():
            if way in (COMPLEX_STEP, MPMATH) and sum(map(np.size, leaves.values())) > MOST_NUMBERS:
                continue
            out, *grads = COMPUTE[way](
                partial(definition, **settings), list(leaves.values()), np.asarray(dout, float)
            )
            found = dict(zip((f"d{name}" for name in leaves), grads, strict=True))
            pairs = [(found[name], due) for name, due in case.expected.items() if name in found]
            if any(name in case.expected for name in OUTPUTS):
                pairs.append((out, output))
            assert pairs
            yield way, max(_difference(one, due) for one, due in pairs)


def _difference(found: np.ndarray, due: np.ndarray) -> float:
    found, due = np.asarray(found), np.asarray(due)
    assert found.shape == due.shape
    return float(np.max(np.abs(found - due) / np.maximum(1, np.abs(due)), initial=0.0))


def largest_differences(exercise_id: str) -> dict[str, float]:
    """Of all cases, by the way it is computed."""
    largest: dict[str, float] = {}
    for way, difference in differences(exercise_id):
        # NaN, which is no number's equal, stays.
        largest[way] = float(np.maximum(largest.get(way, 0.0), difference))
    return largest


def main(pattern: str = "") -> None:
    """Print the table, or those of its lines whose exercise has ``pattern`` in its id."""
    chosen = [exercise_id for exercise_id in FUNCTIONS if pattern in exercise_id]
    width = max(map(len, chosen), default=0)
    print(f"{'':{width}}  {'reference':10}", *(f"{way:>12}" for way in WAYS))
    for exercise_id in chosen:
        # What is written in PyTorch has TensorFlow for its truth.
        reference = TENSORFLOW if "/pytorch/" in exercise_id else PYTORCH
        largest = largest_differences(exercise_id)
        shown = (f"{largest[way]:.1g}" if way in largest else "" for way in WAYS)
        line = " ".join(f"{text:>12}" for text in shown)
        print(f"{exercise_id:{width}}  {reference:10} {line}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:2])
