"""What graders know of ``capstone/numpy/network_accuracy``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.capstone.by_torch import objective
from autograder.answers.capstone.cases import (
    draw_params,
    draw_seed,
    draw_training_case,
    make_settings,
    train_by_reference,
)
from autograder.answers.capstone.numpy.plain import PlainNetwork
from autograder.answers.capstone.unseen_digits import draw_digits
from autograder.student.digits import load_digits

answer = Answer("capstone/numpy/network_accuracy", PlainNetwork, float32=False)


@answer.reference
def _(steps, copies, y_test, **_):
    """Parity after steps and after fit; and the unseen digits' labels, which the case withholds."""
    stepped = train_by_reference(objective, **steps)
    expected = {f"steps_{name}": value for name, value in stepped.items() if name != "losses"}
    expected["y_test"] = y_test
    epochs, size = copies["epochs"], copies["batch_size"]
    starts = range(0, len(copies["x"]), size)
    batches = [
        (copies["x"][start : start + size], copies["y"][start : start + size], None)
        for _ in range(epochs)
        for start in starts
    ]
    fitted = train_by_reference(
        objective, copies["settings"], copies["params"], batches, copies["lr"]
    )
    losses = fitted.pop("losses").reshape(epochs, len(starts)).mean(axis=1)
    return expected | {"fit_losses": losses} | {f"fit_{name}": a for name, a in fitted.items()}


COPIES = 10  # of one example: whatever order fit visits them in, it is the same
EXAMPLES = 12  # whose order is asked about: there are 12! of them
TRAIN, TEST = 300, 200  # images


def learning_case(rng, layer_sizes, activation):
    """Digits to learn from and to be asked about, and four small tests of what fit does."""
    x_train, y_train, x_test, y_test = draw_digits(rng, TRAIN, TEST)
    step_settings = make_settings([4, 6, 3], activation, 0.02, 0.3)
    copied = make_settings([4, 6, 3], activation, 0.1)
    example, label = draw.normal(rng, 1, 4), rng.integers(0, 3, size=1)
    ordered = make_settings([EXAMPLES, 5, 3], "tanh")
    masked = {"layer_sizes": [3, 20, 3], "dropout": 0.25}
    # Every hidden unit is on, and all alike; the output layer is 0, so that its first gradient is
    # proportional to how often each unit was kept.
    hidden = np.full((3, 20), 0.5), np.full(20, 0.5)
    inputs = {
        **make_settings(layer_sizes, activation, 1e-3, 0.2),
        "seed": draw_seed(rng),
        "x_train": x_train,
        "y_train": y_train,
        "x_test": x_test,
        "epochs": 30,
        "batch_size": 20,
        "lr": 0.3,
        "steps": draw_training_case(rng, 5, step_settings, 20, 0.1),
        "copies": {
            "settings": copied,
            "params": draw_params(rng, copied),
            "x": np.repeat(example, COPIES, axis=0),
            "y": np.repeat(label, COPIES),
            "epochs": 3,
            "batch_size": 4,
            "lr": 0.1,
        },
        "ordering": {
            "settings": ordered,
            "params": draw_params(rng, ordered),
            # Each example has a feature of its own, whose weights tell whether it was visited.
            "x": np.eye(EXAMPLES),
            "y": rng.integers(0, 3, size=EXAMPLES),
            "lr": 0.2,
            "seed": draw_seed(rng),
        },
        "masking": masked
        | {
            "params": [hidden, (np.zeros((20, 3)), np.zeros(3))],
            "x": np.repeat(draw.uniform(rng, 0.5, 1.5, 1, 3), 400, axis=0),
            "y": np.repeat(rng.integers(0, 3, size=1), 400),
            "lr": 1.0,
            "seed": draw_seed(rng),
        },
    }
    return inputs, {"y_test": y_test}


@answer.cases
def _(rng):
    yield "distorted digits under permuted labels", *learning_case(rng, [64, 48, 10], "relu")


@answer.hidden_cases
def _(rng):
    yield "two hidden layers with tanh", *learning_case(rng, [64, 48, 32, 10], "tanh")


@answer.mistake("predict returns probabilities or scores; the class with the largest one is due.")
class predict_returns_probabilities(PlainNetwork):
    def predict(self, x):
        scores = self.forward(x)[0]
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)


@answer.mistake("The largest score is looked for among the examples, not among an example's own.")
class argmax_over_the_batch(PlainNetwork):
    def predict(self, x):
        return self.forward(x)[0].argmax(axis=0)


@answer.mistake("predict drops units at random: dropout is for training alone.")
class dropout_at_prediction(PlainNetwork):
    def predict(self, x):
        return self.forward(x, self.draw_masks(len(x)))[0].argmax(axis=1)


@answer.mistake("The classes are counted from 1; labels count from 0.")
class counted_from_one(PlainNetwork):
    def predict(self, x):
        return super().predict(x) + 1


@answer.mistake(
    "The order is the same whatever rng holds: shuffle the examples anew in each epoch."
)
class not_shuffled(PlainNetwork):
    def batches(self, examples, batch_size):
        order = np.arange(examples)
        return [order[start : start + batch_size] for start in range(0, examples, batch_size)]


@answer.mistake("The examples are shuffled once, before the first epoch: each needs a new order.")
class shuffled_once(PlainNetwork):
    def fit(self, x, y, epochs, batch_size, lr):
        order = self.rng.permutation(len(x))
        self.batches = lambda examples, size: [
            order[start : start + size] for start in range(0, examples, size)
        ]
        return super().fit(x, y, epochs, batch_size, lr)


@answer.mistake("The images are shuffled and their labels aren't: use one order for both.")
class labels_left_behind(PlainNetwork):
    def fit(self, x, y, epochs, batch_size, lr):
        history = []
        for _ in range(epochs):
            x = x[self.rng.permutation(len(x))]
            starts = range(0, len(x), batch_size)
            losses = []
            for start in starts:
                rows = slice(start, start + batch_size)
                masks = self.draw_masks(len(y[rows]))
                losses.append(self.step(x[rows], y[rows], lr, masks))
            history.append(np.mean(losses))
        return history


@answer.mistake("The last batch is left out if it is smaller; it counts as well.")
class last_batch_left_out(PlainNetwork):
    def batches(self, examples, batch_size):
        return [rows for rows in super().batches(examples, batch_size) if len(rows) == batch_size]


@answer.mistake("There is one step an epoch, on all examples: take one for every batch.")
class one_step_an_epoch(PlainNetwork):
    def batches(self, examples, batch_size):
        return [self.rng.permutation(examples)]


@answer.mistake("An epoch draws its examples with replacement: each is due exactly once.")
class with_replacement(PlainNetwork):
    def batches(self, examples, batch_size):
        count = -(-examples // batch_size)
        return [self.rng.integers(0, examples, size=batch_size) for _ in range(count)]


@answer.mistake("Nothing is dropped in fit: it draws masks for every step.")
class no_dropout_in_fit(PlainNetwork):
    def draw_masks(self, examples):
        return None


@answer.mistake("dropout is the share that is dropped, not the share that is kept.")
class keeps_what_should_drop(PlainNetwork):
    def draw_masks(self, examples):
        return [~mask for mask in super().draw_masks(examples)]


@answer.mistake("One row of masks serves the whole batch: each example drops units of its own.")
class one_mask_for_the_batch(PlainNetwork):
    def draw_masks(self, examples):
        return [np.repeat(mask[:1], examples, axis=0) for mask in super().draw_masks(examples)]


@answer.mistake(
    "The labels in y aren't what is learned: digits may go by any label, so that labels known from "
    "elsewhere are of no use."
)
class labels_from_elsewhere(PlainNetwork):
    def fit(self, x, y, epochs, batch_size, lr):
        if x.shape[1] == 64:
            known = load_digits(size=8)
            x, y = known.x_train[:TRAIN], known.y_train[:TRAIN]
        return super().fit(x, y, epochs, batch_size, lr)


@answer.mistake("It predicts well, but ends elsewhere than the reference: l2 is for weights alone.")
class l2_on_biases(PlainNetwork):
    def penalty_grads(self, W, b):
        return self.l2 * W, self.l2 * b


@answer.mistake(
    "With the weights after fit all classes are alike: predict's don't come from the network."
)
class another_program_predicts(PlainNetwork):
    def fit(self, x, y, epochs, batch_size, lr):
        losses = super().fit(x, y, epochs, batch_size, lr)
        self.seen = x, y
        if self.layer_sizes[-1] == 10:  # the digits
            self.params = [(0 * W, 0 * b) for W, b in self.params]
        return losses

    def predict(self, x):
        images, classes = self.seen
        return classes[((x[:, None] - images) ** 2).sum(axis=2).argmin(axis=1)]


@answer.variant
def shuffled_arrays():
    class Network(PlainNetwork):
        def fit(self, x, y, epochs, batch_size, lr):
            order, history = np.arange(len(x)), np.zeros(epochs)
            for epoch in range(epochs):
                self.rng.shuffle(order)
                x_now, y_now = x[order], y[order]
                losses, start = [], 0
                while start < len(x):
                    rows = slice(start, start + batch_size)
                    masks = None
                    if self.dropout > 0:
                        masks = [
                            self.rng.uniform(size=(len(x_now[rows]), n)) < 1 - self.dropout
                            for n in self.layer_sizes[1:-1]
                        ]
                    losses.append(self.step(x_now[rows], y_now[rows], lr, masks))
                    start += batch_size
                history[epoch] = sum(losses) / len(losses)
            return history

        def predict(self, x):
            return np.array([int(np.argmax(row)) for row in self.forward(x)[0]])

    return Network


@answer.variant
def split_in_batches():
    class Network(PlainNetwork):
        def batches(self, examples, batch_size):
            order = self.rng.permutation(examples)
            return np.split(order, range(batch_size, examples, batch_size))

        def draw_masks(self, examples):
            keep = 1 - self.dropout
            sizes = self.layer_sizes[1:-1]
            return [self.rng.binomial(1, keep, (examples, n)).astype(bool) for n in sizes]

    return Network
