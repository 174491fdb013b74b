"""What graders know of ``initializers/pytorch/init_linear_``."""

import math

import numpy as np
import torch
from torch import nn

from autograder.answers.answer import Answer
from autograder.answers.initializers.random_arrays import draw_seed

SCHEMES = ("lecun_normal", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform")
SMALL_ARRAYS = 500


def variance_of(scheme, fan_in, fan_out):
    family = scheme.split("_")[0]
    return {"lecun": 1 / fan_in, "glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in}[family]


@torch.no_grad()
def fill(linear, scheme, variance):
    """Weights of the variance, normal or uniform as the scheme says, and no bias."""
    if scheme.endswith("normal"):
        linear.weight.normal_(0, math.sqrt(variance))
    else:
        limit = math.sqrt(3 * variance)
        linear.weight.uniform_(-limit, limit)
    if linear.bias is not None:
        linear.bias.zero_()


def plain_init_linear_(linear, scheme):
    fill(linear, scheme, variance_of(scheme, linear.in_features, linear.out_features))


answer = Answer("initializers/pytorch/init_linear_", plain_init_linear_, float32=False)


def linear_case(rng, n_in, n_out, scheme, **settings):
    sizes = {"in_features": n_in, "out_features": n_out}
    return sizes | {"scheme": scheme, "seed": draw_seed(rng)} | settings


@answer.cases
def _(rng):
    for number, scheme in enumerate(SCHEMES):
        sizes = (200, 80) if number % 2 else (80, 200)
        yield scheme, linear_case(rng, *sizes, scheme)
    yield "he_normal without a bias", linear_case(rng, 80, 200, "he_normal", bias=False)
    small = linear_case(rng, 2, 1, "he_normal", arrays=SMALL_ARRAYS)
    yield "many matrices of two numbers", small


@answer.hidden_cases
def _(rng):
    for scheme in ("glorot_normal", "he_uniform"):
        yield f"{scheme}, other sizes", linear_case(rng, 60, 260, scheme)


@answer.mistake("fan_in and fan_out are swapped: PyTorch's weight is (out_features, in_features).")
def fans_swapped(linear, scheme):
    fill(linear, scheme, variance_of(scheme, linear.out_features, linear.in_features))


@answer.mistake("The bias isn't set to 0.")
def bias_left(linear, scheme):
    bias = None if linear.bias is None else linear.bias.detach().clone()
    plain_init_linear_(linear, scheme)
    if bias is not None:
        linear.bias.data.copy_(bias)


@answer.mistake("The bias is random; weights are enough to make the units differ.")
def bias_random(linear, scheme):
    plain_init_linear_(linear, scheme)
    if linear.bias is not None:
        nn.init.normal_(linear.bias, std=0.1)


@answer.mistake("The variance stands where the standard deviation should; its root is missing.")
def variance_for_stddev(linear, scheme):
    variance = variance_of(scheme, linear.in_features, linear.out_features)
    fill(linear, scheme, variance**2)


@answer.mistake("He's 2 is missing: with variance 1 / fan_in a ReLU loses half in every layer.")
def gain_missing(linear, scheme):
    plain_init_linear_(linear, scheme.replace("he_", "lecun_"))


@answer.mistake("PyTorch's own default is 1 / √fan_in as a limit: it is none of these schemes.")
def default_of_pytorch(linear, scheme):
    nn.init.kaiming_uniform_(linear.weight, a=math.sqrt(5))
    if linear.bias is not None:
        nn.init.zeros_(linear.bias)


@answer.mistake("The scheme isn't used.")
def scheme_ignored(linear, scheme):
    plain_init_linear_(linear, "he_normal")


@answer.mistake("Glorot's mean of the fans is half their sum: a 2 is missing.")
def sum_for_mean(linear, scheme):
    variance = variance_of(scheme, linear.in_features, linear.out_features)
    fill(linear, scheme, variance / 2 if scheme.startswith("glorot") else variance)


@answer.mistake("A uniform scheme needs the limit: √3 times the standard deviation.")
def stddev_for_limit(linear, scheme):
    variance = variance_of(scheme, linear.in_features, linear.out_features)
    fill(linear, scheme, variance / 3 if scheme.endswith("uniform") else variance)


@answer.mistake("Normal and uniform are confused: the scheme's name says which it is.")
def always_normal(linear, scheme):
    fill(linear, "normal", variance_of(scheme, linear.in_features, linear.out_features))


@answer.mistake(
    "nn.init.trunc_normal_ cuts where a and b say, which is at ±2 by default, and doesn't correct; "
    "cut at two standard deviations it leaves 0.8796 of std."
)
def truncated_and_not_corrected(linear, scheme):
    plain_init_linear_(linear, scheme)
    if scheme.endswith("normal"):
        std = math.sqrt(variance_of(scheme, linear.in_features, linear.out_features))
        nn.init.trunc_normal_(linear.weight, std=std, a=-2 * std, b=2 * std)


@answer.mistake("The seed is set inside: all layers start with the same numbers.")
def seeded_inside(linear, scheme):
    torch.default_generator.manual_seed(0)
    plain_init_linear_(linear, scheme)


@answer.mistake(
    "The numbers come from a generator that torch.manual_seed doesn't know, so that nobody can "
    "repeat the result."
)
def another_generator(linear, scheme):
    plain_init_linear_(linear, scheme)
    scale = float(np.sqrt(variance_of(scheme, linear.in_features, linear.out_features)))
    values = np.random.default_rng().normal(0, scale, tuple(linear.weight.shape))
    linear.weight.data.copy_(torch.from_numpy(values))


@answer.mistake(
    "linear.weight is a new parameter now. An optimizer that was made before still holds the old "
    "one: fill the one that is there."
)
def parameter_replaced(linear, scheme):
    plain_init_linear_(linear, scheme)
    linear.weight = nn.Parameter(linear.weight.detach().clone())


@answer.mistake("A new layer comes back, and the one that was handed in is as before.")
def a_new_layer(linear, scheme):
    new = nn.Linear(linear.in_features, linear.out_features, linear.bias is not None)
    plain_init_linear_(new, scheme)
    return new


@answer.variant
def functions_of_pytorch():
    def init_linear_(linear, scheme):
        w = linear.weight
        if scheme == "lecun_normal":
            nn.init.kaiming_normal_(w, nonlinearity="linear")
        elif scheme == "glorot_normal":
            nn.init.xavier_normal_(w)
        elif scheme == "glorot_uniform":
            nn.init.xavier_uniform_(w)
        elif scheme == "he_normal":
            nn.init.kaiming_normal_(w, nonlinearity="relu")
        else:
            nn.init.kaiming_uniform_(w, nonlinearity="relu")
        if linear.bias is not None:
            nn.init.zeros_(linear.bias)
        return linear

    return init_linear_


@answer.variant
def truncated_and_corrected():
    def init_linear_(linear, scheme):
        plain_init_linear_(linear, scheme)
        if scheme.endswith("normal"):
            out_features, in_features = linear.weight.shape
            std = math.sqrt(variance_of(scheme, in_features, out_features)) / 0.87962566
            nn.init.trunc_normal_(linear.weight, std=std, a=-2 * std, b=2 * std)

    return init_linear_


@answer.variant
def new_numbers_copied():
    def init_linear_(linear, scheme):
        out_features, in_features = linear.weight.shape
        std = variance_of(scheme, in_features, out_features) ** 0.5
        if scheme.endswith("uniform"):
            values = (2 * torch.rand(out_features, in_features) - 1) * 3**0.5 * std
        else:
            values = torch.randn(out_features, in_features) * std
        linear.weight.data = values
        if linear.bias is not None:
            linear.bias.data.fill_(0)

    return init_linear_
