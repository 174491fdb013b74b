"""How to call what a student writes in ``activations/keras``.

Functions get float64, as in NumPy; layers and models are left in Keras' own precision, float32, and
so are their cases. Whether a gradient was worked out by hand or left to TensorFlow can't be asked
for as a value; whether it is right and finite can.
"""

from autograder.student.calling import describe
from autograder.student.exercise import Notebook, Wrong
from autograder.student.exercises.hidden_layers_keras import check_model
from autograder.student.parameters import assign_in_keras

notebook = Notebook("activations/keras")


def differentiate(function, x, others, dout, name: str):
    """The output of ``function`` at ``x``, and the gradients at ``x`` and at ``others``.

    Raises
    ------
    Wrong : if the output isn't a tensor of ``dout``'s shape, or has no gradient.
    """
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(x)
        out = function(x)
    if out is None:
        raise Wrong("unsolved", f"{name} returns None")
    if not tf.is_tensor(out):
        raise Wrong("kind", f"{name} returned {describe(out)}, where a TensorFlow tensor is due")
    if tuple(out.shape) != dout.shape:
        raise Wrong("shape", f"out has shape {tuple(out.shape)}, expected {dout.shape}")
    gradients = tape.gradient(out, [x, *others], tf.constant(dout, dtype=out.dtype))
    if any(gradient is None for gradient in gradients):
        lost = " and ".join(
            what
            for what, gradient in zip(("x", "the slopes"), gradients, strict=False)
            if gradient is None
        )
        raise Wrong("values", f"no gradient of the output reaches {lost}")
    return out, *gradients


def register_function(name: str) -> None:
    """Register an activation written as a function of a tensor."""

    @notebook.exercise(name=name, returns="out dx")
    def call(function, x, dout, compiled=False):
        import tensorflow as tf

        x = tf.convert_to_tensor(x)
        # tf.custom_gradient can't take a stub's None; the function beneath it returns it.
        beneath = getattr(function, "__wrapped__", None)
        returned = beneath(x) if beneath else 0
        if returned is None or (isinstance(returned, tuple) and returned[0] is None):
            raise Wrong("unsolved", f"{name} returns None")
        if not compiled:
            return differentiate(function, x, [], dout, name)
        try:
            graph = tf.function(function, autograph=False).get_concrete_function(
                tf.TensorSpec(x.shape, x.dtype)
            )
            return differentiate(graph, x, [], dout, name)
        except Wrong:
            raise
        except Exception as error:
            raise Wrong(
                "runs",
                f"{name} fails in a compiled function, which is how model.fit runs it "
                f"({type(error).__name__}): use TensorFlow's operations, not NumPy's",
            ) from error


register_function("swish")
register_function("mish")


@notebook.exercise(returns="start out dx dslopes")
def PReLU(layer_class, x, slopes, dout):
    import tensorflow as tf

    layer = layer_class()
    x = tf.convert_to_tensor(x)
    if layer(x) is None:
        raise Wrong("unsolved", "PReLU.call returns None")
    starts = [weight.numpy() for weight in layer.trainable_weights]
    (variable,) = assign_in_keras(layer.trainable_weights, [slopes], "the layer")
    out, dx, dslopes = differentiate(layer, x, [variable.value], dout, "PReLU.call")
    return {"start": starts[0], "out": out, "dx": dx, "dslopes": dslopes}


def squashed_cube(x):
    """No framework has it, so that it can only have come from the argument."""
    import keras

    return keras.ops.tanh(x**3)


FUNCTIONS = {"a function, tanh(x³)": squashed_cube}


@notebook.exercise(returns="out")
def build_with_activation(build, input_dim, units, activation, W, b, x):
    model = build(input_dim, units, FUNCTIONS.get(activation, activation))
    check_model(model, "build_with_activation")
    model(x)  # a model without an input layer has no weights before it has seen an input
    assign_in_keras(model.trainable_weights, [W, b], "the model")
    return model(x)
