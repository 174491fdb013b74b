"""How to call what a student writes in ``regularization/numpy``."""

import numpy as np

from autograder.student import draws, masks
from autograder.student.calling import call_backward, describe, unpack
from autograder.student.exercise import Notebook, Wrong

notebook = Notebook("regularization/numpy")


def unpack_dict(value, names, what: str) -> dict:
    """The named entries of a dict.

    Raises
    ------
    Wrong : if it isn't a dict, or has not exactly these keys.
    """
    if not isinstance(value, dict):
        raise Wrong("kind", f"{what} is {describe(value)}, where a dict is due")
    if set(value) != set(names):
        found = ", ".join(sorted(map(str, value)))
        raise Wrong("kind", f"{what} has the keys {found}; expected {', '.join(names)}")
    return {name: value[name] for name in names}


# ---- penalties and steps


@notebook.exercise(returns="penalty dW")
def l2_penalty(penalty, W, lam):
    return penalty(W, lam)


@notebook.exercise(returns="penalty dW")
def l1_penalty(penalty, W, lam):
    return penalty(W, lam)


@notebook.exercise(returns="penalty dW")
def elastic_net_penalty(penalty, W, l1, l2):
    return penalty(W, l1, l2)


@notebook.exercise(returns="new_W")
def weight_decay_step(step, W, dW, lr, decay):
    return step(W, dW, lr, decay)


def call_step(step, name, W, dW, state, options):
    found = unpack(step(W, dW, state, **options), ("W", "state"), name)
    new = unpack_dict(found["state"], ("m", "v", "t"), f"{name}'s state")
    return {"new_W": found["W"], **{f"new_{key}": value for key, value in new.items()}}


@notebook.exercise(returns="new_W new_m new_v new_t")
def adam_step(step, W, dW, state, options):
    return call_step(step, "adam_step", W, dW, state, options)


@notebook.exercise(returns="new_W new_m new_v new_t")
def adamw_step(step, W, dW, state, options):
    return call_step(step, "adamw_step", W, dW, state, options)


# ---- dropout


def judge_mask(inputs: dict, outputs: dict) -> None:
    shape, rate = tuple(inputs["shape"]), inputs["rate"]
    names = ("many_values",) if "arrays" in inputs else tuple(draws.ONE_ARRAY.split())
    due = (inputs["arrays"], *shape) if "arrays" in inputs else shape
    missing = [name for name in names if name not in outputs]
    if missing:
        raise Wrong("kind", f"{', '.join(missing)} did not come back")
    for name in names:
        if outputs[name].shape != due:
            raise Wrong("shape", f"the mask has shape {outputs[name].shape}, expected {due}")
        if outputs[name].dtype.kind != "b":
            raise Wrong("dtype", f"the mask is {outputs[name].dtype}, where booleans are due")
    if "arrays" in inputs:
        masks.check_masks(outputs["many_values"], rate, small=True)
        return
    masks.check_generators(outputs, rate)
    masks.check_masks(np.array([outputs[name] for name in names[:3]]), rate)


def mask_fingerprint(outputs: dict) -> dict[str, np.ndarray]:
    """Shares, dtypes and what is alike, by which a known mistake is recognized."""
    if "many_values" in outputs:
        many = np.asarray(outputs["many_values"])
        counts = many.reshape(len(many), -1).sum(axis=1)
        return {
            "kind": np.array(ord(many.dtype.kind)),
            "share": np.round([many.mean()], 2),
            "spread": np.round([counts.std()], 1),
        }
    found = draws.fingerprint({name: np.asarray(a, float) for name, a in outputs.items()})
    if "features" in found:
        mask = np.asarray(outputs["values"])
        flat = mask.reshape(len(mask), -1)
        found["features"] = np.round([flat.mean(), flat.max()], 2)
        found["kind"] = np.array(ord(mask.dtype.kind))
        found["fixed"] = np.array([(flat == flat[:1]).all(), (flat == flat[:, :1]).all()])
    return found


@notebook.exercise(returns=draws.ONE_ARRAY, judge=judge_mask, fingerprint=mask_fingerprint)
def dropout_mask(draw, shape, rate, seed, arrays=None):
    return draws.call_with_generators(
        lambda rng: draw(shape, rate, rng), seed, arrays, "dropout_mask"
    )


@notebook.exercise(returns="out")
def dropout_forward(forward, x, rate, mask, training):
    return unpack(forward(x, rate, mask, training), ("out", "cache"), "dropout_forward")["out"]


@notebook.exercise(returns="dx", takes="dropout_forward dropout_backward")
def dropout_backward(forward, backward, x, rate, mask, training, dout):
    cache = unpack(forward(x, rate, mask, training), ("out", "cache"), "dropout_forward")["cache"]
    return call_backward(backward, dout, cache, lambda dx: unpack(dx, ("dx",), "dropout_backward"))


# ---- normalization


def call_batchnorm(forward, x, gamma, beta, running, training, options):
    returned = forward(x, gamma, beta, running, training, **options)
    return unpack(returned, ("out", "cache", "running"), "batchnorm_forward")


@notebook.exercise(returns="out running_mean running_var")
def batchnorm_forward(forward, x, gamma, beta, running, training, options):
    found = call_batchnorm(forward, x, gamma, beta, running, training, options)
    if found["out"] is None:
        raise Wrong("unsolved", "batchnorm_forward returns None for out")
    new = unpack_dict(found["running"], ("mean", "var"), "batchnorm_forward's running")
    return {"out": found["out"], "running_mean": new["mean"], "running_var": new["var"]}


@notebook.exercise(returns="dx dgamma dbeta", takes="batchnorm_forward batchnorm_backward")
def batchnorm_backward(forward, backward, x, gamma, beta, running, training, options, dout):
    cache = call_batchnorm(forward, x, gamma, beta, running, training, options)["cache"]
    names = ("dx", "dgamma", "dbeta")
    return call_backward(
        backward, dout, cache, lambda grads: unpack(grads, names, "batchnorm_backward")
    )


@notebook.exercise(returns="out")
def layernorm_forward(forward, x, gamma, beta, options):
    returned = forward(x, gamma, beta, **options)
    return unpack(returned, ("out", "cache"), "layernorm_forward")["out"]


@notebook.exercise(returns="dx dgamma dbeta", takes="layernorm_forward layernorm_backward")
def layernorm_backward(forward, backward, x, gamma, beta, options, dout):
    returned = forward(x, gamma, beta, **options)
    cache = unpack(returned, ("out", "cache"), "layernorm_forward")["cache"]
    names = ("dx", "dgamma", "dbeta")
    return call_backward(
        backward, dout, cache, lambda grads: unpack(grads, names, "layernorm_backward")
    )


# ---- norms. Frameworks add an epsilon of 1e-7 or 1e-6 to a norm, which is accepted.


@notebook.exercise(returns="new_W", rtol=1e-5, atol=1e-6)
def max_norm(limit, W, c):
    return limit(W, c)


@notebook.exercise(returns="grads norm", rtol=1e-5, atol=1e-6)
def clip_by_global_norm(clip, grads, max_norm):
    found = unpack(clip(grads, max_norm), ("grads", "norm"), "clip_by_global_norm")
    clipped = found["grads"]
    if not isinstance(clipped, (list, tuple)):
        raise Wrong("kind", f"grads is {describe(clipped)}, where a list of arrays is due")
    if len(clipped) != len(grads):
        raise Wrong("kind", f"grads has {len(clipped)} entries, where {len(grads)} are due")
    named = {f"grad{number}": array for number, array in enumerate(clipped, 1)}
    return {"norm": found["norm"], **named}


# ---- data, ensembles, early stopping


@notebook.exercise(returns="targets")
def smooth_labels(smooth, y, num_classes, eps):
    return smooth(y, num_classes, eps)


@notebook.exercise(returns="shifted")
def shift_images(shift, images, dy, dx):
    return shift(images, dy, dx)


@notebook.exercise(returns="classes")
def ensemble_predict(predict, probabilities):
    return predict(probabilities)


@notebook.exercise(returns="stops best_epoch best_weights")
def EarlyStopping(stopping_class, losses, weights, patience, min_delta=None):
    """``weights`` holds, for each array of a network, its values in all epochs."""
    given = {} if min_delta is None else {"min_delta": min_delta}
    stopping = stopping_class(patience, **given)
    # A network's arrays change in place from epoch to epoch; so do these.
    current = [values[0].copy() for values in weights]
    stops = []
    for epoch, loss in enumerate(losses.tolist()):
        for array, values in zip(current, weights, strict=True):
            array[...] = values[epoch]
        stop = stopping.update(loss, current)
        if stop is None:
            raise Wrong("unsolved", "EarlyStopping.update returns None")
        if not isinstance(stop, (bool, np.bool_)):
            raise Wrong("kind", f"update returned {describe(stop)}, where True or False is due")
        stops.append(bool(stop))
    for array in current:
        array[...] = -1e6
    best = stopping.best_weights
    if not isinstance(best, (list, tuple)):
        raise Wrong("kind", f"best_weights is {describe(best)}, where a list of arrays is due")
    if len(best) != len(weights):
        raise Wrong("kind", f"best_weights has {len(best)} arrays, where {len(weights)} are due")
    named = {f"best_weights{number}": array for number, array in enumerate(best)}
    return {"stops": np.array(stops), "best_epoch": stopping.best_epoch, **named}
