"""Code that is nested so deeply that whoever reads it gives up."""
# attacks: none
# %% surgery
deep = ["lambda:" * 2800 + "1", "-" * 19_000 + "1", "(" * 190 + "1" + ")" * 190, "a" + "()" * 9000]
for number, source in enumerate(deep):
    cell = {"cell_type": "code", "id": f"deep-{number}", "metadata": {}, "source": source}
    notebook["cells"].insert(1, cell | {"outputs": [], "execution_count": None})
