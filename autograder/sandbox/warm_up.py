"""What a warm process has ready for its forks: imports, and a framework's first steps.

Each fork would do it again otherwise, for as long as a small notebook takes. No thread that is
started here is needed by anyone later: a fork has none of its parent's.
"""

import contextlib
import gc
import importlib
import random
import sys
from collections.abc import Iterator

import numpy as np

IMPORTS = {
    "numpy": (),
    "keras": ("tensorflow", "keras"),
    # A first optimizer or data loader imports what follows, which takes a second.
    "pytorch": ("torch", "torch._dynamo", "torch.optim", "torch.utils.data"),
}
ALWAYS = (
    "numpy",
    "scipy.linalg",
    "scipy.special",
    "scipy.stats",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
)


def warm_up(track: str) -> None:
    """Import what the track's notebooks import, and let its framework take its first steps."""
    with no_collection():
        for name in (*ALWAYS, *IMPORTS[track]):
            importlib.import_module(name)
    if track == "keras":
        threading = sys.modules["tensorflow"].config.threading
        threading.set_intra_op_parallelism_threads(1)
        threading.set_inter_op_parallelism_threads(1)
        _run_ops_as_they_are()
        _take_first_steps_in_keras()
    if track == "pytorch":
        sys.modules["torch"].set_num_threads(1)
        sys.modules["torch"].set_num_interop_threads(1)


@contextlib.contextmanager
def no_collection() -> Iterator[None]:
    """While much is imported, which is kept anyway, Python need not look for what isn't: that
    takes a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _run_ops_as_they_are() -> None:
    """Leave TensorFlow's eager ops unwrapped.

    It would make a graph with one op of each kind, shape and variable, optimize that, and call it:
    half of the time of a small notebook, for the same kernel and the same result. Its runtime can
    do without (that is its own default); its Python asks for it whatever it is told.
    """
    from tensorflow.python import pywrap_tfe

    pywrap_tfe.TFE_ContextOptionsSetRunEagerOpAsFunction = lambda options, enable: None


def _take_first_steps_in_keras() -> None:
    """Build two models and train one, as the notebooks do; then forget TensorFlow's context.

    What TensorFlow, Keras and Python look up once for a process is looked up then. The context has
    a pool of threads, without which a fork's first ``tf.function`` would wait for ever: each fork
    makes a context of its own.
    """
    import keras
    import tensorflow as tf
    from tensorflow.python.eager import context

    x, y = np.zeros((2, 3), np.float32), np.zeros(2, int)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, "relu")])
    model(x, training=False)
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(inputs))
    model.set_weights(model.get_weights())
    for optimizer in (keras.optimizers.SGD(0.1, momentum=0.9), keras.optimizers.Adam()):
        with tf.GradientTape() as tape:
            scores = model(x, training=True)
            loss = keras.ops.mean(keras.losses.sparse_categorical_crossentropy(y, scores))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    del model, inputs, optimizer, tape, scores, loss, gradients  # tensors of that context
    keras.backend.clear_session()
    context._reset_context()
    gc.collect()


def set_seeds(track: str, seed: int) -> None:
    """Seed the global generators, so that a notebook does the same each time."""
    random.seed(seed)
    np.random.seed(seed)
    if track == "keras":
        sys.modules["keras"].utils.set_random_seed(seed)
    if track == "pytorch":
        sys.modules["torch"].manual_seed(seed)
