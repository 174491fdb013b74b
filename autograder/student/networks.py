"""Judges the networks of the capstone: their first weights, and what they learned to tell apart."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.student import draws
from autograder.student.calling import unpack_layers
from autograder.student.distributions import (
    FALSE_ALARM_RATE,
    Distribution,
    Normal,
    TruncatedNormal,
)
from autograder.student.exercise import Wrong

Params = list[tuple[np.ndarray, np.ndarray]]  # (W (in, out), b (out,)) a layer

# ---- the first weights


def due_std(initializer: str, fan_in: int, fan_out: int) -> float:
    """The standard deviation of a layer's first weights."""
    variance = {"he_normal": 2 / fan_in, "glorot_normal": 2 / (fan_in + fan_out)}[initializer]
    return math.sqrt(variance)


def draw_first_weights(
    first_params: Callable[[np.random.Generator], Params], layer: int | None, seed: int
) -> dict[str, Any]:
    """One layer's first weights (all layers' in a row for None) by several generators, and the
    first biases of all layers.

    Parameters
    ----------
    first_params : from a generator to a new network's parameters.
    """
    biases = []

    def draw(rng: np.random.Generator) -> np.ndarray:
        params = first_params(rng)
        biases.append(np.concatenate([np.ravel(b) for _, b in params]))
        if layer is not None:
            return params[layer][0]
        return np.concatenate([np.ravel(W) for W, _ in params])

    found = draws.call_with_generators(draw, seed, None, "Network")
    return found | {"biases": biases[0]}


def judge_first_weights(inputs: dict, outputs: dict) -> None:
    """Biases 0; weights of the due spread, in every layer, independent of each other."""
    sizes, layer = list(inputs["layer_sizes"]), inputs["layer"]
    if outputs["biases"].shape != (sum(sizes[1:]),):
        raise Wrong("shape", f"there are {outputs['biases'].size} biases, not {sum(sizes[1:])}")
    if outputs["biases"].any():
        raise Wrong("values", "the biases don't start at 0")
    if layer is None:  # a case where all layers have one size
        shape = ((len(sizes) - 1) * sizes[0] * sizes[1],)
        fans = sizes[0], sizes[1]
    else:
        shape = fans = sizes[layer], sizes[layer + 1]
    std = due_std(inputs["initializer"], *fans)
    accepted: list[Distribution] = [Normal(std), TruncatedNormal(std)]
    draws.judge_draws(outputs, shape, None, accepted)


def fingerprint_of_first_weights(outputs: dict) -> dict:
    """See ``draws.fingerprint``; the biases are part of it."""
    found = draws.fingerprint(outputs)
    return found | {"biases": np.array([np.abs(np.asarray(outputs["biases"], float)).max()])}


# ---- what was learned

PARITY_RTOL, PARITY_ATOL = 1e-7, 1e-9  # as everywhere else in float64
# Relative to itself, how much a score may be off before two classes are told apart for certain.
TIE = 1e-9
# Of the unseen digits. Right networks reach above 0.82 on them, which a test holds them to.
LEAST_ACCURACY = 0.75


def name_params(params: Any, layers: int, prefix: str = "") -> dict[str, np.ndarray]:
    """Copies of a network's parameters by name: ``W1``, ``b1``, ``W2`` …

    Raises
    ------
    Wrong : if ``params`` isn't a list with one (W, b) for each layer.
    """
    found = unpack_layers(params, ("W", "b"), layers, "the network's params")
    return {f"{prefix}{name}": np.array(array) for name, array in found.items()}


def judge_learning(inputs: dict, outputs: dict, expected: dict) -> None:
    """Parity with the reference after steps and after fit, then accuracy on unseen digits."""
    for name, due in expected.items():
        if name not in ("y_test",):
            _require_parity(name, outputs, due)
    _require_shuffling(inputs["ordering"], outputs)
    _require_dropout(inputs["masking"], outputs)
    _require_accuracy(inputs, outputs, expected["y_test"])


PARITY_NAMES = {
    "steps": "after the steps with given masks",
    "fit": "after fit on ten copies of one example, where the order doesn't matter",
}


def _require_parity(name: str, outputs: dict, due: np.ndarray) -> None:
    kind, _, array = name.partition("_")
    where = f"{array} {PARITY_NAMES[kind]}"
    yours = _output(outputs, name)
    if yours.shape != due.shape:
        raise Wrong("shape", f"{where}: shape {yours.shape}, expected {due.shape}")
    allowed = PARITY_ATOL * max(1.0, np.abs(due).max()) + PARITY_RTOL * np.abs(due)
    difference = np.abs(yours.astype(float) - due)
    if (difference > allowed).any():
        worst = np.unravel_index(np.argmax(difference - allowed), due.shape)
        index = f"[{', '.join(str(int(i)) for i in worst)}]"
        raise Wrong(
            "values",
            f"{where}: element {index} is {float(yours[worst]):.6g}, expected "
            f"{float(due[worst]):.6g} (off by {difference[worst]:.3g})",
        )


def _output(outputs: dict, name: str) -> np.ndarray:
    if name not in outputs:
        raise Wrong("kind", f"{name} did not come back")
    return outputs[name]


def _require_shuffling(ordering: dict, outputs: dict) -> None:
    """Other generators, other orders; and in each order every example.

    Two orders of twelve examples are the same with a probability of 1 / 12!, three pairs of them
    with one of less than 1e-26. Every example has a feature of its own, so that its row of the
    first layer's weights changes if it was visited.
    """
    first = _output(outputs, "order_1")
    others = [_output(outputs, f"order_{number}") for number in (2, 3, 4)]
    before = ordering["params"][0][0]
    for found in (first, *others):
        if found.shape != before.shape:
            raise Wrong("shape", f"W1 has shape {found.shape} after fit, expected {before.shape}")
        missed = int((found == before).all(axis=1).sum())
        if missed:
            raise Wrong(
                "values",
                f"{missed} of {len(before)} examples had no influence in an epoch of fit: each is "
                "due once",
            )
    if all(np.array_equal(first, other) for other in others):
        raise Wrong(
            "values",
            "fit ends at the same weights whatever the generator's state: the order of the "
            "examples isn't drawn from it",
        )
    if not np.array_equal(first, _output(outputs, "order_1_again")):
        raise Wrong("values", "with the generator in the same state, fit ends at other weights")
    if _one_order_for_all_epochs(outputs):
        raise Wrong(
            "values",
            "fit visits the examples in one order in all epochs: shuffle them anew in each",
        )


def _one_order_for_all_epochs(outputs: dict) -> bool:
    """Whether two of three generators end at the same weights after many epochs on two examples.

    Two examples have two orders, so that this is certain where one order serves all epochs. Where
    each of 35 epochs has its own, its probability is 3 / 2**35, less than 1e-10.
    """
    ends = [_output(outputs, f"epochs_{number}") for number in (1, 2, 3)]
    return any(np.array_equal(a, b) for a, b in itertools.combinations(ends, 2))


def _require_dropout(masking: dict, outputs: dict) -> None:
    """How often each hidden unit was kept during one step of fit over copies of one example.

    The output layer starts at 0, so that a unit's new weights count how often it was kept.
    Hoeffding's inequality bounds how far the shares may be from what is due.
    """
    (W1, b1), _ = masking["params"]
    x, y, keep = masking["x"], masking["y"], 1 - masking["dropout"]
    classes = masking["layer_sizes"][-1]
    h = np.maximum(x[0] @ W1 + b1, 0)
    after = _output(outputs, "masked_W2")
    if after.shape != (len(h), classes):
        raise Wrong("shape", f"W2 has shape {after.shape}, expected {(len(h), classes)}")
    shares = after[:, y[0]] * keep / (masking["lr"] * h * (1 - 1 / classes))
    alpha = FALSE_ALARM_RATE / (2 * len(h))
    one = math.sqrt(math.log(2 / alpha) / (2 * len(x)))
    all_units = math.sqrt(math.log(2 / alpha) / (2 * len(x) * len(h)))
    tell = f"in fit with dropout={1 - keep:g}, hidden units are kept"
    if abs(shares.mean() - keep) > all_units:
        raise Wrong("values", f"{tell} with a share of {shares.mean():.3g}")
    if (np.abs(shares - keep) > one).any():
        worst = shares[np.argmax(np.abs(shares - keep))]
        raise Wrong("values", f"{tell}, but one of them in {worst:.3g} of the examples")
    # Twenty binomial numbers that are all alike have a probability below 1e-20.
    if np.ptp(shares) < 0.5 / len(x):
        raise Wrong("values", f"{tell} equally often, which isn't chance")


def _require_accuracy(inputs: dict, outputs: dict, y_test: np.ndarray) -> None:
    labels, x = _output(outputs, "labels"), inputs["x_test"]
    if labels.shape != y_test.shape:
        raise Wrong(
            "shape", f"predict returned an array of shape {labels.shape}, expected {y_test.shape}"
        )
    if labels.dtype.kind not in "iu":
        raise Wrong("dtype", f"predict returned {labels.dtype}, where classes (int) are due")
    if not np.array_equal(labels, _output(outputs, "labels_again")):
        raise Wrong("values", "predict gives other classes when it is called again")
    scores = _scores(x, outputs, inputs)
    if not np.isfinite(scores).all():
        raise Wrong("finite", "with the weights after fit, scores are infinite or NaN")
    chosen = np.take_along_axis(scores, np.clip(labels, 0, scores.shape[1] - 1)[:, None], 1)[:, 0]
    second, best = np.sort(scores, axis=1)[:, -2:].T
    tie = TIE * np.abs(best)
    if ((labels < 0) | (labels >= scores.shape[1]) | (chosen < best - tie)).any():
        raise Wrong(
            "values", "predict's classes aren't those of the largest score, given the weights"
        )
    # Where classes tie, any label would do, and another program could choose it.
    accuracy = np.mean((labels == y_test) & (best - second > tie))
    if accuracy < LEAST_ACCURACY:
        raise Wrong(
            "values",
            f"{accuracy:.1%} of {len(x)} digits that it has not seen are recognized; "
            f"{LEAST_ACCURACY:.0%} are due",
        )


def _scores(x: np.ndarray, outputs: dict, inputs: dict) -> np.ndarray:
    """The scores of the network whose weights came back: what it predicts is computed here, so
    that accuracy is the network's and no other program's."""
    sizes = inputs["layer_sizes"]
    act = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[inputs["activation"]]
    h = x
    for number in range(1, len(sizes)):
        W, b = (_output(outputs, f"trained_{kind}{number}") for kind in "Wb")
        if W.shape != (sizes[number - 1], sizes[number]) or b.shape != (sizes[number],):
            raise Wrong("shape", f"layer {number} has shapes {W.shape} and {b.shape} after fit")
        z = h @ W + b
        h = act(z) if number < len(sizes) - 1 else z
    return h


def fingerprint_of_learning(outputs: dict) -> dict:
    """Parameters where nothing is random, and what can be told of the rest without chance."""
    found = {
        name: np.nan_to_num(np.asarray(array, float))
        for name, array in outputs.items()
        if name.startswith(("steps_", "fit_"))
    }
    labels = outputs["labels"]
    kept = np.unique(np.round(np.asarray(outputs["masked_W2"], float)[:, 0], 9))
    rows = len(outputs["order_1"])
    flags = [
        labels.dtype.kind in "iu",
        np.array_equal(labels, outputs["labels_again"]),
        np.array_equal(outputs["order_1"], outputs["order_2"]),
        _one_order_for_all_epochs(outputs),
        # After one step for each example that occurs, so many rows have moved.
        outputs["order_1"].shape == outputs["order_before"].shape
        and len(np.unique(np.round(outputs["order_1"] - outputs["order_before"], 12), axis=0))
        == rows,
        outputs["curve"].size > 0 and bool(outputs["curve"][-1] < 1),
        len(kept) == 1,
        len(kept) == 2,
    ]
    return found | {
        "shape": np.array(labels.shape, float),
        "range": np.array([labels.min(initial=0), labels.max(initial=0)], float),
        "flags": np.array(flags, float),
    }
