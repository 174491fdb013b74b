"""What graders know of ``capstone/numpy/network_forward``."""

import numpy as np

from autograder.answers.answer import Answer
from autograder.answers.capstone.by_torch import reference_scores
from autograder.answers.capstone.cases import large_network_case, network_cases
from autograder.answers.capstone.numpy.plain import PlainNetwork

answer = Answer("capstone/numpy/network_forward", PlainNetwork)


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
        return h * mask


@answer.mistake("dropout is the share that is dropped: what is kept is divided by 1 - dropout.")
class scaled_by_the_dropped_share(PlainNetwork):
    def drop(self, h, mask):
        return h * mask / max(self.dropout, 1e-3)


@answer.mistake("The mask is read the wrong way round: True keeps.")
class mask_inverted(PlainNetwork):
    def drop(self, h, mask):
        return h * ~mask / (1 - self.dropout)


@answer.mistake("Without masks nothing is dropped; here the network drops on its own.")
class dropout_at_prediction(PlainNetwork):
    def forward(self, x, masks=None):
        return super().forward(x, self.draw_masks(len(x)) if masks is None else masks)


@answer.mistake(
    "Without masks nothing is dropped and nothing scaled: inverted dropout has done that in "
    "training."
)
class scaled_at_prediction(PlainNetwork):
    def forward(self, x, masks=None):
        if masks is None:
            masks = [np.ones((len(x), n), bool) for n in self.layer_sizes[1:-1]]
            scores, cache = super().forward(x, masks)
            return scores * (1 - self.dropout), cache
        return super().forward(x, masks)


@answer.mistake("The masks that were given aren't used: draw none here.")
class own_masks(PlainNetwork):
    def forward(self, x, masks=None):
        return super().forward(x, None if masks is None else self.draw_masks(len(x)))


@answer.mistake("The scores come from the last layer as they are, without the activation.")
class activation_after_the_last_layer(PlainNetwork):
    def forward(self, x, masks=None):
        scores, cache = super().forward(x, masks)
        return self.act(scores), cache


@answer.mistake("These are probabilities; forward returns scores, before the softmax.")
class probabilities(PlainNetwork):
    def forward(self, x, masks=None):
        scores, cache = super().forward(x, masks)
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True), cache


@answer.mistake("The activation is always ReLU; self.activation names the one that is asked for.")
class always_relu(PlainNetwork):
    def act(self, z):
        return np.maximum(z, 0)


@answer.mistake("The biases are missing: every layer adds its b to each row.")
class biases_missing(PlainNetwork):
    def forward(self, x, masks=None):
        given, self.params = self.params, [(W, 0 * b) for W, b in self.params]
        found = super().forward(x, masks)
        self.params = given
        return found


@answer.variant
def masks_as_factors():
    class Network(PlainNetwork):
        def forward(self, x, masks=None):
            h = x
            act = {"relu": lambda z: z * (z > 0), "tanh": np.tanh}[self.activation]
            for number, (W, b) in enumerate(self.params[:-1]):
                h = act(np.einsum("nd,dm->nm", h, W) + b)
                if masks is not None:
                    h = np.where(masks[number], h / (1 - self.dropout), 0)
            W, b = self.params[-1]
            return np.dot(h, W) + b, None

    return Network


@answer.variant
def through_exponentials():
    class Network(PlainNetwork):
        def act(self, z):
            return z.clip(0) if self.activation == "relu" else 1 - 2 / (np.exp(2 * z) + 1)

        def drop(self, h, mask):
            scaled = h.copy()
            scaled[~mask] = 0
            scaled *= 1 / (1 - self.dropout)
            return scaled

    return Network
