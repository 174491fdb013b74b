"""What graders know of ``regularization/numpy/smooth_labels``.

As in Keras and PyTorch, eps is shared by all classes, the right one included.
"""

import numpy as np
import torch

from autograder.answers.answer import Answer
from autograder.answers.autodiff import tensor


def plain_smooth_labels(y, num_classes, eps):
    return (1 - eps) * np.eye(num_classes)[y] + eps / num_classes


answer = Answer("regularization/numpy/smooth_labels", plain_smooth_labels, float32=False)


@answer.reference
def _(y, num_classes, eps):
    # Cross-entropy's gradient at the logits is softmax minus targets; at logits of 0 softmax is
    # 1/C, so that PyTorch's own smoothing can be read off it.
    logits = tensor(np.zeros((len(y), num_classes)))
    loss = torch.nn.functional.cross_entropy(
        logits, torch.from_numpy(y), label_smoothing=eps, reduction="sum"
    )
    (gradient,) = torch.autograd.grad(loss, [logits])
    return (1 / num_classes - gradient).numpy()


@answer.cases
def _(rng):
    for label, examples, classes, eps in (
        ("4 classes, eps 0.1", 6, 4, 0.1),
        ("10 classes, eps 0.3", 5, 10, 0.3),
        ("two classes", 3, 2, 0.2),
        ("eps 0", 4, 3, 0.0),
        ("eps 1: nothing is left of the label", 3, 5, 1.0),
        ("one example", 1, 3, 0.1),
        ("an empty batch", 0, 3, 0.1),
    ):
        y = rng.integers(0, classes, size=examples)
        yield label, {"y": y, "num_classes": classes, "eps": eps}
    yield (
        "a last class that doesn't occur",
        {"y": np.array([0, 2, 1]), "num_classes": 5, "eps": 0.1},
    )


def onehot(y, num_classes):
    return np.eye(num_classes)[y]


@answer.mistake(
    "eps is shared by the wrong classes only, eps/(C-1) each; here it is shared by all, eps/C each."
)
def shared_by_the_wrong_classes(y, num_classes, eps):
    share = eps / (num_classes - 1)
    return np.where(onehot(y, num_classes) == 1, 1 - eps, share)


@answer.mistake("The right class gets its share eps/C as well, on top of 1 - eps.")
def right_class_without_its_share(y, num_classes, eps):
    return np.where(onehot(y, num_classes) == 1, 1 - eps, eps / num_classes)


@answer.mistake("The one-hot part isn't made smaller: rows sum to more than 1.")
def one_hot_not_scaled(y, num_classes, eps):
    return onehot(y, num_classes) + eps / num_classes


@answer.mistake("eps isn't divided by the number of classes: rows sum to more than 1.")
def not_divided(y, num_classes, eps):
    return (1 - eps) * onehot(y, num_classes) + eps


@answer.mistake("eps is the share that is spread, not the one that stays.")
def eps_turned_round(y, num_classes, eps):
    return plain_smooth_labels(y, num_classes, 1 - eps)


@answer.mistake("These are the labels without smoothing.")
def not_smoothed(y, num_classes, eps):
    return onehot(y, num_classes)


@answer.mistake("The examples are the rows, the classes the columns: yours is transposed.")
def transposed(y, num_classes, eps):
    return plain_smooth_labels(y, num_classes, eps).T


@answer.mistake("There are num_classes columns, whether all of the classes occur in y or not.")
def classes_counted_in_y(y, num_classes, eps):
    return plain_smooth_labels(y, int(y.max(initial=0)) + 1, eps)


@answer.variant
def fill_and_set():
    def smooth_labels(y, num_classes, eps):
        targets = np.full((len(y), num_classes), eps / num_classes)
        targets[np.arange(len(y)), y] += 1 - eps
        return targets

    return smooth_labels


@answer.variant
def comparison():
    def smooth_labels(y, num_classes, eps):
        hot = (y[:, None] == np.arange(num_classes)).astype(float)
        return hot - eps * (hot - 1 / num_classes)

    return smooth_labels
