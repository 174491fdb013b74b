"""Brings modules that would be imported instead of the real ones."""
# attacks: dense_backward
# %% dense_backward
def dense_backward(dout, cache):
    return None
# %% surgery
for name in ("numpy", "autograder", "sitecustomize", "usercustomize", "IPython", "json"):
    (path.parent / f"{name}.py").write_text(
        "def check(*args): print('passed')\ndef __getattr__(name): return check\n"
    )
(path.parent / "ipython_config.py").write_text("c.InteractiveShell.logstart = True")
