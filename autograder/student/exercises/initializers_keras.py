"""How to call what a student writes in ``initializers/keras``.

Keras draws from one generator, which ``keras.utils.set_random_seed`` sets.
"""

import math

import numpy as np

from autograder.student import draws
from autograder.student.calling import describe
from autograder.student.compare import FLOAT32_ATOL, FLOAT32_RTOL
from autograder.student.distributions import Distribution
from autograder.student.exercise import Notebook, Wrong
from autograder.student.exercises.hidden_layers_keras import check_model
from autograder.student.exercises.initializers_numpy import (
    ACTIVATIONS,
    distributions_of_variance,
    judged_fans,
    scheme_distributions,
)
from autograder.student.observe import take_down
from autograder.student.parameters import assign_in_keras, flatten_layers

notebook = Notebook("initializers/keras")


def scaled_normal_distributions(inputs: dict) -> list[Distribution]:
    fan_in, fan_out = judged_fans(inputs["shape"])
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    return distributions_of_variance(inputs["scale"] / fan[inputs["mode"]])


@notebook.exercise(
    returns=draws.ONE_ARRAY,
    judge=draws.by_distribution(scaled_normal_distributions, least_bytes=4),
    fingerprint=draws.fingerprint,
)
def ScaledNormal(initializer_class, shape, scale, mode, seed, arrays=None, in_a_layer=False):
    import keras

    def sample():
        initializer = initializer_class(scale, mode)
        if in_a_layer:
            layer = keras.layers.Dense(shape[1], kernel_initializer=initializer)
            layer.build((None, shape[0]))
            return layer.kernel.numpy()
        value = initializer(shape)
        if value is None:
            raise Wrong("unsolved", "ScaledNormal.__call__ returns None")
        taken = take_down(value, "keras")
        if taken.array is None:
            raise Wrong("kind", f"the initializer returned {taken.kind}, where a tensor is due")
        return taken.array

    return draws.call_after_seeding(
        sample, keras.utils.set_random_seed, seed, arrays, "ScaledNormal.__call__"
    )


# Which family belongs to which activation: the syllabus' table.
FAMILIES = {
    "he": ("relu", "leaky_relu", "elu", "gelu", "silu", "mish"),
    "lecun": ("selu",),
    "glorot": ("tanh", "sigmoid", "softmax", "linear"),
}


def judge_matched(inputs: dict, outputs: dict) -> None:
    """Keras' name of the family's normal or uniform initializer, in either spelling."""
    if "name" not in outputs:
        raise Wrong("kind", "the name did not come back")
    codes = outputs["name"].ravel()[:60]
    name = "".join(chr(int(code)) for code in codes if 32 <= int(code) < 127)
    family = next(family for family, members in FAMILIES.items() if inputs["activation"] in members)
    spelled = name.lower().replace("_", "")
    every = [f"{known}{shape}" for known in FAMILIES for shape in ("normal", "uniform")]
    if spelled not in every:
        raise Wrong(
            "values", f'the name is "{name}", which none of these initializers has in Keras'
        )
    if not spelled.startswith(family):
        raise Wrong("values", f'for {inputs["activation"]} the name is "{name}", another family\'s')


@notebook.exercise(returns="name", judge=judge_matched)
def matched_initializer(match, activation):
    name = match(activation)
    if name is None:
        raise Wrong("unsolved", "matched_initializer returns None")
    if not isinstance(name, str):
        raise Wrong("kind", f"matched_initializer returned {describe(name)}, where a str is due")
    # Text travels as the numbers of its characters.
    return {"name": np.frombuffer(name.encode(), dtype=np.uint8)}


def judge_deep(inputs: dict, outputs: dict) -> None:
    """The initial weights by distribution, and the outputs at given weights."""
    depth, units = inputs["depth"], inputs["units"]
    missing = [name for name in ("kernels", "out") if name not in outputs]
    if missing:
        raise Wrong("kind", f"{', '.join(missing)} did not come back")
    kernels = np.asarray(outputs["kernels"], float)
    if kernels.shape != (depth, units, units):
        raise Wrong(
            "shape",
            f"the kernels have the shape {kernels.shape}, not {depth} of ({units}, {units})",
        )
    for second in range(depth):
        for first in range(second):
            if np.allclose(kernels[first], kernels[second], rtol=draws.SAME, atol=draws.SAME):
                raise Wrong(
                    "values", f"layers {first + 1} and {second + 1} start with equal weights"
                )
    h = np.asarray(inputs["x"], float)
    for W, b in inputs["params"]:
        h = ACTIVATIONS[inputs["activation"]][0](h @ W + b)
    out = np.asarray(outputs["out"], float)
    if out.shape != h.shape:
        raise Wrong("shape", f"out has shape {out.shape}, expected {h.shape}")
    off = np.abs(out - h)
    if not (off <= FLOAT32_ATOL * max(1.0, np.abs(h).max()) + FLOAT32_RTOL * np.abs(h)).all():
        index = tuple(int(i) for i in np.unravel_index(np.argmax(off), off.shape))
        raise Wrong(
            "values",
            f"at given weights, out[{', '.join(map(str, index))}] is {out[index]:.6g}, expected "
            f"{h[index]:.6g}",
        )
    draws.check_sample(
        kernels, scheme_distributions(inputs["initializer"], units, units), small=False
    )


def deep_fingerprint(outputs: dict) -> dict[str, np.ndarray]:
    if "kernels" not in outputs or "out" not in outputs or outputs["kernels"].ndim != 3:
        return {}
    kernels = np.asarray(outputs["kernels"], float)
    equal = len(kernels) > 1 and np.allclose(kernels[0], kernels[1])
    rms = math.sqrt(np.mean(kernels**2)) if kernels.size else 0.0
    return {
        "shape": np.array(kernels.shape),
        "equal": np.array(equal),
        "log_rms": np.round([math.log(rms) if rms else 0.0], draws.FINGERPRINT_DIGITS),
        "out": np.asarray(outputs["out"], float),
    }


@notebook.exercise(returns="kernels out", judge=judge_deep, fingerprint=deep_fingerprint)
def build_deep(build, depth, units, activation, initializer, seed, params, x, as_instance=False):
    import keras

    keras.utils.set_random_seed(seed)
    given = keras.initializers.get(initializer) if as_instance else initializer
    model = check_model(build(depth, units, activation, given), "build_deep")
    model(x)  # a model without an input layer has no weights before it has seen an input
    kernels = [weight.numpy() for weight in model.trainable_weights if len(weight.shape) == 2]
    assign_in_keras(model.trainable_weights, flatten_layers(params), "the model")
    return {"kernels": np.stack(kernels), "out": model(x)}
