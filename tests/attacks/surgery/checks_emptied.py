"""Empties every test cell and adds code that displays a mark."""
# attacks: all
# %% surgery
for cell in notebook["cells"]:
    label = cell["metadata"].get("nbgrader", {})
    if label.get("grade") and cell["cell_type"] == "code":
        cell["source"] = "1000.0"
    elif label.get("solution") and cell["cell_type"] == "code":
        cell["source"] = "pass"
