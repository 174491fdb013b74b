"""The boxes of the framework notebooks: a fork computes with what its parent imported."""

import json

import pytest

from autograder.sandbox import CheckCell, CodeCell, Job, Worker
from tests.needs import needs_bubblewrap
from tests.sandbox.conftest import text_of

STEP = {
    "keras": """
import keras, numpy as np, tensorflow as tf
model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4, "relu"), keras.layers.Dense(3)])
x, y = np.random.rand(8, 5), np.random.randint(0, 3, 8)
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
history = model.fit(x, y, epochs=2, verbose=0)
tensor = tf.constant([1.0, 2.0])
losses = history.history["loss"]
""",
    "pytorch": """
import torch
model = torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.ReLU(), torch.nn.Linear(4, 3))
data = torch.utils.data.TensorDataset(torch.rand(8, 5), torch.randint(0, 3, (8,)))
optimizer = torch.optim.Adam(model.parameters())
losses = []
for x, y in torch.utils.data.DataLoader(data, batch_size=4, shuffle=True):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
tensor = torch.tensor([1.0, 2.0])
""",
}
OTHERS = {"keras": ("torch", "sklearn"), "pytorch": ("tensorflow", "keras", "sklearn")}
WEIGHTS = "def weights(): return tensor, tensor, tensor, tensor\n"


@pytest.mark.parametrize("track", ["keras", "pytorch"])
def test_a_framework_computes_in_its_box(track):
    needs_bubblewrap()
    look = (
        "import importlib.util, json\n"
        f"names = {OTHERS[track]}\n"
        "print(json.dumps([losses, [name for name in names if importlib.util.find_spec(name)]]))"
    )
    cells = [CodeCell("s", STEP[track]), CodeCell("l", look)]
    with Worker(track) as worker:
        results = [worker.run(Job(track, cells)) for _ in range(2)]
    first, second = (json.loads(text_of(result, "l")) for result in results)
    losses, others = first
    assert len(losses) == 2
    assert first == second  # the same seed, the same steps
    assert others == []
    assert not results[0].stopped


# Each line needs something of TensorFlow's that a fork has to have of its own: threads for compiled
# functions and data sets, the context of eager ops, sessions.
ACROSS_TENSORFLOW = """
import keras, numpy as np, tensorflow as tf
found = {}
@tf.function
def halve(x):
    count = 0
    while tf.reduce_sum(x) > 1.0:
        x, count = x / 2, count + 1
    return count
found["compiled loop"] = int(halve(tf.fill((64, 64), 1.0)))
found["mapped"] = float(tf.reduce_sum(tf.map_fn(lambda row: row @ row, tf.ones((3, 4, 4)))))
numbers = tf.data.Dataset.range(100).map(lambda n: n * 2, num_parallel_calls=tf.data.AUTOTUNE)
batches = numbers.shuffle(10).batch(10).prefetch(tf.data.AUTOTUNE)
found["data"] = sum(int(tf.reduce_sum(batch)) for batch in batches)
found["python"] = float(tf.numpy_function(lambda x: x * 2, [tf.constant(3.0)], tf.float32))
found["decomposed"] = float(tf.reduce_sum(tf.linalg.svd(4.0 * tf.eye(50), compute_uv=False)))
found["convolved"] = float(tf.reduce_sum(tf.nn.conv2d(
    tf.ones((2, 8, 8, 3)), tf.ones((3, 3, 3, 4)), 1, "VALID")))
x = tf.Variable(tf.ones((3, 3)))
with tf.GradientTape() as outer:
    with tf.GradientTape() as inner:
        y = tf.reduce_sum(x @ x)
    gradient = tf.reduce_sum(inner.gradient(y, x), axis=0)
found["jacobian"] = float(tf.reduce_sum(outer.jacobian(gradient, x)))
found["embedded"] = keras.layers.Embedding(9, 4)(tf.range(9)).shape[1]
found["recurrent"] = keras.layers.LSTM(3)(tf.ones((2, 5, 4))).shape[1]
graph = tf.Graph()
with graph.as_default(), tf.compat.v1.Session(graph=graph) as session:
    a = tf.compat.v1.placeholder(tf.float32)
    found["session"] = float(session.run(a * 3, {a: 2.0}))
print(found)
"""


def test_a_fork_has_all_of_tensorflow():
    needs_bubblewrap()
    with Worker("keras") as worker:
        result = worker.run(Job("keras", [CodeCell("a", ACROSS_TENSORFLOW)]))
    assert not result.stopped
    assert eval(text_of(result, "a")) == {
        "compiled loop": 12,
        "mapped": 3 * 64.0,
        "data": 9900,
        "python": 6.0,
        "decomposed": 200.0,
        "convolved": 2 * 36 * 27 * 4.0,
        "jacobian": 54.0,
        "embedded": 4,
        "recurrent": 3,
        "session": 6.0,
    }


def test_a_tensor_has_no_numbers_where_arrays_are_due(worker):
    """Only a framework's own notebooks take its tensors; this is what an impostor looks like."""
    code = "class Tensor:\n    __module__ = 'torch'\n    def detach(self): return self\n"
    code += "    def cpu(self): return self\n    def numpy(self): return [1.0]\n"
    code += "tensor = Tensor()\n" + WEIGHTS
    check = CheckCell("c", "", "hidden-layers/numpy/xor_network", ("weights",), [{}])
    result = worker.run(Job("numpy", [CodeCell("h", code), check]))
    values = result.outcomes["c"].observations[0].outputs.values()
    assert [value.array for value in values] == [None] * 4


def test_frameworks_are_told_to_use_one_thread(worker):
    code = "import os\nprint(os.environ['OMP_NUM_THREADS'], os.environ['TF_NUM_INTRAOP_THREADS'])"
    assert text_of(worker.run(Job("numpy", [CodeCell("a", code)])), "a") == "1 1\n"
