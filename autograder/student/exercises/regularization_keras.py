"""How to call what a student writes in ``regularization/keras``.

Layers and models are left in Keras' own precision, float32, and so are their cases. Keras draws
from one generator, which ``keras.utils.set_random_seed`` sets.
"""

import functools
import itertools

import numpy as np

from autograder.student import draws, masks
from autograder.student.calling import describe
from autograder.student.compare import FLOAT32_ATOL, FLOAT32_RTOL
from autograder.student.exercise import Notebook, Wrong
from autograder.student.exercises.hidden_layers_keras import check_model
from autograder.student.parameters import assign_in_keras, require_tensor

notebook = Notebook("regularization/keras")


@notebook.exercise(returns="penalty dW")
def ElasticNet(regularizer_class, W, l1, l2, in_a_layer=False):
    import keras
    import tensorflow as tf

    regularizer = regularizer_class(l1, l2)
    if not isinstance(regularizer, keras.regularizers.Regularizer):
        raise Wrong("kind", f"ElasticNet(...) is {describe(regularizer)}, not a Keras regularizer")
    W = tf.constant(W)
    if regularizer(W) is None:
        raise Wrong("unsolved", "ElasticNet.__call__ returns None")
    with tf.GradientTape() as tape:
        if in_a_layer:
            layer = keras.layers.Dense(W.shape[1], kernel_regularizer=regularizer)
            layer.build((None, W.shape[0]))
            layer.kernel.assign(W)
            at = layer.kernel.value
            (penalty,) = layer.losses
        else:
            tape.watch(W)
            at, penalty = W, regularizer(W)
    require_tensor(penalty, (), "the penalty", "keras")
    gradient = tape.gradient(penalty, at)
    if gradient is None:
        raise Wrong("values", "no gradient of the penalty reaches the weights")
    return penalty, gradient


# ---- dropout


@notebook.exercise(
    returns=f"{draws.ONE_ARRAY} inference dx",
    judge=lambda inputs, outputs: masks.judge_applied(
        outputs, inputs["x"], inputs["dout"], inputs["rate"]
    ),
    fingerprint=masks.applied_fingerprint,
)
def InvertedDropout(layer_class, x, dout, seed, rate, compiled=False):
    import keras
    import tensorflow as tf

    shape = x.shape
    x = tf.constant(x)

    def seeded(number):
        keras.utils.set_random_seed(number)
        layer = layer_class(rate)
        if not isinstance(layer, keras.layers.Layer):
            raise Wrong("kind", f"InvertedDropout(...) is {describe(layer)}, not a Keras layer")
        if not compiled:
            return layer, lambda x: layer(x, training=True)
        # As model.fit runs it: a mask that isn't drawn by TensorFlow would be drawn only once.
        return layer, tf.function(lambda x: layer(x, training=True), autograph=False)

    layer, train = seeded(seed)
    if layer(x, training=False) is None:
        raise Wrong("unsolved", "InvertedDropout.call returns None")
    # Anew, since the call above may have drawn numbers.
    layer, train = seeded(seed)
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = train(x)
    require_tensor(out, shape, "out", "keras")
    dx = tape.gradient(out, x, tf.constant(dout))
    if dx is None:
        raise Wrong("values", "no gradient of the output reaches x")
    with tf.GradientTape() as tape:
        # Watched again: a compiled function has one random stream with gradients, one without.
        tape.watch(x)
        following = train(x)
    found = {"values": out, "dx": dx, "next_values": following}
    found["other_values"] = seeded(seed + 1)[1](x)
    found["values_again"] = seeded(seed)[1](x)
    found["inference"] = layer(x, training=False)
    for name, value in found.items():
        require_tensor(value, shape, name, "keras")
    return found


UNITS = (256, 128, 64)
RATES = (0.5, 0.3)
PROBE_ROWS = 60


def random_weights(input_dim: int, num_classes: int, seed: int) -> tuple[list, np.ndarray]:
    """Weights and biases in turn, and an input. Made from the seed, being too many to store."""
    rng = np.random.default_rng(seed)
    sizes = (input_dim, *UNITS, num_classes)
    arrays = []
    for n_in, n_out in itertools.pairwise(sizes):
        arrays += [rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)), rng.normal(0, 0.3, n_out)]
    x = rng.normal(size=(4, input_dim))
    return [array.astype(np.float32) for array in arrays], x.astype(np.float32)


def probing_weights(input_dim: int, num_classes: int, seed: int) -> tuple[list, np.ndarray]:
    """Weights with which the output shows what each dropout did, for an input of ones.

    Unit k of the last hidden layer sees one unit of the first, which is 1, and adds 1 twice on the
    way: without dropout it is 3. It becomes 0 if it is dropped itself; if the first unit is
    dropped, 2 takes the place of 3, and if that is kept 4 (each over what the second keeps). Class
    k's score is unit k, those of the remaining classes are 0.
    """
    rng = np.random.default_rng(seed)
    shapes = [(input_dim, UNITS[0]), UNITS[:2], UNITS[1:], (UNITS[2], num_classes)]
    W1, W2, W3, W4 = (np.zeros(shape, np.float32) for shape in shapes)
    b1, b2, b3, b4 = (np.ones(shape[1], np.float32) for shape in shapes)
    W1[0], b1[:] = 0.5, 0.5
    shown = np.arange(UNITS[2])
    W2[rng.permutation(UNITS[0])[: UNITS[2]], shown] = 1
    W3[shown, shown] = 1
    seen = shown[: num_classes - 1]
    W4[seen, seen] = 1
    b4[:] = 0
    return [W1, b1, W2, b2, W3, b3, W4, b4], np.ones((PROBE_ROWS, input_dim), np.float32)


def judge_regularized(inputs: dict, outputs: dict) -> None:
    """Probabilities in inference at random weights, and both dropouts at probing ones."""
    missing = [n for n in ("probabilities", "first", "second") if n not in outputs]
    if missing:
        raise Wrong("kind", f"{', '.join(missing)} did not come back")
    input_dim, num_classes = inputs["input_dim"], inputs["num_classes"]
    weights, x = random_weights(input_dim, num_classes, inputs["seed"])
    h = x.astype(float)
    for W, b in zip(weights[0:6:2], weights[1:6:2], strict=True):
        h = np.maximum(h @ W + b, 0)
    scores = h @ weights[6] + weights[7]
    due = np.exp(scores - scores.max(axis=1, keepdims=True))
    due /= due.sum(axis=1, keepdims=True)
    off = np.abs(outputs["probabilities"] - due)
    if (off > FLOAT32_ATOL + FLOAT32_RTOL * due).any():
        row, column = np.unravel_index(int(np.argmax(off)), off.shape)
        raise Wrong(
            "values",
            f"in inference, at given weights, probabilities[{row}, {column}] is "
            f"{outputs['probabilities'][row, column]:.6g}, expected {due[row, column]:.6g}",
        )
    judge_probes(np.array([outputs["first"], outputs["second"]], float), num_classes)


def judge_probes(probabilities: np.ndarray, num_classes: int) -> None:
    """Both dropouts' masks, from the probabilities of two calls in training."""
    seen = min(num_classes - 1, UNITS[2])
    # In a last class whose score is 0 stands what the others are relative to.
    with np.errstate(all="ignore"):
        scores = np.log(probabilities[..., :seen]) - np.log(probabilities[..., -1:])
    first, second = RATES
    due = {"both kept": 4 / (1 - second), "first": 2 / (1 - second), "second": 0.0}
    found = {name: np.abs(scores - value) < 1e-2 for name, value in due.items()}
    strange = ~np.logical_or.reduce(list(found.values()))
    if strange.any():
        raise Wrong(
            "values",
            f"in training, at weights that show it, a score is {scores[strange][0]:.4g}, where the "
            f"two dropouts leave {due['both kept']:.4g}, {due['first']:.4g} or 0: is each at its "
            "place, with its rate?",
        )
    kept = ~found["second"]
    for masks_of, rate, visible, name in (
        (kept, second, None, "second"),
        (found["both kept"], first, kept, "first"),
    ):
        try:
            masks.check_masks(masks_of, rate, seen=visible)
        except Wrong as problem:
            raise Wrong(problem.stage, f"the {name} dropout: {problem}") from problem


def regularized_fingerprint(outputs: dict) -> dict[str, np.ndarray]:
    """The probabilities in inference, and how often which score occurs in training."""
    if any(name not in outputs for name in ("probabilities", "first", "second")):
        return {}
    with np.errstate(all="ignore"):
        scores = np.log(outputs["first"][:, :-1]) - np.log(outputs["first"][:, -1:])
    scores = np.nan_to_num(np.asarray(scores, float), posinf=99, neginf=-99)
    edges = [-100, -0.1, 0.1, 1, 2, 2.5, 2.95, 3.5, 4.1, 5, 5.8, 6.5, 100]
    return {
        "probabilities": np.asarray(outputs["probabilities"], float),
        "shares": np.round(np.histogram(scores, edges)[0] / max(scores.size, 1), 2),
        "alike": np.array(np.array_equal(outputs["first"], outputs["second"])),
    }


@notebook.exercise(
    returns="probabilities first second",
    judge=judge_regularized,
    fingerprint=regularized_fingerprint,
)
def build_regularized_mlp(build, input_dim, num_classes, seed):
    import keras

    keras.utils.set_random_seed(seed)
    model = check_model(build(input_dim, num_classes), "build_regularized_mlp")
    outputs = {}
    weights, x = random_weights(input_dim, num_classes, seed)
    model(x)  # a model without an input layer has no weights before it has seen an input
    assign_in_keras(model.trainable_weights, weights, "the model")
    outputs["probabilities"] = model(x, training=False)
    weights, x = probing_weights(input_dim, num_classes, seed)
    assign_in_keras(model.trainable_weights, weights, "the model")
    outputs["first"] = model(x, training=True)
    outputs["second"] = model(x, training=True)
    for name, value in outputs.items():
        rows = PROBE_ROWS if name != "probabilities" else 4
        require_tensor(value, (rows, num_classes), name, "keras")
    return outputs


# ---- early stopping


def quick_sequential() -> type:
    """A ``keras.Sequential`` whose ``fit`` hands its arrays to Keras as data sets.

    Of arrays Keras makes a new pipeline in every epoch, which takes ten times as long as an epoch
    of the small models here.
    """
    import keras
    import tensorflow as tf

    class Sequential(keras.Sequential):
        def fit(self, x=None, y=None, batch_size=None, *more, **settings):
            batches = functools.partial(self._batches, batch_size or 32)
            validation = settings.get("validation_data")
            if more or not isinstance(validation, (tuple, list)) or len(validation) != 2:
                return super().fit(x, y, batch_size, *more, **settings)
            # All examples are one batch, in which their order makes no difference.
            settings |= {"validation_data": batches(*validation), "shuffle": False}
            return super().fit(batches(x, y), **settings)

        @staticmethod
        def _batches(size, x, y):
            return tf.data.Dataset.from_tensor_slices((x, y)).batch(size)

    return Sequential


@notebook.exercise(returns="val_losses weights")
def fit_with_early_stopping(fit, x, y, x_val, y_val, patience, start, lr):
    import keras

    layers = [keras.Input((x.shape[1],)), keras.layers.Dense(1, use_bias=False)]
    model = quick_sequential()(layers)
    model.set_weights([start])
    model.compile(keras.optimizers.SGD(lr), "mse")
    history = fit(model, x, y, x_val, y_val, patience)
    if history is None:
        raise Wrong("unsolved", "fit_with_early_stopping returns None")
    if not isinstance(history, keras.callbacks.History):
        raise Wrong(
            "kind",
            f"fit_with_early_stopping returned {describe(history)}, where Keras' History is due",
        )
    if "val_loss" not in history.history:
        raise Wrong("values", "the history has no val_loss: validation_data is missing")
    losses = np.array(history.history["val_loss"], dtype=np.float64)
    return {"val_losses": losses, "weights": model.get_weights()[0]}
