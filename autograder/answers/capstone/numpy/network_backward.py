"""What graders know of ``capstone/numpy/network_backward``."""

import numpy as np

from autograder.answers import draw
from autograder.answers.answer import Answer
from autograder.answers.capstone.by_torch import reference_grads
from autograder.answers.capstone.cases import (
    draw_network_case,
    large_network_case,
    make_settings,
    network_cases,
)
from autograder.answers.capstone.numpy.plain import PlainNetwork

answer = Answer("capstone/numpy/network_backward", PlainNetwork)


@answer.reference
def _(settings, params, x, masks, dscores):
    return reference_grads(x, params, settings, masks, dscores)


def with_dscores(rng, inputs):
    shape = len(inputs["x"]), len(inputs["params"][-1][1])
    return inputs | {"dscores": draw.normal(rng, *shape)}


@answer.cases
def _(rng):
    for number, (label, inputs) in enumerate(network_cases(rng)):
        yield label, with_dscores(rng, inputs)
        if number < 2:
            yield f"{label}, but no masks", with_dscores(rng, inputs | {"masks": None})


@answer.hidden_cases
def _(rng):
    yield "a large network", with_dscores(rng, large_network_case(rng))
    deep = make_settings([3, 5, 4, 4, 2], "tanh", 0.1, 0.3)
    yield "three hidden layers", with_dscores(rng, draw_network_case(rng, 4, deep))
    # ReLU'(0) is 0: an example of zeros, and no biases.
    flat = draw_network_case(rng, 4, make_settings([3, 5, 2], "relu", 0.1, 0.5))
    (W, b), last = flat["params"]
    flat["params"], flat["x"][0] = [(W, 0 * b), last], 0.0
    yield "sums that are exactly 0", with_dscores(rng, flat)


@answer.mistake("The biases are penalized as well: L2 is for the weights alone.")
class l2_on_biases(PlainNetwork):
    def penalty_grads(self, W, b):
        return self.l2 * W, self.l2 * b


@answer.mistake("The penalty's gradient is missing: each dW has its share of it.")
class l2_missing(PlainNetwork):
    def penalty_grads(self, W, b):
        return 0.0, 0.0


@answer.mistake("The penalty is l2 / 2 times the sum of squares: its slope has no 2 left.")
class l2_doubled(PlainNetwork):
    def penalty_grads(self, W, b):
        return 2 * self.l2 * W, 0.0


@answer.mistake("The gradient goes through the same masks as the forward pass: they are missing.")
class masks_missing(PlainNetwork):
    def through(self, dh, z, mask):
        return dh * self.slope(z)


@answer.mistake("The gradient is masked, but not scaled as the kept units were.")
class masks_not_scaled(PlainNetwork):
    def through(self, dh, z, mask):
        return dh * self.slope(z) * (1 if mask is None else mask)


@answer.mistake("New masks are drawn on the way back: it has to be those of the forward pass.")
class new_masks(PlainNetwork):
    def through(self, dh, z, mask):
        if mask is not None:
            mask = np.random.default_rng(len(mask)).random(mask.shape) >= self.dropout
        return super().through(dh, z, mask)


@answer.mistake("The activation's derivative is missing: units that are off pass nothing.")
class slope_missing(PlainNetwork):
    def slope(self, z):
        return np.ones_like(z)


@answer.mistake("The derivative is ReLU's, whatever the activation: 1 - tanh(z)² is that of tanh.")
class always_relu(PlainNetwork):
    def slope(self, z):
        return (z > 0) * 1.0


@answer.mistake(
    "tanh's derivative is 1 - tanh(z)²; if you have the unit's output, that is 1 - h² of h "
    "*before* dropout."
)
class tanh_of_the_dropped(PlainNetwork):
    def through(self, dh, z, mask):
        if self.activation == "tanh" and mask is not None:
            return self.drop(dh, mask) * (1 - self.drop(np.tanh(z), mask) ** 2)
        return super().through(dh, z, mask)


@answer.mistake("Divided by the batch size once too often: dscores has the loss's 1/N.")
class averaged(PlainNetwork):
    def backward(self, dscores, cache):
        return super().backward(dscores / (len(dscores) + (len(dscores) == 1)), cache)


@answer.mistake("The bias gradients aren't summed over the batch.")
class biases_not_summed(PlainNetwork):
    def backward(self, dscores, cache):
        grads = super().backward(dscores, cache)
        return [(dW, db + 0 * dscores[:, :1]) for dW, db in grads]


@answer.mistake("The list is in the order of the computation; params' order is due.")
class last_layer_first(PlainNetwork):
    def backward(self, dscores, cache):
        return super().backward(dscores, cache)[::-1]


@answer.variant
def from_outputs():
    class Network(PlainNetwork):
        def forward(self, x, masks=None):
            scores, rows = super().forward(x, masks)
            return scores, {"rows": [(h, self.act(z), mask) for h, _, _, z, mask in rows]}

        def backward(self, dscores, cache):
            grads, d = {}, dscores.copy()
            rows = cache["rows"]
            for layer in reversed(range(len(rows))):
                W = self.params[layer][0]
                dW = np.einsum("ni,nj->ij", rows[layer][0], d)
                dW += self.l2 * W
                grads[layer] = dW, d.sum(0)
                d = np.einsum("nj,ij->ni", d, W)
                if layer:
                    _, h, mask = rows[layer - 1]
                    if mask is not None:
                        d[~mask] = 0
                        d /= 1 - self.dropout
                    d *= (h > 0) if self.activation == "relu" else 1 - h * h
            return [grads[layer] for layer in range(len(rows))]

    return Network


@answer.variant
def everything_again():
    class Network(PlainNetwork):
        def forward(self, x, masks=None):
            return super().forward(x, masks)[0], (x, masks)

        def backward(self, dscores, cache):
            _, rows = super().forward(*cache)
            return tuple([dW, db] for dW, db in super().backward(dscores, rows))

    return Network
