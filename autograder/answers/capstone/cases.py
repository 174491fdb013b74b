"""What the capstone's exercises share in all three frameworks: cases, and training by reference."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.answers import draw
from autograder.answers.networks import LossAndGrads, Params, away_from_kinks, follow, sgd

Case = tuple[str, dict[str, Any]]
Objective = Callable[[dict[str, Any], list[np.ndarray] | None], LossAndGrads]

STEPS = 20


def draw_seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))


def make_settings(
    layer_sizes: list[int], activation: str = "relu", l2: float = 0.0, dropout: float = 0.0
) -> dict[str, Any]:
    initializer = {"relu": "he_normal", "tanh": "glorot_normal"}[activation]
    return {
        "layer_sizes": layer_sizes,
        "activation": activation,
        "initializer": initializer,
        "l2": l2,
        "dropout": dropout,
    }


def draw_masks(
    rng: np.random.Generator, examples: int, settings: dict[str, Any]
) -> list[np.ndarray]:
    """Dropout's masks, one for each hidden layer; each keeps and drops something."""
    masks = []
    for units in settings["layer_sizes"][1:-1]:
        mask = rng.random((examples, units)) >= settings["dropout"]
        mask.flat[0], mask.flat[-1] = False, True
        masks.append(mask)
    return masks


def draw_params(rng: np.random.Generator, settings: dict[str, Any]) -> Params:
    return [(0.5 * W, 0.5 * b) for W, b in draw.layers(rng, *settings["layer_sizes"])]


def initialization_cases(rng: np.random.Generator) -> Iterator[Case]:
    """Layers of five thousand weights and more, whose fans differ; and layers of one size."""
    funnel, square = [150, 60, 40, 120], [60, 60, 60]
    for label, sizes, initializer, layer in (
        ("he_normal, the first layer", funnel, "he_normal", 0),
        ("he_normal, the last layer", funnel, "he_normal", 2),
        ("he_normal, all layers of a square network", square, "he_normal", None),
        ("glorot_normal, the first layer", funnel, "glorot_normal", 0),
        ("glorot_normal, the last layer", funnel, "glorot_normal", 2),
    ):
        # tanh beside He and ReLU beside Glorot in half of the cases: it is the initializer's name
        # that counts.
        activation = "relu" if layer in (0, None) else "tanh"
        yield (
            label,
            {
                "layer_sizes": sizes,
                "activation": activation,
                "initializer": initializer,
                "layer": layer,
                "seed": draw_seed(rng),
            },
        )


def network_cases(rng: np.random.Generator) -> Iterator[Case]:
    """A network, a batch and masks: ``settings``, ``params``, ``x``, ``masks``."""
    for label, examples, settings in (
        ("ReLU, dropout 0.5", 4, make_settings([3, 5, 2], "relu", 0.1, 0.5)),
        ("tanh, dropout 0.2", 3, make_settings([4, 6, 3], "tanh", 0.3, 0.2)),
        (
            "two hidden layers, dropout 0.9",
            5,
            make_settings([3, 6, 4, 2], "relu", 0.01, 0.9),
        ),
        ("a batch of one", 1, make_settings([3, 4, 2], "relu", 0.5, 0.25)),
        ("no hidden layer", 3, make_settings([3, 2], "relu", 0.2, 0.5)),
        ("no dropout", 3, make_settings([2, 4, 3], "tanh", 0.0, 0.0)),
    ):
        yield label, draw_network_case(rng, examples, settings)


def large_network_case(rng: np.random.Generator) -> dict[str, Any]:
    """110,000 parameters: too many to take differences of."""
    settings = make_settings([784, 128, 64, 10], "tanh", 0.01, 0.3)
    inputs = draw_network_case(rng, 64, settings)
    return inputs | {"params": [(W / 8, b) for W, b in inputs["params"]]}


def draw_network_case(
    rng: np.random.Generator, examples: int, settings: dict[str, Any]
) -> dict[str, Any]:
    while True:
        x = draw.normal(rng, examples, settings["layer_sizes"][0])
        params = draw_params(rng, settings)
        masks = draw_masks(rng, examples, settings)
        inputs = {"settings": settings, "params": params, "x": x, "masks": masks}
        if settings["activation"] != "relu" or _off_kinks(inputs):
            return inputs


def _off_kinks(inputs: dict[str, Any]) -> bool:
    """With and without masks, since dropped units move those behind them."""
    if not away_from_kinks(inputs["x"], inputs["params"]):
        return False
    h, keep = inputs["x"], 1 - inputs["settings"]["dropout"]
    for (W, b), mask in zip(inputs["params"][:-1], inputs["masks"], strict=True):
        if not away_from_kinks(h, [(W, b), (W, b)]):
            return False
        h = np.maximum(h @ W + b, 0) * mask / keep
    return True


def training_cases(rng: np.random.Generator) -> Iterator[Case]:
    """Many steps from given weights over given batches with given masks."""
    yield (
        f"{STEPS} steps with ReLU, L2 and dropout 0.5",
        draw_training_case(rng, 8, make_settings([5, 8, 4], "relu", 0.05, 0.5), STEPS, 0.1),
    )
    yield (
        f"{STEPS} steps with tanh, L2 and dropout 0.2, two hidden layers",
        draw_training_case(rng, 6, make_settings([4, 6, 5, 3], "tanh", 0.02, 0.2), STEPS, 0.2),
    )
    without = draw_training_case(rng, 5, make_settings([3, 6, 3], "relu"), STEPS, 0.1)
    yield (
        f"{STEPS} steps without L2 and without masks",
        without | {"batches": [(x, y, None) for x, y, _ in without["batches"]]},
    )
    # Scores in the thousands: the exponential of one is infinite.
    far = draw_training_case(rng, 4, make_settings([3, 4, 3], "relu", 0.1, 0.5), 1, 1e-3)
    yield (
        "one step from scores in the thousands",
        far | {"params": [(100 * W, 100 * b) for W, b in far["params"]]},
    )


def large_training_case(rng: np.random.Generator) -> dict[str, Any]:
    settings = make_settings([64, 96, 48, 10], "relu", 0.01, 0.4)
    inputs = draw_training_case(rng, 64, settings, STEPS, 0.05)
    return inputs | {"params": [(W / 4, b) for W, b in inputs["params"]]}


def draw_training_case(
    rng: np.random.Generator, examples: int, settings: dict[str, Any], steps: int, lr: float
) -> dict[str, Any]:
    sizes = settings["layer_sizes"]
    batches = [
        (
            draw.normal(rng, examples, sizes[0]),
            rng.integers(0, sizes[-1], size=examples),
            draw_masks(rng, examples, settings),
        )
        for _ in range(steps)
    ]
    return {
        "settings": settings,
        "params": draw_params(rng, settings),
        "batches": batches,
        "lr": lr,
    }


def train_by_reference(
    objective: Objective, settings: dict, params: Params, batches: list, lr: float
) -> dict[str, np.ndarray]:
    """The loss before each step, and the parameters after the last: ``losses``, ``W1``, ``b1`` …"""
    losses = []
    for x, y, masks in batches:
        step = next(follow(objective(settings, masks), params, [(x, y)], sgd(lr)))
        losses.append(step.loss)
        params = step.after
    return {"losses": np.array(losses)} | name_layers(params)


def name_layers(params: Params, prefix: str = "") -> dict[str, np.ndarray]:
    return {
        f"{prefix}{kind}{number}": array
        for number, layer in enumerate(params, 1)
        for kind, array in zip("Wb", layer, strict=True)
    }
