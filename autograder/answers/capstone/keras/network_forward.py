"""What graders know of ``capstone/keras/network_forward``."""

import keras
import tensorflow as tf

from autograder.answers.answer import Answer
from autograder.answers.capstone.by_torch import reference_scores
from autograder.answers.capstone.cases import large_network_case, network_cases
from autograder.answers.capstone.keras.plain import PlainNetwork

answer = Answer("capstone/keras/network_forward", PlainNetwork, float32=False)


@answer.reference
def _(settings, params, x, masks):
    return {
        "scores": reference_scores(x, params, settings, None),
        "scores_in_training": reference_scores(x, params, settings, masks),
    }


@answer.cases
def _(rng):
    yield from network_cases(rng)


@answer.hidden_cases
def _(rng):
    yield "a large network", large_network_case(rng)


@answer.mistake("Units that are kept have to be scaled up, by what share of them is kept.")
class kept_units_not_scaled(PlainNetwork):
    def drop(self, h, mask):
        return h * tf.cast(mask, h.dtype)


@answer.mistake("The mask is read the wrong way round: True keeps.")
class mask_inverted(PlainNetwork):
    def drop(self, h, mask):
        return super().drop(h, ~mask)


@answer.mistake("The masks that were given aren't used.")
class masks_ignored(PlainNetwork):
    def forward(self, x, masks=None):
        return super().forward(x)


@answer.mistake("Without masks nothing is dropped and nothing scaled.")
class scaled_without_masks(PlainNetwork):
    def forward(self, x, masks=None):
        scores = super().forward(x, masks)
        return scores if masks is not None else scores * (1 - self.dropout)


@answer.mistake("forward returns scores, not probabilities: no softmax.")
class probabilities(PlainNetwork):
    def forward(self, x, masks=None):
        return tf.nn.softmax(super().forward(x, masks))


@answer.mistake("The scores come from the last layer as they are, without the activation.")
class activation_after_the_last_layer(PlainNetwork):
    def forward(self, x, masks=None):
        return self.act(super().forward(x, masks))


@answer.mistake("The activation is always ReLU; activation names the one that is asked for.")
class always_relu(PlainNetwork):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.act = keras.activations.relu


@answer.mistake('The weights are float32: give every layer dtype="float64".')
class in_float32(PlainNetwork):
    precision = "float32"


@answer.variant
def masks_by_where():
    class Network(PlainNetwork):
        def drop(self, h, mask):
            return tf.where(mask, h / (1 - self.dropout), tf.zeros_like(h))

    return Network


@answer.variant
def products_by_hand():
    class Network(PlainNetwork):
        def forward(self, x, masks=None):
            *hidden, last = self.dense
            for number, layer in enumerate(hidden):
                x = self.act(tf.einsum("nd,dm->nm", x, layer.kernel) + layer.bias)
                if masks is not None:
                    x = x * keras.ops.cast(masks[number], "float64") / (1.0 - self.dropout)
            return tf.matmul(x, last.kernel) + last.bias

    return Network
