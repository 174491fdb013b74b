"""How to call what a student writes in ``activations/numpy``.

An activation that works on each number by itself has one derivative a number, and a single complex
step computes all of them exactly. No check can tell that from a derivative worked out on paper.
Maxout's weights and PReLU's slopes would need one step each; so would every class of softmax.
"""

from autograder.student.calling import call_backward, unpack
from autograder.student.exercise import Notebook

notebook = Notebook("activations/numpy")


def register_pair(name: str, arguments: str = "x", grads: str = "dx") -> None:
    """Register the exercises ``NAME_forward`` and ``NAME_backward``.

    Parameters
    ----------
    arguments : of the forward function, in order; one that a case leaves out has its default.
    grads : what the backward function returns, in order.
    """
    forward_name, backward_name = f"{name}_forward", f"{name}_backward"

    def run_forward(forward, inputs):
        given = [inputs[argument] for argument in arguments.split() if argument in inputs]
        return unpack(forward(*given), ("out", "cache"), forward_name)

    @notebook.exercise(name=forward_name, returns="out")
    def call_forward(forward, **inputs):
        return run_forward(forward, inputs)["out"]

    @notebook.exercise(name=backward_name, returns=grads, takes=f"{forward_name} {backward_name}")
    def call_pair(forward, backward, dout, **inputs):
        cache = run_forward(forward, inputs)["cache"]
        return call_backward(
            backward, dout, cache, lambda returned: unpack(returned, grads.split(), backward_name)
        )


register_pair("sigmoid")
register_pair("tanh")
register_pair("relu")
register_pair("leaky_relu", "x alpha")
register_pair("prelu", "x alpha", grads="dx dalpha")
register_pair("elu", "x alpha")
register_pair("selu")
register_pair("softplus")
register_pair("gelu", "x approximate")
register_pair("silu")
register_pair("mish")
register_pair("maxout", "x W b", grads="dx dW db")


@notebook.exercise(returns="fraction")
def dead_unit_fraction(fraction, h):
    return fraction(h)


register_pair("softmax")


@notebook.exercise(returns="out")
def log_softmax(function, x):
    return function(x)
