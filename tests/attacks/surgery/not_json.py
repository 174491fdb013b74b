"""Isn't JSON at all."""
# attacks: all
# %% surgery
content = b"{'cells': [" + b"\xff" * 1000
