"""What graders know of ``regularization/keras/fit_with_early_stopping``.

A linear model on one batch: what it does from epoch to epoch can be computed exactly. Its training
optimum isn't the validation data's, so that the validation loss goes down and up again.
"""

import keras
import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor, vjp

MOST_EPOCHS = 100
LEAST_DIFFERENCE = 1e-3  # relative, between validation losses: float32 has to see the order


def fit(model, x, y, x_val, y_val, patience, epochs=MOST_EPOCHS, **settings):
    callback = {"monitor": "val_loss", "restore_best_weights": True, "patience": patience}
    return model.fit(
        x,
        y,
        validation_data=(x_val, y_val),
        epochs=epochs,
        verbose=0,
        callbacks=[keras.callbacks.EarlyStopping(**(callback | settings))],
    )


def plain_fit_with_early_stopping(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x_val, y_val, patience)


answer = Answer(
    "regularization/keras/fit_with_early_stopping", plain_fit_with_early_stopping, float32=False
)


def path(x, y, x_val, y_val, start, lr, epochs=MOST_EPOCHS):
    """Validation loss and weights after every epoch, in float64."""
    x, y = tensor(x).detach(), tensor(y).detach()
    weights, losses = [np.asarray(start, float)], []
    for _ in range(epochs):
        (gradient,) = vjp(lambda w: ((x @ w - y) ** 2).mean(), (weights[-1],), np.array(1.0))
        weights.append(weights[-1] - lr * gradient)
        losses.append(float(np.mean((np.asarray(x_val, float) @ weights[-1] - y_val) ** 2)))
    return np.array(losses), weights[1:]


def last_epoch(losses, patience):
    """The first epoch that lies ``patience`` after the lowest loss up to it, or the last one."""
    for epoch in range(len(losses)):
        if epoch - int(np.argmin(losses[: epoch + 1])) >= patience:
            return epoch
    return len(losses) - 1


@answer.reference
def _(x, y, x_val, y_val, patience, start, lr):
    losses, weights = path(x, y, x_val, y_val, start, lr)
    seen = losses[: last_epoch(losses, patience) + 1]
    return seen, weights[int(np.argmin(seen))]


def fit_case(rng, target, lr, patience):
    """The training data say that the weights are ones, validation says ``target``."""
    while True:
        x, x_val = draw.normal(rng, 16, 2), draw.normal(rng, 12, 2)
        # Orthogonal columns of one length, so that both weights take the same steps.
        x = np.linalg.qr(x)[0] * 4
        data = {
            "x": x,
            "y": x.sum(axis=1, keepdims=True),
            "x_val": x_val,
            "y_val": target * x_val.sum(axis=1, keepdims=True) + 0.1 * draw.normal(rng, 12, 1),
            "start": np.zeros((2, 1)),
        }
        data = {name: array.astype(np.float32) for name, array in data.items()}
        losses, _ = path(**data, lr=lr)
        shown = np.sort(losses[: last_epoch(losses, patience) + 1])
        if (np.diff(shown) > LEAST_DIFFERENCE * shown[:-1]).all():
            return data | {"patience": patience, "lr": lr}


@answer.cases
def _(rng):
    # The columns' mean square is 1, so that an epoch covers 2·lr of the way to the optimum.
    yield "down and up again", fit_case(rng, 0.6, 0.1, 3)
    # Steps that overshoot: the loss is lower every other epoch.
    yield "up and down by turns", fit_case(rng, 1.3, 0.9, 2)
    # The validation data's optimum lies behind the training data's: nothing stops it but the cap.
    yield "lower in every epoch", fit_case(rng, 1.3, 0.015, 4)


@answer.hidden_cases
def _(rng):
    yield "another patience", fit_case(rng, 0.45, 0.07, 5)


@answer.mistake("The best epoch's weights aren't restored: those of the last epoch are left.")
def weights_of_the_last_epoch(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x_val, y_val, patience, restore_best_weights=False)


@answer.mistake("patience is not used: yours is a fixed number.")
def patience_fixed(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x_val, y_val, 10)


@answer.mistake("It stops one epoch late.")
def patience_off_by_one(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x_val, y_val, patience + 1)


@answer.mistake("The training loss is watched; it says nothing about overfitting: val_loss does.")
def training_loss_watched(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x_val, y_val, patience, monitor="loss")


@answer.mistake("There is no early stopping: all epochs are run.")
def no_early_stopping(model, x, y, x_val, y_val, patience):
    return model.fit(x, y, validation_data=(x_val, y_val), epochs=MOST_EPOCHS, verbose=0)


@answer.mistake("Validation runs on the training data.")
def validated_on_the_training_data(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x, y, patience)


@answer.mistake("A higher val_loss counts as better.")
def higher_is_better(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x_val, y_val, patience, mode="max")


@answer.mistake("The dict with the losses came back; History itself is due, which holds it.")
def dict_of_losses(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x_val, y_val, patience).history


@answer.mistake("Only few epochs are run; there may be up to 100.")
def too_few_epochs(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x_val, y_val, patience, epochs=4)


@answer.mistake("While it gets better it goes on and on: 100 epochs are the most there may be.")
def too_many_epochs(model, x, y, x_val, y_val, patience):
    return fit(model, x, y, x_val, y_val, patience, epochs=150)


@answer.variant
def restored_by_hand():
    class Best(keras.callbacks.Callback):
        lowest, weights, waited = np.inf, None, 0

        def __init__(self, patience):
            super().__init__()
            self.patience = patience

        def on_epoch_end(self, epoch, logs=None):
            self.waited += 1
            if logs["val_loss"] < self.lowest:
                self.lowest, self.waited = logs["val_loss"], 0
                self.weights = self.model.get_weights()
            self.model.stop_training = self.waited >= self.patience

    def fit_with_early_stopping(model, x, y, x_val, y_val, patience):
        best = Best(patience)
        history = model.fit(
            x, y, epochs=100, validation_data=(x_val, y_val), callbacks=[best], verbose=0
        )
        model.set_weights(best.weights)
        return history

    return fit_with_early_stopping


@answer.variant
def every_setting_written_out():
    def fit_with_early_stopping(model, x, y, x_val, y_val, patience):
        settings = {"mode": "min", "min_delta": 0, "verbose": 0}
        fit(model, x, y, x_val, y_val, patience, **settings)
        return model.history

    return fit_with_early_stopping
