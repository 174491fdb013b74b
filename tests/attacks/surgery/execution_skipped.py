"""Tags every cell with tags that make other tools skip it or forgive its errors."""
# attacks: dense_backward
# %% dense_backward
raise RuntimeError
# %% surgery
for cell in notebook["cells"]:
    cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "remove-cell"]
    cell["metadata"]["execution"] = {"allow_errors": True, "timeout": 0}
