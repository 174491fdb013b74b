"""Is nested a hundred thousand deep."""
# attacks: all
# %% surgery
content = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
