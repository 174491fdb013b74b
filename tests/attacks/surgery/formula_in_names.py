"""Brings files whose names are formulas, terminal codes and paths."""
# attacks: none
# %% surgery
for name in ("=HYPERLINK(1).ipynb", "\x1b[2Jgraded.ipynb", "..%2f..%2fx.ipynb", "-rf", "a\nb.txt"):
    (path.parent / name).write_text("{}")
