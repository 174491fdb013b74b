"""What graders know of ``regularization/pytorch/Dropout``."""

import torch
from torch import nn
from torch.nn import functional

from autograder.answers.answer import Answer
from autograder.answers.regularization.layers import dropout_layer_case, dropout_layer_cases


class PlainDropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        return x * self.mask(x) / (1 - self.p)

    def mask(self, x):
        return torch.rand_like(x) >= self.p


answer = Answer("regularization/pytorch/Dropout", PlainDropout, float32=False)


@answer.cases
def _(rng):
    yield from dropout_layer_cases(rng, "p", default=True)


@answer.hidden_cases
def _(rng):
    yield "a large batch", dropout_layer_case(rng, (100, 200)) | {"p": 0.1}


@answer.mistake("p is the share that is dropped; you keep that share.")
class p_kept(PlainDropout):
    def forward(self, x):
        return x * (torch.rand_like(x) < self.p) / max(self.p, 1e-6) if self.training else x


@answer.mistake("The scaling is missing: what is kept is divided by 1 - p.")
class not_scaled(PlainDropout):
    def forward(self, x):
        return x * self.mask(x) if self.training else x


@answer.mistake("Elements are dropped in inference too: ask self.training.")
class also_in_inference(PlainDropout):
    def forward(self, x):
        return x * self.mask(x) / (1 - self.p)


@answer.mistake("That scales in inference; inverted dropout scales in training.")
class scaled_in_inference(PlainDropout):
    def forward(self, x):
        return x * self.mask(x) if self.training else x * (1 - self.p)


@answer.mistake("What is kept is divided by p; it is divided by 1 - p.")
class divided_by_p(PlainDropout):
    def forward(self, x):
        return x * self.mask(x) / max(self.p, 1e-6) if self.training else x


@answer.mistake("An example is kept or dropped as a whole: draw for each element.")
class whole_rows(PlainDropout):
    def mask(self, x):
        return (torch.rand(len(x), *[1] * (x.dim() - 1)) >= self.p).expand_as(x)


@answer.mistake("All examples drop the same features: draw for each element.")
class one_mask_for_all_rows(PlainDropout):
    def mask(self, x):
        return (torch.rand(x.shape[1:]) >= self.p).expand_as(x)


@answer.mistake("The mask is drawn once and kept; every call needs a new one.")
class one_mask_for_ever(PlainDropout):
    def mask(self, x):
        if not hasattr(self, "kept"):
            self.kept = super().mask(x)
        return self.kept


@answer.mistake("The seed is fixed: all layers, and all runs, drop the same elements.")
class seed_fixed(PlainDropout):
    def __init__(self, p=0.5):
        super().__init__(p)
        self.generator = torch.Generator().manual_seed(0)

    def mask(self, x):
        return torch.rand(x.shape, generator=self.generator) >= self.p


@answer.mistake("p is ignored: it is 0.5 only if it isn't given.")
class p_ignored(PlainDropout):
    def __init__(self, p=0.5):
        super().__init__()


@answer.variant
def functional_dropout():
    class Dropout(nn.Module):
        def __init__(self, p=0.5):
            super().__init__()
            self.rate = p

        def forward(self, x):
            return functional.dropout(x, self.rate, training=self.training)

    return Dropout


@answer.variant
def bernoulli():
    class Dropout(nn.Module):
        def __init__(self, p=0.5):
            nn.Module.__init__(self)
            self.keep = 1.0 - p

        def forward(self, x):
            if self.training:
                scale = torch.bernoulli(torch.full_like(x, self.keep)) / self.keep
                return x * scale
            return x.clone()

    return Dropout
