"""What graders know of ``regularization/numpy/EarlyStopping``.

Losses and ``min_delta`` are multiples of 1/8, so that a drop of exactly ``min_delta`` is exact. No
update comes after the first True: what it would say isn't laid down.
"""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer


class PlainEarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best, self.best_epoch, self.best_weights = np.inf, None, None
        self.epoch, self.waited = -1, 0

    def update(self, val_loss, weights):
        self.epoch += 1
        if self.improves(val_loss):
            self.remember(val_loss, weights)
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience

    def improves(self, val_loss):
        return val_loss < self.best - self.min_delta

    def remember(self, val_loss, weights):
        self.best, self.best_epoch = val_loss, self.epoch
        self.best_weights = [array.copy() for array in weights]


answer = Answer("regularization/numpy/EarlyStopping", PlainEarlyStopping, float32=False)


@answer.reference
def _(losses, weights, patience, min_delta=0.0):
    improvements = improved_epochs(losses, min_delta)
    last = [
        max((e for e in improvements if e <= epoch), default=-1) for epoch in range(len(losses))
    ]
    best = {f"best_weights{i}": values[improvements[-1]] for i, values in enumerate(weights)}
    stops = np.arange(len(losses)) - last >= patience
    return {"stops": stops, "best_epoch": improvements[-1], **best}


def improved_epochs(losses, min_delta):
    """Every improvement is the first epoch that is better than the one before it by enough."""
    found, bar = [], np.inf
    while True:
        start = found[-1] + 1 if found else 0
        later = np.flatnonzero(np.asarray(losses[start:]) < bar)
        if not len(later):
            return found
        found.append(start + int(later[0]))
        bar = losses[found[-1]] - min_delta


NAN = float("nan")


@answer.cases
def _(rng):
    def case(losses, patience, **given):
        losses = np.array(losses, float)
        weights = [draw.normal(rng, len(losses), 2, 3), draw.normal(rng, len(losses), 3)]
        return {"losses": losses, "weights": weights, "patience": patience, **given}

    yield "down and up again", case([2, 1.5, 1, 1.25, 1.5, 1.125], 3)
    yield "up between two lows", case([2, 1, 1.5, 1.25, 0.5, 0.75, 0.75, 0.625], 3)
    yield "no improvement for less than patience", case([1, 2, 2, 0.5, 1, 1], 3)
    yield "patience of 1", case([2, 1.5, 1, 1.25], 1)
    yield "equal losses are no improvement", case([1, 1, 1], 2)
    creeping = [2, 1.875, 1.75, 1.625, 1.5, 1.5]
    yield "min_delta, slow improvement", case(creeping, 3, min_delta=0.25)
    yield "min_delta, exactly met", case([2, 1.5, 1, 1.25], 3, min_delta=0.5)
    yield "min_delta, better by too little at the end", case([2, 1, 0.875, 0.75], 2, min_delta=0.5)
    yield "NaN after the best", case([2, 1, NAN, NAN], 2)
    yield "NaN first", case([NAN, 2, NAN, 1, 3], 2)
    yield "negative losses", case([-1, -2, -3, -2.5, -2.5], 2)


@answer.mistake("It stops one epoch late: patience epochs without improvement are enough.")
class one_epoch_late(PlainEarlyStopping):
    def update(self, val_loss, weights):
        super().update(val_loss, weights)
        return self.waited > self.patience


@answer.mistake("It stops one epoch early.")
class one_epoch_early(PlainEarlyStopping):
    def update(self, val_loss, weights):
        super().update(val_loss, weights)
        return self.waited >= max(self.patience - 1, 1)


@answer.mistake("The epochs needn't be in a row here: an improvement has to set the count to 0.")
class never_reset(PlainEarlyStopping):
    def update(self, val_loss, weights):
        waited = self.waited
        improved = self.improves(val_loss)
        super().update(val_loss, weights)
        self.waited = waited if improved else self.waited
        return self.waited >= self.patience


@answer.mistake(
    "best_weights are the arrays themselves, which training goes on changing: copy each of them."
)
class weights_not_copied(PlainEarlyStopping):
    def remember(self, val_loss, weights):
        super().remember(val_loss, weights)
        self.best_weights = list(weights)


@answer.mistake("The weights of the first epoch are kept; those of the best one are due.")
class first_weights(PlainEarlyStopping):
    def remember(self, val_loss, weights):
        first = self.best_weights
        super().remember(val_loss, weights)
        self.best_weights = first or self.best_weights


@answer.mistake("min_delta has the wrong sign: a worse loss counts as an improvement.")
class min_delta_turned_round(PlainEarlyStopping):
    def improves(self, val_loss):
        return val_loss < self.best + self.min_delta


@answer.mistake("min_delta is not used.")
class min_delta_ignored(PlainEarlyStopping):
    def improves(self, val_loss):
        return val_loss < self.best


@answer.mistake("An improvement has to be larger than min_delta; an equal loss is none.")
class equal_counts(PlainEarlyStopping):
    def improves(self, val_loss):
        return val_loss <= self.best - self.min_delta


@answer.mistake(
    "The best loss follows every small step down, so that a slow improvement never adds up: it "
    "changes only with an epoch that improves."
)
class best_always_lowered(PlainEarlyStopping):
    def update(self, val_loss, weights):
        stop = super().update(val_loss, weights)
        self.best = min(self.best, val_loss)
        return stop


@answer.mistake("The loss is compared with that of the epoch before; compare with the best one.")
class compared_with_the_last(PlainEarlyStopping):
    def update(self, val_loss, weights):
        stop = super().update(val_loss, weights)
        self.best = val_loss
        return stop


@answer.mistake("A larger loss counts as better.")
class larger_is_better(PlainEarlyStopping):
    def improves(self, val_loss):
        return self.best_epoch is None or val_loss > self.best + self.min_delta


@answer.mistake("NaN counts as an improvement: a comparison with it is False, `not` makes it True.")
class nan_improves(PlainEarlyStopping):
    def improves(self, val_loss):
        return not val_loss >= self.best - self.min_delta


@answer.mistake("Epochs count from 0; your best_epoch counts from 1.")
class epochs_from_one(PlainEarlyStopping):
    def remember(self, val_loss, weights):
        super().remember(val_loss, weights)
        self.best_epoch = self.epoch + 1


@answer.variant
def whole_history():
    class EarlyStopping:
        def __init__(self, patience, min_delta=0.0):
            self.patience = patience
            self.min_delta = min_delta
            self.losses = []
            self.best_epoch, self.best_weights = -1, []

        def update(self, val_loss, weights):
            bar = self.losses[self.best_epoch] - self.min_delta if self.best_weights else np.inf
            self.losses.append(val_loss)
            if val_loss < bar:
                self.best_epoch = len(self.losses) - 1
                self.best_weights = tuple(np.array(array) for array in weights)
            return len(self.losses) - 1 - self.best_epoch >= self.patience

    return EarlyStopping


@answer.variant
def deep_copies():
    import copy

    class EarlyStopping:
        best = best_weights = best_epoch = None
        epoch = count = 0

        def __init__(self, patience, min_delta=0.0):
            self.patience, self.min_delta = patience, min_delta

        def update(self, val_loss, weights):
            if np.isnan(val_loss) or (
                self.best is not None and val_loss >= self.best - self.min_delta
            ):
                self.count += 1
            else:
                self.best, self.best_epoch, self.count = val_loss, self.epoch, 0
                self.best_weights = copy.deepcopy(weights)
            self.epoch += 1
            return np.bool_(self.count >= self.patience)

    return EarlyStopping
