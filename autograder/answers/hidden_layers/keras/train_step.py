"""What graders know of ``hidden-layers/keras/train_step``."""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from autograder.answers.answer import Answer
from autograder.answers.networks import LEAST_GRADIENT, adam, draw_training, sgd, train


def step(model, optimizer, loss_of, variables=None):
    """One step on ``loss_of(probabilities)`` by a tape; the loss before it."""
    variables = model.trainable_variables if variables is None else variables
    with tf.GradientTape() as tape:
        loss = loss_of()
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
    return loss


def mean_cross_entropy(y, p):
    return ops.mean(keras.losses.sparse_categorical_crossentropy(y, p))


def plain_train_step(model, optimizer, x, y):
    return step(model, optimizer, lambda: mean_cross_entropy(y, model(x, training=True)))


answer = Answer("hidden-layers/keras/train_step", plain_train_step, float32=False)


# Keras adds Adam's epsilon to the root of the uncorrected second moment.
def keras_optimizer(name, learning_rate, momentum=0.0):
    if name == "Adam":
        return adam(learning_rate, epsilon=1e-7, corrected=False)
    return sgd(learning_rate, momentum)


@answer.reference
def _(params, optimizer, batches):
    return train(params, batches, keras_optimizer(**optimizer))


def training_case(rng, optimizer, examples, sizes, steps, least_gradient=0.0):
    drawn = draw_training(
        rng,
        lambda: keras_optimizer(**optimizer),
        examples,
        sizes,
        steps,
        least_gradient,
    )
    return {
        "params": [(W.astype(np.float32), b.astype(np.float32)) for W, b in drawn["params"]],
        "optimizer": optimizer,
        "batches": [(x.astype(np.float32), y) for x, y in drawn["batches"]],
    }


SGD = {"name": "SGD", "learning_rate": 0.1}
MOMENTUM = {"name": "SGD", "learning_rate": 0.1, "momentum": 0.9}
ADAM = {"name": "Adam", "learning_rate": 0.01}


@answer.cases
def _(rng):
    yield "one step of SGD", training_case(rng, SGD, 6, (4, 5, 3), 1)
    yield "two steps of SGD with momentum", training_case(rng, MOMENTUM, 5, (3, 4, 2), 2)
    yield "three steps of Adam", training_case(rng, ADAM, 4, (3, 4, 3), 3, LEAST_GRADIENT)


@answer.graded_cases
def _(rng):
    yield "one step of SGD", training_case(rng, SGD, 6, (4, 5, 3), 1)
    yield "three steps of Adam", training_case(rng, ADAM, 4, (3, 4, 3), 3, LEAST_GRADIENT)
    yield "two hidden layers, one example", training_case(rng, SGD, 1, (5, 6, 4, 3), 1)


@answer.mistake(
    "The losses of the examples are summed; it is their mean that is due, so that a step doesn't "
    "grow with the batch."
)
def summed_over_the_batch(model, optimizer, x, y):
    return step(
        model,
        optimizer,
        lambda: ops.sum(keras.losses.sparse_categorical_crossentropy(y, model(x))),
    )


@answer.mistake(
    "The loss takes the model's probabilities for scores and applies softmax a second time: "
    "from_logits is for models without softmax."
)
def from_logits(model, optimizer, x, y):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return step(model, optimizer, lambda: loss(y, model(x)))


@answer.mistake("The step is right, but the loss is computed after it; return the one before.")
def loss_after_the_step(model, optimizer, x, y):
    plain_train_step(model, optimizer, x, y)
    return mean_cross_entropy(y, model(x))


@answer.mistake("That climbs: the loss grows along its gradient, and the optimizer turns it round.")
def uphill(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = mean_cross_entropy(y, model(x))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(
        (-grad, variable) for grad, variable in zip(grads, model.trainable_variables, strict=True)
    )
    return loss


@answer.mistake("The weights are where they were: the gradients are never applied.")
def gradients_not_applied(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        loss = mean_cross_entropy(y, model(x))
    tape.gradient(loss, model.trainable_variables)
    return loss


@answer.mistake("Only the last layer learns; every trainable variable of the model should.")
def only_the_last_layer(model, optimizer, x, y):
    last = model.trainable_variables[-2:]
    return step(model, optimizer, lambda: mean_cross_entropy(y, model(x)), last)


@answer.mistake("The biases don't learn; every trainable variable of the model should.")
def only_the_kernels(model, optimizer, x, y):
    kernels = [v for v in model.trainable_variables if len(v.shape) == 2]
    return step(model, optimizer, lambda: mean_cross_entropy(y, model(x)), kernels)


@answer.mistake(
    "That is gradient descent by hand: the optimizer that was given doesn't get to do its part."
)
def descent_by_hand(model, optimizer, x, y):
    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        loss = mean_cross_entropy(y, model(x))
    for variable, grad in zip(variables, tape.gradient(loss, variables), strict=True):
        variable.assign_sub(float(optimizer.learning_rate) * grad)
    return loss


@answer.mistake(
    "A new optimizer is made in every step and forgets what the last one had gathered: use the one "
    "that was given."
)
def new_optimizer_each_step(model, optimizer, x, y):
    return plain_train_step(model, type(optimizer).from_config(optimizer.get_config()), x, y)


@answer.mistake("That is the mean squared error against one-hot labels; cross-entropy is due.")
def squared_error(model, optimizer, x, y):
    return step(
        model,
        optimizer,
        lambda: ops.mean((model(x) - ops.one_hot(y, model.output_shape[-1])) ** 2),
    )


@answer.mistake("One loss an example came back; return their mean, a single number.")
def one_loss_an_example(model, optimizer, x, y):
    losses = keras.losses.sparse_categorical_crossentropy(y, model(x))
    plain_train_step(model, optimizer, x, y)
    return losses


@answer.variant
def loss_object_and_float():
    cross_entropy = keras.losses.SparseCategoricalCrossentropy()

    def train_step(model, optimizer, x, y):
        with tf.GradientTape() as tape:
            loss = cross_entropy(y, model(x, training=True))
        weights = model.trainable_weights
        optimizer.apply(tape.gradient(loss, weights), weights)
        return float(loss)

    return train_step


@answer.variant
def gathered_by_hand():
    def train_step(model, optimizer, x, y):
        with tf.GradientTape() as tape:
            p = model(tf.convert_to_tensor(x))
            loss = -tf.reduce_mean(tf.reduce_sum(tf.one_hot(y, p.shape[1]) * tf.math.log(p), 1))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))
        return loss.numpy()

    return train_step


@answer.variant
def compiled():
    @tf.function
    def train_step(model, optimizer, x, y):
        with tf.GradientTape() as tape:
            p = model(x, training=True)
            loss = -tf.reduce_mean(tf.math.log(tf.gather(p, y, batch_dims=1)))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))  # noqa: B905
        return loss

    return train_step
