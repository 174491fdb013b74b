"""Repeats the labels of its solutions on cells that come later, with other contents."""
# attacks: dense_backward
# spoils: others
# %% dense_backward
def dense_backward(dout, cache):
    return None
# %% surgery
import copy

for cell in list(notebook["cells"]):
    label = cell["metadata"].get("nbgrader", {})
    if label.get("grade"):
        again = copy.deepcopy(cell)
        again["source"] = "1000.0"
        again["id"] = cell["id"] + "-again"
        notebook["cells"].append(again)
